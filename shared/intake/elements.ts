import type { Splitter } from './gathering.ts';
import { JsonValueSplitter } from './json-values.ts';
import { LineSplitter } from './lines.ts';

/** How the elements of a file are told apart. */
export type Layout = 'lines' | 'values';

/** CloudWatch Logs takes events up to 1 MiB (source: CloudWatch Logs quotas); an export adds a timestamp and a name. */
export const longestElement = 1_048_576 + 16_384;

/** A splitter for a layout. `limit` is in bytes. */
export function splitterFor(layout: Layout, limit = longestElement): Splitter {
  return layout === 'lines' ? new LineSplitter(limit) : new JsonValueSplitter(limit);
}
