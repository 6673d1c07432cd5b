import type { AddressList, ListShelf } from '../model/listed.ts';
import { hour, minute } from '../model/time.ts';
import { decodeLists } from './compiled.ts';
import type { Fetched } from './refreshing.ts';

/** How long lists hold before somebody looks for newer ones. */
const holds = hour;
/** When to try again after it failed: events are judged meanwhile, with the lists there are. */
const pause = 5 * minute;

/** What {@link ListKeeper} reaches. */
export interface ListKeeperPorts {
  /** Fetches the compiled lists, unless they are still the version that is known. */
  readonly fetch: (known: string | undefined) => Promise<Fetched | 'unchanged'>;
  readonly now: () => number;
  /** Is told that the lists there are could not be looked after. */
  readonly failed: (error: unknown) => void;
}

/** Keeps the lists on a shelf up to date: those that were deployed, and those that were refreshed since. Never fails. */
export class ListKeeper {
  private readonly shelf: ListShelf;
  private readonly deployed: readonly AddressList[];
  private readonly ports: ListKeeperPorts;
  private version: string | undefined;
  private due = -Infinity;

  constructor(shelf: ListShelf, deployed: readonly AddressList[], ports: ListKeeperPorts) {
    this.shelf = shelf;
    this.deployed = deployed;
    this.ports = ports;
  }

  /** Looks for newer lists when the last look was long enough ago. */
  async freshen(): Promise<void> {
    const { fetch, now, failed } = this.ports;
    const time = now();
    if (time < this.due) return;
    this.due = time + pause;
    try {
      const fetched = await fetch(this.version);
      if (fetched !== 'unchanged') {
        this.shelf.replace([...this.deployed, ...decodeLists(fetched.bytes)]);
        this.version = fetched.version;
      }
      this.due = time + holds;
    } catch (error) {
      failed(error);
    }
  }
}
