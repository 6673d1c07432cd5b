import { JsonValueSplitter } from './json-values.ts';
import { LineSplitter } from './lines.ts';

/** One piece of a file: a line, or a JSON value that may span lines. */
export interface Element {
  readonly text: string;
  /** Number of the line, or of the value, counted from 1. */
  readonly position: number;
  /** Larger than any log record: only its head was kept. */
  readonly tooLong: boolean;
}

/** Cuts a stream of bytes into elements, whatever the chunks are: linear time, and never more than one element held. */
export interface Splitter {
  push(chunk: Uint8Array): Element[];
  /** What is left when the bytes end. */
  end(): Element[];
}

/** How the elements of a file are told apart. */
export type Layout = 'lines' | 'values';

/** CloudWatch Logs takes events up to 1 MiB (source: CloudWatch Logs quotas); an export adds a timestamp and a name. */
export const longestElement = 1_048_576 + 16_384;

/** A splitter for a layout. `limit` is in bytes. */
export function splitterFor(layout: Layout, limit = longestElement): Splitter {
  return layout === 'lines' ? new LineSplitter(limit) : new JsonValueSplitter(limit);
}
