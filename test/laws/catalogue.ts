import { audit, flow, seenSet, snapshot } from '../../shared/detect/kit.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { at, object, text } from '../../shared/model/json.ts';
import { minute } from '../../shared/model/time.ts';

/** One detection of each kind of memory, small enough for a model to predict. */

export const noveltyDays = 3;
export const warmUpDays = 1;

const declared = { confidence: 'medium', attack: ['T1078.004'], rows: [], next: 'Look.' } as const;

const networks = (id: string) =>
  seenSet<AuditEvent>({ id, key: (event) => [event.actor.id], member: (event) => event.origin.network, days: noveltyDays, warmUpDays });

/** Novelty that teaches whatever it finds, because it is low. */
const mildNovelty = audit.detection({
  ...declared,
  id: 'mild-novelty',
  title: 'new network',
  severity: 'low',
  reads: { verbs: ['get'], resources: ['secrets'] },
  memory: { networks: networks('mild-networks') },
  judge: (event, { networks: known }) =>
    known.learning || known.has(event.origin.network) ? undefined : { entity: event.actor, summary: `new ${event.origin.network}` },
});

/** Novelty whose findings withhold their lesson. */
export const graveNovelty = audit.detection({
  ...declared,
  id: 'grave-novelty',
  title: 'new network',
  severity: 'medium',
  reads: { verbs: ['get'], resources: ['configmaps'] },
  memory: { networks: networks('grave-networks') },
  judge: (event, { networks: known }) =>
    known.learning || known.has(event.origin.network) ? undefined : { entity: event.actor, summary: `new ${event.origin.network}` },
});

/** A count against a ceiling. */
const burst = audit.threshold({
  ...declared,
  id: 'burst',
  title: 'burst',
  severity: 'low',
  reads: { verbs: ['create'], resources: ['pods'] },
  count: { by: (event: AuditEvent) => [event.actor.id], minutes: 5 },
  limit: { ceiling: 12 },
  judge: (event: AuditEvent, { count }) => ({ entity: event.actor, summary: `${String(count)} pods` }),
});

/** A count over a window that spans several items of the table. */
const slowBurst = audit.threshold({
  ...declared,
  id: 'slow-burst',
  title: 'slow burst',
  severity: 'low',
  reads: { verbs: ['delete'], resources: ['pods'] },
  count: { by: (event: AuditEvent) => [event.actor.id], minutes: 50 },
  limit: { ceiling: 6 },
  judge: (event: AuditEvent, { count }) => ({ entity: event.actor, summary: `${String(count)} pods` }),
});

/** Distinct members over a long window, most of which come again. */
const lasting = audit.threshold({
  ...declared,
  id: 'lasting',
  title: 'deletions that last',
  severity: 'low',
  reads: { verbs: ['delete'], resources: ['pods'] },
  count: { by: (event: AuditEvent) => [event.actor.id], member: ({ time }) => String(Math.floor(time / (7 * minute))), minutes: 30 },
  limit: { ceiling: 3 },
  judge: (event: AuditEvent, { count }) => ({ entity: event.actor, summary: `${String(count)} times` }),
});

/** A change against the version before. */
export const changed = audit.detection({
  ...declared,
  id: 'changed',
  title: 'changed',
  severity: 'low',
  reads: { verbs: ['update'], resources: ['deployments'] },
  memory: {
    past: snapshot<AuditEvent>({
      id: 'images',
      key: (event) => [event.target.namespace, event.name],
      value: (event) => object(at(event.result, 'spec')),
    }),
  },
  judge: (event, { past }) => {
    const before = text(past.previous?.['image']);
    const now = text(at(event.result, 'spec', 'image'));
    return before === undefined || before === now ? undefined : { entity: event.actor, summary: `${before} became ${now ?? 'nothing'}` };
  },
});

/** Hourly bytes on ticks. */
const volume = flow.rollup({
  ...declared,
  id: 'volume',
  title: 'volume',
  severity: 'low',
  judge: (pair) => (pair.bytes < 1_000 ? undefined : { entity: pair.from, about: pair.to, summary: `${String(pair.bytes)} bytes` }),
});

export const lawCatalogue: readonly Registered<Detection>[] = [mildNovelty, graveNovelty, burst, slowBurst, lasting, changed, volume].map(
  (detection) => ({
    strategy: 'laws',
    detection,
  }),
);
