import type { Registered } from '../../../shared/detect/finding.ts';
import { api, audit, type Detection, seenSet, sequence } from '../../../shared/detect/kit.ts';
import type { ApiEvent } from '../../../shared/model/api.ts';
import type { AuditEvent } from '../../../shared/model/audit.ts';
import { hour } from '../../../shared/model/time.ts';
import { lawCatalogue, noveltyDays, warmUpDays } from '../../laws/catalogue.ts';

/** The detections of the laws, and those that only a whole deployment shows: AWS API calls, settled novelty, sequences. */

const declared = { confidence: 'medium', attack: ['T1078.004'], rows: [], next: 'Look.' } as const;
const days = { days: noveltyDays, warmUpDays };

/** Novelty of an AWS API call, whose findings withhold their lesson and may join by themselves. */
const callNovelty = api.detection({
  ...declared,
  id: 'call-novelty',
  title: 'new network',
  severity: 'medium',
  reads: ['sts:AssumeRole'],
  memory: {
    networks: seenSet<ApiEvent>({
      id: 'grave-calls',
      key: (event) => [event.actor.id],
      member: (event) => event.origin.network,
      ...days,
    }),
  },
  judge: (event, { networks: known }) =>
    known.learning || known.has(event.origin.network)
      ? undefined
      : { entity: event.actor, summary: `new ${event.origin.network}`, baseline: { new: event.origin.network } },
});

/** Novelty that is looked up once a day. */
const settledNovelty = audit.detection({
  ...declared,
  id: 'settled-novelty',
  title: 'new network',
  severity: 'high',
  reads: { verbs: ['get'], resources: ['services'] },
  memory: {
    networks: seenSet<AuditEvent>({
      id: 'grave-services',
      key: (event) => [event.actor.id],
      member: (event) => event.origin.network,
      ...days,
    }),
  },
  novelty: (event) => `${event.actor.id} ${event.origin.network}`,
  judge: (event, { networks: known }) =>
    known.learning || known.has(event.origin.network) ? undefined : { entity: event.actor, summary: `new ${event.origin.network}` },
});

/** Told by itself, whatever is remembered. */
const shell = audit.detection({
  ...declared,
  id: 'shell',
  title: 'shell in a pod',
  severity: 'high',
  reads: { verbs: ['create'], resources: ['pods/exec'] },
  judge: (event) => ({ entity: event.actor, summary: 'a shell' }),
});

/** Steps whose findings are certain, on the identity. */
const changedThenShell = sequence({
  ...declared,
  id: 'changed-then-shell',
  title: 'change, then shell',
  severity: 'critical',
  steps: [['changed'], ['shell']],
  within: 6 * hour,
  summary: 'A change and a shell',
});

/** An audit event and a flow meet on the pod, whose address the entity graph knows. */
const shellThenVolume = sequence({
  ...declared,
  id: 'shell-then-volume',
  title: 'shell, then volume',
  severity: 'critical',
  steps: [['shell'], ['volume']],
  within: 6 * hour,
  summary: 'A shell and a volume',
});

/** A step that is a novelty. */
const newThenShell = sequence({
  ...declared,
  id: 'new-then-shell',
  title: 'new network, then shell',
  severity: 'critical',
  steps: [['grave-novelty', 'settled-novelty'], ['shell']],
  within: 24 * hour,
  summary: 'A new network and a shell',
});

const own = [callNovelty, settledNovelty, shell, changedThenShell, shellThenVolume, newThenShell];

/** Every shape of detection. */
export const catalogue: readonly Registered<Detection>[] = [
  ...lawCatalogue,
  ...own.map((detection) => ({ strategy: 'faults', detection })),
];

/** The detections of novelty, by the kind of happening that they judge. */
export const novelties = {
  secrets: { detection: 'mild-novelty', withholds: false },
  configmaps: { detection: 'grave-novelty', withholds: true },
  services: { detection: 'settled-novelty', withholds: true },
  call: { detection: 'call-novelty', withholds: true },
} as const;
