import type { AuditEvent } from '../model/audit.ts';
import { atLeast } from '../model/finding.ts';
import { type SeenSet, type SeenView, seenSet } from '../state/seen-set.ts';
import { type Hand, namespacePublishers, newPublishers } from './deploying.ts';
import { deployerOf, mentionsImage, traitsOf } from './pod-changes.ts';
import { some } from './shorten.ts';

const custom = (name: string, member: (event: AuditEvent) => string): SeenSet<AuditEvent> =>
  seenSet({
    id: `namespace-${name}`,
    key: (event) => (mentionsImage(event.request) ? [event.target.namespace] : undefined),
    member,
    days: 60,
    warmUpDays: 3,
  });

/** What pods of an event may do that most may not, by kind. */
function powersOf(event: AuditEvent): readonly string[] {
  return [...new Set(traitsOf(event).flatMap(({ kind, severity }) => (atLeast(severity, 'medium') ? [kind] : [])))].sort();
}

/** What is usual among the workloads of a namespace. */
export const namespaceCustoms = {
  who: custom('deployers', ({ actor }) => deployerOf(actor)),
  kinds: custom('kinds', ({ target }) => target.resource),
  powers: custom('powers', (event) => powersOf(event).join(' ')),
  registries: namespacePublishers,
};

/**
 * In what a workload departs from its namespace, in words. A namespace too young for customs is measured by what is usual
 * in the cluster, as far as anything is.
 */
export function departures(
  event: AuditEvent,
  customs: { readonly [K in keyof typeof namespaceCustoms]: SeenView },
  cluster: { readonly hand: Hand; readonly publishers: SeenView },
): readonly string[] {
  const { who, kinds, powers, registries } = customs;
  const newHere = who.learning ? cluster.hand === 'stranger' : !who.has(deployerOf(event.actor));
  const newKind = !kinds.learning && !kinds.has(event.target.resource);
  const fresh = newPublishers(event, registries.learning ? cluster.publishers : registries);
  const known = new Set(powers.some(200).flatMap((member) => member.split(' ')));
  const gained = powers.learning ? [] : powersOf(event).filter((kind) => !known.has(kind));
  return [
    ...(newHere ? ['by somebody who never deployed there'] : []),
    ...(newKind ? [`the first of ${event.target.resource} there`] : []),
    ...(fresh.length > 0 ? [`with images of ${some(fresh)}, of whom none ran there`] : []),
    ...(gained.length > 0 ? [`with powers that none there has (${some(gained)})`] : []),
  ];
}
