import type { EnrolmentSettings } from '../contract/enrolment.ts';
import { filterNames } from '../contract/logs.ts';
import type { FoundFilter, FoundGroup } from './found.ts';

/**
 * Filters that CloudWatch Logs is sure to take on a log group: its API reference says two, its table of quotas five.
 * Sources: CloudWatch Logs API reference, `PutSubscriptionFilter`; CloudWatch Logs quotas.
 */
export const surelyAllowed = 2;

/** A filter to be put. */
export interface WantedFilter {
  readonly name: string;
  readonly pattern: string;
  readonly destination: string;
  readonly role?: string;
  readonly distribution?: 'Random';
}

/** One change of one log group. */
export type Step =
  | { readonly do: 'put'; readonly group: string; readonly filter: WantedFilter }
  | { readonly do: 'remove'; readonly group: string; readonly filter: string };

/** Why a log group has not all our filters. */
export interface Hindrance {
  readonly kind: 'conflict' | 'full';
  readonly filter: string;
  /** For a conflict, where the filter of our name delivers; else the filters that take the room. */
  readonly others: readonly string[];
}

/** What is to be done to one log group, and what hinders it. */
export interface GroupPlan {
  readonly steps: readonly Step[];
  readonly hindrances: readonly Hindrance[];
}

/** Where lines go, and went before the stack was changed: a filter that delivers elsewhere is a stranger's, whatever its name. */
export interface Aim {
  readonly settings: EnrolmentSettings;
  readonly former: readonly string[];
}

/** The filters that an enrolled log group is to have. */
export function wantedFilters({ destination, role, filters }: EnrolmentSettings): readonly WantedFilter[] {
  // One log stream would go to one shard; what is judged may come in any order.
  return filters.map(({ name, pattern }) => ({
    name,
    pattern,
    destination,
    ...(role === undefined ? {} : { role, distribution: 'Random' as const }),
  }));
}

/** Whether a filter is this product's: by its name and by where it delivers, as anybody can give a filter our name. */
export function isOurs({ name, destination }: FoundFilter, { settings, former }: Aim): boolean {
  return Object.values(filterNames).some((own) => own === name) && [settings.destination, ...former].includes(destination);
}

/**
 * Gives a log group our filters as far as there is room. A filter of ours is overwritten in place, which needs none; the main
 * one comes before the others. Strangers' filters stay as they are, also those that bear our names.
 */
export function planToEnrol({ name: group, filters }: FoundGroup, aim: Aim): GroupPlan {
  const wanted = wantedFilters(aim.settings);
  const names = new Set(wanted.map(({ name }) => name));
  const ours = new Map(filters.filter((filter) => isOurs(filter, aim)).map((filter) => [filter.name, filter]));
  const strangers = filters.filter((filter) => !isOurs(filter, aim));
  const needless = [...ours.keys()].filter((name) => !names.has(name));
  const removed = new Set(needless);
  const put: WantedFilter[] = [];
  const hindrances: Hindrance[] = [];
  let room = surelyAllowed - filters.length + needless.length;
  for (const [rank, filter] of wanted.entries()) {
    const there = ours.get(filter.name);
    const namesake = strangers.find(({ name }) => name === filter.name);
    if (namesake !== undefined) hindrances.push({ kind: 'conflict', filter: filter.name, others: [namesake.destination] });
    else if (there !== undefined && !removed.has(filter.name)) {
      if (!isAs(there, filter)) put.push(filter);
    } else {
      const lesser = wanted.slice(rank + 1).findLast(({ name }) => ours.has(name) && !removed.has(name));
      if (room === 0 && lesser !== undefined) {
        removed.add(lesser.name);
        room += 1;
      }
      if (room > 0) {
        put.push(filter);
        room -= 1;
      } else hindrances.push({ kind: 'full', filter: filter.name, others: strangers.map(({ name }) => name) });
    }
  }
  return { steps: [...removing(group, removed), ...put.map((filter) => ({ do: 'put', group, filter }) as const)], hindrances };
}

/** Takes our filters off a log group, and no others. */
export function planToLeave({ name: group, filters }: FoundGroup, aim: Aim): readonly Step[] {
  return removing(
    group,
    filters.filter((filter) => isOurs(filter, aim)).map(({ name }) => name),
  );
}

function removing(group: string, names: Iterable<string>): readonly Step[] {
  return Array.from(names, (filter) => ({ do: 'remove', group, filter }) as const);
}

function isAs(found: FoundFilter, wanted: WantedFilter): boolean {
  return (
    found.pattern === wanted.pattern &&
    found.destination === wanted.destination &&
    found.role === wanted.role &&
    (wanted.distribution === undefined || found.distribution === wanted.distribution) &&
    found.altered !== true
  );
}
