import type { Merge } from '../../shared/state/store.ts';

/** The sets of an item in an order of their own, as far as anything rests on them: of the days of a memory only the first is asked for. */
export function meaningOf({ key, sets }: Pick<Merge, 'key' | 'sets'>): readonly (readonly [set: string, members: readonly string[]])[] {
  return Object.entries(sets)
    .map(([name, members]) => {
      const sorted = [...members].sort();
      return [name, key.startsWith('seen:') && name === 'd' ? sorted.slice(0, 1) : sorted] as const;
    })
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
