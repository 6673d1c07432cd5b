import { Recent } from '../model/recent.ts';
import { hour } from '../model/time.ts';
import type { StateItem } from './store.ts';

/** Profiles of this many counters are remembered. */
const mostProfiles = 20_000;
/** Profiles change once a night: what was read is good for so long, in event time. */
const goodFor = 4 * hour;

/** Profiles that were read, and those that were looked for and are not there: most counters have none. */
export class ProfileMemory {
  private readonly known = new Recent<{ readonly moment: number; readonly item: StateItem | undefined }>(mostProfiles);

  /** The keys that must be read at a moment. */
  unknownOf(keys: Iterable<string>, moment: number): readonly string[] {
    return [...keys].filter((key) => !(Math.abs((this.known.get(key)?.moment ?? Infinity) - moment) < goodFor));
  }

  /** Remembers what a read of these keys returned. */
  note(keys: readonly string[], items: ReadonlyMap<string, StateItem>, moment: number): void {
    for (const key of keys) this.known.set(key, { moment, item: items.get(key) });
  }

  /** A profile as it was read; absent where there is none. */
  of(key: string): StateItem | undefined {
    return this.known.get(key)?.item;
  }
}
