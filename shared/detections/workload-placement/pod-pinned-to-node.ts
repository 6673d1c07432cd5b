import { audit } from '../../detect/kit.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A pod is declared for one certain node, past the scheduler or past every taint. Strategy: ./ADS.md */
export const podPinnedToNode = audit.detection({
  id: 'pod-pinned-to-node',
  title: 'Pod aimed at one certain node',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1611'],
  rows: ['D066'],
  next: 'Ask the caller why that node; look at what else runs there and at what the pod may touch on it.',
  reads: podWrites,
  memory: { template: templates },
  when: declaresContainers,
  judge: (event, { template }) => traitVerdict(event, 'pinned', template.previous, 'administrator'),
});
