import type { Registered } from '../../shared/detect/finding.ts';
import { audit, type Detection, seenSet } from '../../shared/detect/kit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { at } from '../../shared/model/json.ts';

/**
 * Detections on everything, each of which rests on one thing that requests of a routine may differ in, and is silent
 * about nearly all of them: a line put aside for the wrong reason is missed by one of them.
 */

const declared = { severity: 'low', confidence: 'low', attack: ['T1078.004'], rows: [], next: 'Look.' } as const;
const everything = { verbs: ['*'], resources: ['*'] };

function curious(id: string, judge: (event: AuditEvent) => boolean): Detection {
  return audit.detection({
    ...declared,
    id: `curious-about-${id}`,
    title: id,
    reads: everything,
    judge: (event) => (judge(event) ? { entity: event.actor, summary: `${event.verb} ${event.target.resource}` } : undefined),
  });
}

/** The same in whether an event is read at all; two of them ask, and what one was answered the other is told. */
function picky(id: string, reads: (event: AuditEvent) => boolean): readonly Detection[] {
  const known = new WeakMap<AuditEvent, boolean>();
  const when = (event: AuditEvent): boolean => {
    const answer = known.get(event) ?? reads(event);
    known.set(event, answer);
    return answer;
  };
  return ['one', 'another'].map((which) =>
    audit.detection({
      ...declared,
      id: `picky-about-${id}-${which}`,
      title: id,
      reads: everything,
      when,
      judge: (event) => ({ entity: event.actor, summary: `${event.verb} ${event.target.resource}` }),
    }),
  );
}

/** Whether a text is one of few, by its letters alone. */
function isRare(text: string): boolean {
  let sum = 7;
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) % 1_009;
  return sum % 43 === 0;
}

const verbs = seenSet<AuditEvent>({ id: 'curious-verbs', key: () => [], member: ({ verb }) => verb, days: 30, warmUpDays: 0 });
const groups = seenSet<AuditEvent>({ id: 'curious-groups', key: () => [], member: ({ target }) => target.group, days: 30, warmUpDays: 0 });

/** Judges by what somebody else may teach at any time. */
const byAnothersDeeds = audit.detection({
  ...declared,
  id: 'curious-about-others',
  title: 'others',
  reads: everything,
  memory: { verbs },
  judge: (event, { verbs: known }) =>
    event.verb === 'get' && known.has('deletecollection') ? { entity: event.actor, summary: 'after a deletion' } : undefined,
});

/** Judges by how much is known. */
const byAnothersCount = audit.detection({
  ...declared,
  id: 'curious-about-count',
  title: 'count',
  reads: everything,
  memory: { groups },
  judge: (event, { groups: known }) =>
    event.verb === 'watch' && known.size > 6 ? { entity: event.actor, summary: 'after much' } : undefined,
});

/** Counts what nobody else looks at. */
const counting = audit.threshold({
  ...declared,
  id: 'curious-about-number',
  title: 'number',
  reads: { verbs: ['list'], resources: ['*'] },
  when: ({ allowed }) => allowed,
  count: { by: ({ actor }) => [actor.principal], minutes: 10 },
  limit: { ceiling: 4 },
  judge: (event, { count }) => ({ entity: event.actor, summary: String(count) }),
});

const traits: readonly (readonly [id: string, has: (event: AuditEvent) => boolean])[] = [
  ['name', ({ verb, target }) => verb === 'get' && isRare(target.name)],
  ['namespace', ({ verb, target }) => verb === 'get' && target.namespace === 'kube-system'],
  ['code', ({ code }) => code === 201],
  ['time', (event) => event.verb === 'update' && event.time % 60_000 < 3_000],
  ['uri', (event) => event.verb === 'watch' && event.uri.includes('fieldSelector')],
  ['dry-run', ({ dryRun }) => dryRun],
  ['annotation', (event) => event.verb === 'get' && isRare(event.annotation('authorization.k8s.io/reason'))],
  ['no-annotation', (event) => event.annotation('pod-security.kubernetes.io/audit-violations') !== ''],
  ['mention', (event) => event.verb === 'patch' && event.mayMention('Succeeded')],
  ['body', (event) => event.verb === 'update' && isRare(String(at(event.request, 'metadata', 'resourceVersion')))],
  ['outcome', ({ outcome }) => outcome === 'forbidden'],
  ['message', ({ message }) => message !== ''],
  ['late', (event) => event.verb === 'create' && event.late],
];

/** One catalogue for each, as what one looks at hides what another fails to. */
export const curiousCatalogues: ReadonlyMap<string, readonly Registered<Detection>[]> = new Map(
  [
    ...[...traits.map((trait) => curious(...trait)), byAnothersDeeds, byAnothersCount, counting].map((detection) => [detection]),
    ...traits.map((trait) => picky(...trait)),
  ].map((detections) => [detections[0]?.id ?? '', detections.map((detection) => ({ strategy: 'curious', detection }))]),
);
