import { day, dayOf } from '../model/time.ts';
import { edgeKey, pairKey, type Pair, senderKey } from './ledger-pair.ts';
import type { PastEntry, PastHour, Sums } from './ledger-summary.ts';
import { madScale } from './profile.ts';
import { spreadOf } from './sketch.ts';

/** What is usual in an hour in which anything happens. */
export interface Usual {
  /** Hours and days that it rests on. */
  readonly hours: number;
  readonly days: number;
  readonly median: number;
  /** Scaled median absolute deviation, at least a tenth of the median: what never varied still may. */
  readonly deviation: number;
  readonly most: number;
}

/** An hour in which something passed. */
export interface PastSums extends Sums {
  readonly start: number;
  readonly teaches: boolean;
}

/** What a judge sees of the hours before. */
export interface PastView {
  /** Days that the ledger of the cluster goes back, at most eight. */
  readonly days: number;
  /** The hours in which something passed, the oldest first. */
  readonly hours: readonly PastSums[];
  /** What is usual, where three days show it. */
  usual(of: (sums: Sums) => number): Usual | undefined;
}

/** Who calls a destination. */
export interface PastCalls {
  /** Days, of those in which nothing grave was told, on which anybody did. */
  readonly days: number;
  /** Senders that do, in this hour or before. */
  readonly callers: ReadonlySet<string>;
}

/** Before so many days show it, nothing is usual. */
const enoughDays = 3;

/** The hours before an hour, by who was in them. */
export class Past {
  readonly days: number;
  private readonly pairs = new Map<string, PastEntry[]>();
  private readonly edges = new Map<string, PastEntry[]>();
  private readonly senders = new Map<string, PastEntry[]>();
  private readonly destinations = new Map<string, PastEntry[]>();
  private readonly calls = new Map<string, PastCalls>();

  constructor(hours: readonly PastHour[], start: number) {
    const first = hours[0]?.start ?? start;
    this.days = (start - first) / day;
    for (const { entries } of hours) {
      for (const entry of entries) {
        note(this.pairs, pairKey(entry), entry);
        note(this.edges, edgeKey(entry.from, entry.to), entry);
        note(this.senders, senderKey(entry.from), entry);
        note(this.destinations, entry.to.name, entry);
      }
    }
  }

  entriesOf(pair: Pair): readonly PastEntry[] {
    return this.pairs.get(pairKey(pair)) ?? [];
  }

  ofPair(pair: Pair): PastView {
    return viewOf(this.days, this.entriesOf(pair));
  }

  ofEdge({ from, to }: Pair): PastView {
    return viewOf(this.days, this.edges.get(edgeKey(from, to)) ?? []);
  }

  ofSender({ from }: Pair): PastView {
    return viewOf(this.days, this.senders.get(senderKey(from)) ?? []);
  }

  /** Who calls a destination, and who does in this hour: counted once for all that call it, for it may be everybody. */
  callsOf({ to }: Pair, now: ReadonlySet<string>): PastCalls {
    let calls = this.calls.get(to.name);
    if (calls === undefined) this.calls.set(to.name, (calls = callsIn(this.destinations.get(to.name) ?? [], now)));
    return calls;
  }
}

function callsIn(entries: readonly PastEntry[], now: ReadonlySet<string>): PastCalls {
  const days = new Set<number>();
  const callers = new Set(now);
  for (const { start, teaches, from } of entries) {
    if (teaches) days.add(dayOf(start));
    callers.add(senderKey(from));
  }
  return { days: days.size, callers };
}

function note(map: Map<string, PastEntry[]>, key: string, entry: PastEntry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

/** Most judges look at an hour itself and need none before it: what those came to is added up when it is asked for. */
function viewOf(days: number, entries: readonly PastEntry[]): PastView {
  let sums: readonly PastSums[] | undefined;
  const hours = (): readonly PastSums[] => (sums ??= hoursOf(entries));
  return {
    days,
    get hours() {
      return hours();
    },
    usual: (of) => usualOf(hours(), of),
  };
}

/** Several pairs of one hour are one sum; an hour teaches where all of them do. */
function hoursOf(entries: readonly PastEntry[]): PastSums[] {
  return [...Map.groupBy(entries, ({ start }) => start)].map(([start, together]) => ({
    start,
    teaches: together.every(({ teaches }) => teaches),
    ...total(together),
  }));
}

/** Several sums as one. */
export function total(sums: readonly Sums[]): Sums {
  const of = (each: keyof Sums): number => sums.reduce((sum, one) => sum + one[each], 0);
  return { bytes: of('bytes'), packets: of('packets'), attempts: of('attempts'), rejected: of('rejected'), back: of('back') };
}

function usualOf(hours: readonly PastSums[], of: (sums: Sums) => number): Usual | undefined {
  const taught = hours.filter(({ teaches }) => teaches);
  const days = new Set(taught.map(({ start }) => dayOf(start))).size;
  if (days < enoughDays) return undefined;
  const tally = new Map<number, number>();
  for (const sums of taught) tally.set(of(sums), (tally.get(of(sums)) ?? 0) + 1);
  const { windows, median, mad, max } = spreadOf(tally);
  return { hours: windows, days, median, deviation: Math.max(madScale * mad, median / 10), most: max };
}
