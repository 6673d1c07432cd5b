import type { ListKind } from '../contract/site.ts';
import { wordsOf } from './address-number.ts';
import type { RangeMap } from './range-map.ts';

/** A network of the internet under one administration, as routing knows it. */
export interface AutonomousSystem {
  readonly number: number;
  /** As the list has it; may be empty. */
  readonly name: string;
}

/** A list that an address stands on. */
export interface Listing {
  /** What the operator calls it. */
  readonly name: string;
  readonly kind: ListKind;
  /** When its content was last changed, milliseconds since the epoch; absent where that is not known. */
  readonly asOf?: number;
}

/** A list of addresses in memory. */
export interface AddressList extends Listing {
  readonly ranges: RangeMap;
  /** What the ranges' values are, of a list of autonomous systems. */
  readonly systems: readonly AutonomousSystem[];
}

/** What the lists know of one address. */
export interface Known {
  readonly listings: readonly Listing[];
  readonly system: AutonomousSystem | undefined;
}

const unknown: Known = { listings: [], system: undefined };

/** The lists there are. They may be replaced while events are judged: whoever remembers an answer looks at the edition. */
export class ListShelf {
  private lists: readonly (AddressList & { readonly listing: Listing })[] = [];
  private readonly awaited: readonly ListKind[];
  /** How often the lists were replaced. */
  edition = 0;

  constructor(lists: readonly AddressList[] = [], awaited: readonly ListKind[] = []) {
    this.awaited = awaited;
    this.put(lists);
  }

  /** Kinds of which there is a list, or is to be. */
  get kinds(): ReadonlySet<ListKind> {
    return new Set([...this.lists.map(({ kind }) => kind), ...this.awaited]);
  }

  replace(lists: readonly AddressList[]): void {
    this.put(lists);
    this.edition += 1;
  }

  of(address: string): Known {
    if (this.lists.length === 0) return unknown;
    const words = wordsOf(address);
    const listings: Listing[] = [];
    let system: AutonomousSystem | undefined;
    for (const list of this.lists) {
      const value = list.ranges.findWords(words);
      if (value < 0) continue;
      if (list.kind === 'as') system ??= list.systems[value];
      else listings.push(list.listing);
    }
    return listings.length === 0 && system === undefined ? unknown : { listings, system };
  }

  private put(lists: readonly AddressList[]): void {
    this.lists = lists.map((list) => {
      const { name, kind, asOf } = list;
      return { ...list, listing: { name, kind, ...(asOf === undefined ? {} : { asOf }) } };
    });
  }
}
