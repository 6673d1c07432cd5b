import type { EventBase } from '../../model/base.ts';
import { digest, memberLength } from '../../model/hash.ts';
import { Recent } from '../../model/recent.ts';
import { minute } from '../../model/time.ts';

/** One member of a counter in one minute. Requests, and distinct members, are counted alike: what comes twice is one. */
export interface Cell {
  /** `window:DETECTION:CLUSTER/GROUP/WHOSE`: names the counter, and says whose profiles speak for it. */
  readonly counter: string;
  /** Minutes since the epoch. */
  readonly minute: number;
  /** Short hash of what is counted, of {@link memberLength} characters. */
  readonly member: string;
}

/** Names a counter: the group it is one of where its detection knows one, and whose it is. */
export interface CounterName {
  readonly within: string | undefined;
  readonly by: readonly string[];
  /** Length of the window. */
  readonly minutes: number;
}

/** What the name of a counter tells. */
export interface Lineage {
  readonly detection: string;
  /** Digest of the cluster. */
  readonly scope: string;
  readonly group: string | undefined;
  /** Group and owner, as they stand in the name. */
  readonly path: string;
}

/** Members are told by the minute, those of windows from so many minutes on by a sixth of the window: who comes again within it needs no write. */
const longWindow = 30;
const stepsOfLongWindow = 6;

/** Digests of clusters and groups: many counters bear them, so they are short; 72 bits are out of reach of a chosen collision. */
const parentLength = 12;
/** Stands for the group of a counter that has none. */
const noGroup = '-';

/** Counters named before: nearly every event comes from a counter that was counted a moment ago. */
const knownCounters = new Recent<string>(20_000);

/** Lengths keep different lists of parts from meeting in one text. */
const sized = (part: string): string => `${String(part.length)} ${part}`;

function counterNamed(detection: string, { scope }: EventBase, { within, by }: CounterName): string {
  const { account, region, cluster } = scope;
  let name = `${detection} ${account} ${region} ${cluster} ${within === undefined ? noGroup : sized(within)}`;
  for (const part of by) name += sized(part);
  let counter = knownCounters.get(name);
  if (counter === undefined) {
    const whole = digest(parentLength, [account, region, cluster]);
    const group = within === undefined ? noGroup : digest(parentLength, [within]);
    counter = counterAt(detection, whole, `${group}/${digest(22, [account, region, cluster, ...by])}`);
    knownCounters.set(name, counter);
  }
  return counter;
}

/** The counter of a detection and a cluster's digest that has a path. */
export function counterAt(detection: string, scope: string, path: string): string {
  return `window:${detection}:${scope}/${path}`;
}

/** The cell of an event; without a member, requests are counted. */
export function cellOf(detection: string, event: EventBase, name: CounterName, member: string | undefined): Cell {
  const width = member !== undefined && name.minutes >= longWindow ? Math.floor(name.minutes / stepsOfLongWindow) : 1;
  return {
    counter: counterNamed(detection, event, name),
    minute: Math.floor(event.time / (width * minute)) * width,
    member: member === undefined ? event.key.slice(0, memberLength) : digest(memberLength, [member]),
  };
}

/** Whose counter it is, by its name or that of its tallies. */
export function lineageOf(counter: string): Lineage {
  const [, detection = '', name = ''] = counter.split(':', 3);
  const [scope = '', group = noGroup] = name.split('/', 2);
  return { detection, scope, group: group === noGroup ? undefined : group, path: name.slice(scope.length + 1) };
}
