import type { StateStore } from '../store.ts';
import type { Cell } from './cell.ts';
import { CountLog, type LogName, logOf, partitionOf, sortOf } from './count-log.ts';

/** What a batch adds to a counter, and how far windows over it reach. */
export interface Share {
  readonly name: Omit<LogName, 'number'>;
  readonly cells: readonly Cell[];
  /** Length of its windows. */
  readonly minutes: number;
}

/** Characters of logs that a process remembers: what is forgotten is read again. */
const mostRemembered = 150_000_000;

/** The logs of a store, as one process reads and writes them. */
export class CountLogs {
  private readonly store: StateStore;
  /** The one asked for last comes last. */
  private readonly logs = new Map<string, CountLog>();

  constructor(store: StateStore) {
    this.store = store;
  }

  /** Adds what is not known to be there; afterwards {@link of} tells all that any window over it holds. */
  async add(shares: readonly Share[]): Promise<void> {
    const cells = new Map<CountLog, Cell[]>();
    const reached = new Set<CountLog>();
    for (const { name, cells: some, minutes } of shares)
      for (const cell of some) {
        const own = this.at({ ...name, number: logOf(cell.minute) });
        const others = cells.get(own);
        if (others === undefined) cells.set(own, [cell]);
        else others.push(cell);
        for (const end of [cell.minute - minutes + 1, cell.minute + minutes - 1]) reached.add(this.at({ ...name, number: logOf(end) }));
      }
    const written = await Promise.all([...cells].map(([log, some]) => this.append(log, some)));
    // Who writes into one log has seen all before it. What others write into the ones beside must be read after that.
    if (cells.size === 1 && written[0] === true) for (const log of cells.keys()) reached.delete(log);
    await Promise.all([...reached].map((log) => this.refresh(log)));
    this.forget(new Set([...cells.keys(), ...reached]));
  }

  /** What is known of a counter: the logs in which it may have been counted. */
  of({ name, cells, minutes }: Share): readonly CountLog[] {
    const numbers = new Set(cells.flatMap((cell) => [cell.minute - minutes + 1, cell.minute, cell.minute + minutes - 1].map(logOf)));
    return [...numbers].map((number) => this.at({ ...name, number }));
  }

  /** Writes what is missing; false where nothing was. */
  private async append(log: CountLog, cells: readonly Cell[]): Promise<boolean> {
    if (log.next === 0) await this.refresh(log);
    let wrote = false;
    for (let [document] = log.documentsFor(cells); document !== undefined; [document] = log.documentsFor(cells)) {
      const next = log.asNext(document);
      if (await this.store.putNew(next)) {
        log.add([next]);
        wrote = true;
      } else await this.refresh(log);
    }
    return wrote;
  }

  private async refresh(log: CountLog): Promise<void> {
    log.add(await this.store.list(log.partition, { from: sortOf(log.next), consistency: 'strong' }));
  }

  private at(name: LogName): CountLog {
    const partition = partitionOf(name);
    const log = this.logs.get(partition) ?? new CountLog(name);
    this.logs.delete(partition);
    this.logs.set(partition, log);
    return log;
  }

  private forget(used: ReadonlySet<CountLog>): void {
    let size = 0;
    for (const log of [...this.logs.values()].reverse()) {
      size += log.size;
      if (size > mostRemembered && !used.has(log)) this.logs.delete(log.partition);
    }
  }
}
