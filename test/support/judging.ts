import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import { audit, type Detection, flow } from '../../shared/detect/kit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';

const words = { severity: 'low', confidence: 'low', attack: ['T1610'], rows: [], next: 'Nothing: this is a test.' } as const;

/** Says yes to every Kubernetes request: what reached a judge shows as a finding. */
const everyRequest = audit.detection({
  ...words,
  id: 'every-request',
  title: 'A request',
  reads: { verbs: ['*'], resources: ['*'] },
  judge: (event) => ({ entity: event.actor, summary: event.name }),
});

/** Says yes to every conversation, if the flow log has TCP flags. */
const everyConversation = flow.detection({
  ...words,
  id: 'every-conversation',
  title: 'A conversation',
  reads: 'all',
  needs: ['flow:tcp-flags'],
  judge: (event) => ({ entity: event.from.entity, summary: event.responder.address }),
});

/** A catalogue that says yes to everything. */
export const credulous: readonly Registered<Detection>[] = [
  { strategy: 'test', detection: everyRequest },
  { strategy: 'test', detection: everyConversation },
];

/** A pipeline on memory that says yes to everything. */
export function credulousPipeline(): Pipeline {
  return new Pipeline(credulous, {
    state: new MemoryState(),
    findings: new MemoryFindings(),
    site: siteOf(),
  });
}
