import { type Severity, atLeast, gravestFirst } from '../../shared/model/finding.ts';
import { day, milliseconds } from '../simulation/clock.ts';
import type { Deed } from './town.ts';
import type { Telling, Watched } from './watching.ts';

/** Alerts a cluster-day may bring people: of high or above, and of medium. */
export const bar = { grave: 1, medium: 5 } as const;

/** How many there are on a day. */
export interface Spread {
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

/** A deed and what was told of it. */
export interface Found {
  readonly attack: string;
  readonly what: string;
  /** Absent where nothing of medium or above was told. */
  readonly by: readonly string[];
  /** Minutes from its first record to the telling. */
  readonly minutes: number | undefined;
  /** Told, but as low only. */
  readonly whispered: boolean;
}

/** False alarms of one detection in one story. */
export interface Cause {
  readonly story: string;
  readonly detection: string;
  readonly fromFlows: boolean;
  readonly severity: Severity;
  readonly count: number;
  readonly example: string;
}

/** The figures of one seed. */
export interface Figures {
  readonly seed: number;
  readonly events: number;
  /** Of which lines of the flow log. */
  readonly flows: number;
  readonly perDay: Readonly<Record<Severity, Spread>>;
  /** Of high and critical together. */
  readonly grave: Spread;
  /** What of it the flow log brought, of high or above and of medium. */
  readonly fromFlows: { readonly grave: Spread; readonly medium: Spread };
  /** Alerts of medium or above that were told again for their count or age, by detection: the bar does not count them. */
  readonly repeated: Readonly<Record<string, number>>;
  readonly whileLearning: Readonly<Record<Severity, number>>;
  readonly causes: readonly Cause[];
  readonly found: readonly Found[];
  readonly holds: boolean;
}

/** Counts what people were told of a benign town, and what of the attacks in it. */
export function figuresOf({ seed, days, events, flows, tellings, deeds }: Watched): Figures {
  const attacks = new Set(deeds.map(({ attack }) => attack));
  const alarms = tellings.filter(({ story }) => !attacks.has(story));
  const counted = alarms.filter((telling) => telling.day >= 0 && telling.how !== 'again');
  const spread = (matches: (telling: Telling) => boolean): Spread =>
    spreadOf(Array.from({ length: days }, (_, number) => counted.filter((one) => one.day === number && matches(one)).length));
  const isGrave = ({ severity }: Telling): boolean => atLeast(severity, 'high');
  const isMedium = ({ severity }: Telling): boolean => severity === 'medium';
  const grave = spread(isGrave);
  const medium = spread(isMedium);
  return {
    seed,
    events,
    flows,
    perDay: each((severity) => spread((one) => one.severity === severity)),
    grave,
    fromFlows: {
      grave: spread((one) => one.fromFlows && isGrave(one)),
      medium: spread((one) => one.fromFlows && isMedium(one)),
    },
    repeated: repeatedIn(alarms),
    whileLearning: each((severity) => alarms.filter((one) => one.day < 0 && one.how !== 'again' && one.severity === severity).length),
    causes: causesOf(counted),
    found: deeds.map((deed) => foundOf(deed, tellings)),
    holds: grave.mean <= bar.grave && medium.mean <= bar.medium,
  };
}

function repeatedIn(alarms: readonly Telling[]): Record<string, number> {
  const again = alarms.filter(({ day: number, how, severity }) => number >= 0 && how === 'again' && atLeast(severity, 'medium'));
  const counts = [...Map.groupBy(again, ({ detection }) => detection)].map(([name, members]) => [name, members.length] as const);
  return Object.fromEntries(counts.sort(([, one], [, other]) => other - one));
}

function each<T>(make: (severity: Severity) => T): Record<Severity, T> {
  return { low: make('low'), medium: make('medium'), high: make('high'), critical: make('critical') };
}

/** Median, mean and most of some counts. */
function spreadOf(counts: readonly number[]): Spread {
  const sorted = [...counts].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
  return { median, mean: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length), max: sorted.at(-1) ?? 0 };
}

function causesOf(tellings: readonly Telling[]): Cause[] {
  const groups = Map.groupBy(tellings, ({ story, detection, severity }) => [severity, story, detection].join('\n'));
  return [...groups.values()]
    .flatMap((members) => {
      const [first] = members;
      if (first === undefined) return [];
      const { story, detection, fromFlows, severity, summary } = first;
      return [{ story, detection, fromFlows, severity, count: members.length, example: summary }];
    })
    .sort((one, other) => gravestFirst.indexOf(one.severity) - gravestFirst.indexOf(other.severity) || other.count - one.count);
}

function foundOf({ attack, what, time, records, networks = [] }: Deed, tellings: readonly Telling[]): Found {
  const isOfIt = (record: string): boolean => records.has(record) || networks.some((network) => record.includes(`${network}.`));
  const about = tellings.filter((telling) => telling.records.some(isOfIt));
  const loud = about.filter(({ severity }) => atLeast(severity, 'medium'));
  const first = Math.min(...loud.map((telling) => telling.time));
  return {
    attack,
    what,
    by: [...new Set(loud.map(({ detection, severity }) => `${detection} (${severity})`))],
    minutes: loud.length === 0 ? undefined : (first - milliseconds(time)) / (milliseconds(day) / 1_440),
    whispered: loud.length === 0 && about.length > 0,
  };
}
