import { catalogue } from '../../shared/detect/registry.ts';
import { mostRemembered } from '../../shared/state/counts/count-logs.ts';
import { mostTallied } from '../../shared/state/counts/tallies.ts';
import type { Flood } from './floods.ts';

/*
 * What a flood can make of us at most, from constants of the product. Their sources stand beside them; a change there
 * that breaks a bound fails the test.
 */

/** An item of DynamoDB holds no more; what does not fit is counted as lost and told. Source: shared/adapters/dynamodb-union.ts. */
const largestItem = 400 * 1_024;
/** Callers in the hour: who floods, and who attacks. */
const callers = 2;
/** Days on which the flood's author was seen before, and that of the flood. */
const days = 6;
/** Entries of the memories of a process: items (shared/state/memory-reader.ts); names of keys, words and counters, profiles, settled novelties (`Recent` holds up to twice its size). */
const entries = 20_000 + 2 * (4 * 20_000 + 50_000);
/** An entry with its key, on average. */
const bytesOfEntry = 1_024;

const memories = new Set(
  catalogue.flatMap(({ detection }) =>
    detection.shape === 'detection' ? Object.values(detection.memory).map(({ kind, id }) => `${kind} ${id}`) : [],
  ),
).size;
const thresholds = catalogue.filter(({ detection }) => detection.shape === 'threshold').length;

/** Items that the table has at most: of every caller each memory once and each counter once a day, and what names add: tallies, of which a day has only so many. */
export function mostItems({ itemsPerName }: Flood, names: number): number {
  const perName = Object.values(itemsPerName).reduce((sum, each) => sum + each, 0);
  return callers * (memories + thresholds * days) + perName * Math.min(names + 1, mostTallied);
}

/** Bytes that an item has at most. */
export const mostBytes = largestItem;

/** Bytes of heap that a process holds at most: logs of counts besides, about two for each character. */
export const mostHeap = entries * bytesOfEntry + 2 * mostRemembered;

/** Write units a minute at most: every payload writes every item of a caller once, and the night what its names add. */
export function mostWriteUnits(flood: Flood, names: number, largest: number): number {
  const payloads = names / 500 / 60;
  const perName = Object.values(flood.itemsPerName).reduce((sum, each) => sum + each, 0);
  // An item is written twice where a set in it is full or it lives longer already.
  return 2 * (payloads * callers * (memories + thresholds) * Math.ceil(largest / 1_024) + (perName * Math.min(names, mostTallied)) / 60);
}
