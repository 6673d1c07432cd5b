import type { Registered } from '../shared/detect/finding.ts';
import type { Detection } from '../shared/detect/kit.ts';
import type { Tick } from '../shared/model/event.ts';
import { day, hour, minute } from '../shared/model/time.ts';
import { recompute } from '../shared/state/recompute.ts';
import type { Alert } from '../shared/triage/alert.ts';
import { joinUsual, type Released } from '../shared/triage/release.ts';
import { remind } from '../shared/triage/reminder.ts';
import type { Memory } from './state-file.ts';

/** When the scheduler has baselines recomputed, UTC, where nobody chose another time. */
const nightlyAt = 2 * hour + 30 * minute;

/** A part of the memory is sorted at a time, so that the order of all its keys is never held. */
const shards = 8;

/** Ticks further apart than this come after a gap, or of a wrong clock; the next night makes up for it. */
const longestLeap = 2 * day;

const nightOf = (time: number): number => Math.floor((time - nightlyAt) / day);

/** What came of a night. */
export interface Night extends Released {
  /** Alerts about decisions that end, or silence nothing. */
  readonly reminders: readonly Alert[];
}

/** What the scheduler has done every night, on the first tick after its hour: the memory's clock tells which night was the last. */
export async function nightly(catalogue: readonly Registered<Detection>[], { time }: Tick, memory: Memory): Promise<Night | undefined> {
  const known = memory.clock;
  memory.clock = Math.max(known, time);
  // What has just begun has no night behind it: the first minutes of a log would be all that is usual.
  if (known === 0 || nightOf(time) <= nightOf(known)) return undefined;
  // One line from the far future must not make everything old.
  const leaps = time - known > longestLeap;
  if (!leaps) await recompute(catalogue, time, memory.state, shards);
  const released = await joinUsual(catalogue, time, memory);
  const reminders = await remind(time, memory);
  if (!leaps) memory.state.collect(time);
  return { ...released, reminders };
}
