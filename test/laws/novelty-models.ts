import { dayOf, weekOf } from '../../shared/model/time.ts';
import { noveltyDays, warmUpDays } from './catalogue.ts';
import { bound } from './histories.ts';

/** Models of a novelty of the law catalogue: how much of what it finds the order of delivery may change. */

/** Somebody came from a network. */
export interface Visit {
  readonly at: number;
  readonly who: string;
  readonly net: number;
}

/**
 * The least that can be found: observations are visible L early, warm-up ends L late. What is found even so is found
 * always, and so, where findings withhold their lesson, teaches never: the model is repeated without those lessons until
 * nothing more is certain.
 */
export function eager(visits: readonly Visit[], withholds = true): ReadonlySet<number> {
  let certain: ReadonlySet<number> = new Set();
  for (;;) {
    const taught = visits.filter((_, position) => !withholds || !certain.has(position));
    const next = novel(visits, (visit) => {
      const own = taught.filter((other) => other !== visit && other.who === visit.who && other.at <= visit.at + bound);
      const born = Math.min(...own.filter((other) => other.at <= visit.at - bound).map(({ at }) => dayOf(at)));
      const learning = !(dayOf(visit.at) - born >= warmUpDays);
      return !learning && !own.some((other) => other.net === visit.net && alive(other, visit));
    });
    if (next.size === certain.size) return certain;
    certain = next;
  }
}

/** The most that can be found: observations become visible L late, warm-up ends L early, a finding withholds its lesson. */
export function lazy(visits: readonly Visit[], withholds = true): ReadonlySet<number> {
  const withheld = new Set<Visit>();
  return novel(visits, (visit) => {
    const own = visits.filter((other) => other !== visit && other.who === visit.who);
    const born = Math.min(...own.filter((other) => other.at <= visit.at + bound).map(({ at }) => dayOf(at)));
    const learning = !(dayOf(visit.at) - born >= warmUpDays);
    const known = own.some(
      (other) => other.at <= visit.at - bound && !withheld.has(other) && other.net === visit.net && alive(other, visit),
    );
    if (!learning && !known && withholds) withheld.add(visit);
    return !learning && !known;
  });
}

function alive(seen: Visit, visit: Visit): boolean {
  return weekOf(dayOf(seen.at)) >= weekOf(dayOf(visit.at) - noveltyDays);
}

function novel<V extends Visit>(visits: readonly V[], isNew: (visit: V) => boolean): ReadonlySet<number> {
  return new Set(visits.flatMap((visit, position) => (isNew(visit) ? [position] : [])));
}
