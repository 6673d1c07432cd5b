import type { StateStore } from '../store.ts';
import type { Cell } from './cell.ts';
import { CountLog, type LogName, logsFrom, partitionOf, sortOf } from './count-log.ts';

/** What a batch adds to a counter, and how far windows over it reach. */
export interface Share {
  readonly name: Omit<LogName, 'number'>;
  readonly cells: readonly Cell[];
  /** Length of its windows. */
  readonly minutes: number;
}

/** Characters of logs that a process remembers: what is forgotten is read again. */
export const mostRemembered = 100_000_000;

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
    const news = new Map<CountLog, Cell[]>();
    for (const { name, cells, minutes } of shares)
      for (const cell of cells)
        for (const number of logsFrom(cell.minute, minutes)) {
          const log = this.at({ ...name, number });
          const others = news.get(log);
          if (others === undefined) news.set(log, [cell]);
          else others.push(cell);
        }
    await Promise.all([...news].map(([log, cells]) => this.append(log, cells)));
    this.forget(news);
  }

  /** The logs that hold all of the windows over a share. */
  of({ name, cells, minutes }: Share): readonly CountLog[] {
    const numbers = new Set<number>();
    for (const { minute } of cells) for (const number of logsFrom(minute, minutes)) numbers.add(number);
    return [...numbers].map((number) => this.at({ ...name, number }));
  }

  /** Writes what is missing, and has then seen all that is there. */
  private async append(log: CountLog, cells: readonly Cell[]): Promise<void> {
    let isUpToDate = false;
    if (log.next === 0) isUpToDate = await this.refresh(log);
    for (let left = log.documentsFor(cells); left.length > 0;) {
      const next = log.asNext(left[0] as string);
      isUpToDate = await this.store.putNew(next);
      if (isUpToDate) {
        log.add([next]);
        left = left.slice(1);
      } else {
        isUpToDate = await this.refresh(log);
        left = log.documentsFor(cells);
      }
    }
    if (!isUpToDate) await this.refresh(log);
  }

  private async refresh(log: CountLog): Promise<true> {
    log.add(await this.store.list(log.partition, { from: sortOf(log.next), consistency: 'strong' }));
    return true;
  }

  private at(name: LogName): CountLog {
    const partition = partitionOf(name);
    const log = this.logs.get(partition) ?? new CountLog(name);
    this.logs.delete(partition);
    this.logs.set(partition, log);
    return log;
  }

  private forget(used: ReadonlyMap<CountLog, unknown>): void {
    let size = 0;
    for (const log of [...this.logs.values()].reverse()) {
      size += log.size;
      if (size > mostRemembered && !used.has(log)) this.logs.delete(log.partition);
    }
  }
}
