import type { ListSource } from '../contract/site.ts';
import type { CompiledList } from './compiled.ts';
import { listText } from './list-text.ts';
import { checkFetched, readList } from './reading.ts';

/** An object as it was fetched. */
export interface Fetched {
  readonly bytes: Uint8Array;
  /** What its store calls this version. */
  readonly version?: string;
  /** When it was written, milliseconds since the epoch. */
  readonly changed?: number;
}

/** Fetches what a source names, unless it is still the version that is known. */
export type Fetch = (source: ListSource, known: string | undefined) => Promise<Fetched | 'unchanged'>;

/** A list of which the last good version, if any, still holds. */
export interface NotRefreshed {
  readonly name: string;
  readonly why: string;
  /** When the version that holds was written; absent where there is none: then nobody stands on the list. */
  readonly asOf: number | undefined;
}

/** What a refresh came to. */
export interface Refreshed {
  /** The lists as they are now, in the order of their sources. */
  readonly lists: readonly CompiledList[];
  /** Whether any of them is another than before. */
  readonly changed: boolean;
  readonly failures: readonly NotRefreshed[];
}

/** Fetches lists anew. One that cannot be fetched or used keeps its last good version, and the others are none the worse. */
export async function refreshLists(sources: readonly ListSource[], known: readonly CompiledList[], fetch: Fetch): Promise<Refreshed> {
  const lists: CompiledList[] = [];
  const failures: NotRefreshed[] = [];
  // One after the other: while it is read, a list takes many times its size.
  for (const source of sources) {
    const before = known.find(({ name, kind }) => name === source.name && kind === source.kind);
    try {
      const fetched = await fetch(source, before?.version);
      if (fetched !== 'unchanged') lists.push(compiled(source, fetched));
      else if (before !== undefined) lists.push(before);
    } catch (error) {
      if (before !== undefined) lists.push(before);
      failures.push({
        name: source.name,
        why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        asOf: before?.asOf,
      });
    }
  }
  const changed = lists.length !== known.length || lists.some((list, index) => list !== known[index]);
  return { lists, changed, failures };
}

function compiled({ name, kind }: ListSource, { bytes, version, changed }: Fetched): CompiledList {
  const content = readList(kind, listText(bytes));
  checkFetched(content);
  return {
    name,
    kind,
    ...(changed === undefined ? {} : { asOf: changed }),
    ...(version === undefined ? {} : { version }),
    ranges: content.ranges,
    systems: content.systems,
  };
}
