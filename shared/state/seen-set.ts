import type { EventBase } from '../model/base.ts';
import { digest, memberLength } from '../model/hash.ts';
import { Recent } from '../model/recent.ts';
import { day, dayOf, weekOf } from '../model/time.ts';
import type { Merge, Removal, StateItem } from './store.ts';

/** Remembers members of a key with the week each was last seen: the networks of an identity, the destinations of a workload. */
export interface SeenSet<E> {
  readonly kind: 'seen-set';
  /** Names the memory in the table; detections that share the id share the memory. */
  readonly id: string;
  /** Whose memory; absent where the event has none. The cluster is always part of it. */
  readonly key: (event: E) => readonly string[] | undefined;
  readonly member: (event: E) => string;
  /** A member not seen for this long is forgotten. */
  readonly days: number;
  /** A key younger than this is learning: it has no opinion. */
  readonly warmUpDays: number;
  /** What it holds is true of the place, whoever showed it: no author is noted, and closing an alert as malicious forgets none of it. */
  readonly ofThePlace?: true;
}

/** What a judge sees of a seen-set at the time of an event. */
export interface SeenView {
  /** The key is too young for an opinion. */
  readonly learning: boolean;
  /** Members alive. */
  readonly size: number;
  /** Whole days since the key was first seen. */
  readonly age: number;
  has(member: string): boolean;
  /** Up to `count` members, in alphabetical order: for text. */
  some(count: number): readonly string[];
}

/** Declares a seen-set. */
export function seenSet<E>(input: Omit<SeenSet<E>, 'kind'>): SeenSet<E> {
  return { kind: 'seen-set', ...input };
}

/** Members kept per week: above it the key is saturated, and new members stay unknown. */
const cap = 2_000;
const longestMember = 256;

/** Days on which the key was active, of which only the first is asked for: it tells the key's age. */
const daysSet = 'd';
const weekSet = (week: number): string => `w${String(week)}`;

/** Who taught which member in a week: what rests on one word alone can be forgotten with it. */
const wordsSet = (week: number): string => `b${String(week)}`;

/** Keys made before: most events come from identities that came a moment ago. */
const knownKeys = new Recent<string>(20_000);

/** Where the memory of an event stands; absent where the event has none. */
export function seenKey<E extends EventBase>(spec: SeenSet<E>, event: E): string | undefined {
  const parts = spec.key(event);
  if (parts === undefined) return undefined;
  const { account, region, cluster } = event.scope;
  const name = `${spec.id}\n${account}\n${region}\n${cluster}\n${parts.join('\n')}`;
  let key = knownKeys.get(name);
  if (key === undefined) knownKeys.set(name, (key = `seen:${spec.id}:${digest(22, [account, region, cluster, ...parts])}`));
  return key;
}

/** An item as the views of its days see it: items never change once made. */
interface Contents {
  /** First day on which the key was active; infinite for a key never seen. */
  readonly born: number;
  readonly weeks: readonly { readonly week: number; readonly members: ReadonlySet<string> }[];
}

const contents = new WeakMap<StateItem, Contents>();
const nothing: Contents = { born: Infinity, weeks: [] };

function contentsOf(item: StateItem | undefined): Contents {
  if (item === undefined) return nothing;
  let known = contents.get(item);
  if (known === undefined) {
    const born = Math.min(...[...(item.sets.get(daysSet) ?? [])].map(Number));
    const weeks = [...item.sets].flatMap(([name, members]) => (name.startsWith('w') ? [{ week: Number(name.slice(1)), members }] : []));
    contents.set(item, (known = { born, weeks }));
  }
  return known;
}

/** The first day on which a key was active, days since the epoch; infinite for an item of another kind. */
export function firstDayOf(item: StateItem): number {
  return contentsOf(item).born;
}

/** The view of an item on a day, days since the epoch. */
export function seenView(spec: Pick<SeenSet<never>, 'days' | 'warmUpDays'>, item: StateItem | undefined, today: number): SeenView {
  return new ItemView(spec, contentsOf(item), today);
}

/** Whether nothing that was asked of a view can be answered otherwise before its day is over: what is known stays known. */
export function isSettled(view: SeenView): boolean {
  return view instanceof ItemView && view.settled;
}

class ItemView implements SeenView {
  private readonly spec: Pick<SeenSet<never>, 'warmUpDays'>;
  private readonly contents: Contents;
  private readonly today: number;
  private readonly oldestWeek: number;
  settled = true;

  constructor(spec: Pick<SeenSet<never>, 'days' | 'warmUpDays'>, contents: Contents, today: number) {
    this.spec = spec;
    this.contents = contents;
    this.today = today;
    this.oldestWeek = weekOf(today - spec.days);
  }

  get learning(): boolean {
    return !(this.today - this.contents.born >= this.spec.warmUpDays);
  }

  get age(): number {
    const age = this.today - this.contents.born;
    return Number.isFinite(age) ? Math.max(0, age) : 0;
  }

  get size(): number {
    this.settled = false;
    return this.all().size;
  }

  has(member: string): boolean {
    const stored = bounded(member);
    const known = this.contents.weeks.some(({ week, members }) => week >= this.oldestWeek && members.has(stored));
    if (!known) this.settled = false;
    return known;
  }

  some(count: number): readonly string[] {
    this.settled = false;
    return [...this.all()].sort().slice(0, count);
  }

  private all(): ReadonlySet<string> {
    return new Set(this.contents.weeks.flatMap(({ week, members }) => (week >= this.oldestWeek ? [...members] : [])));
  }
}

/** One member seen on one day by one author. */
export interface Observation {
  readonly key: string;
  readonly member: string;
  /** Days since the epoch. */
  readonly day: number;
  /** Short name of who showed it; empty where nobody acts. */
  readonly by: string;
  /** How many days the memory lasts. */
  readonly days: number;
}

/** What an event shows one memory. */
export function observationOf<E extends EventBase>(spec: SeenSet<E>, key: string, event: E, by: string): Observation {
  return { key, member: bounded(spec.member(event)), day: event.day, by, days: spec.days };
}

/** The write that teaches observations of one item, whatever the item holds. */
export function observationMerge({ key, member, day: on, by, days }: Observation): Merge {
  const week = weekOf(on);
  return {
    key,
    sets: { [daysSet]: [String(on)], [weekSet(week)]: [member], ...(by === '' ? {} : { [wordsSet(week)]: [wordFor(by, member)] }) },
    expires: expiryOf(week, days),
    cap,
  };
}

/** Counted from the end of a week: what its other days show again is not written again, and lives as long. */
function expiryOf(week: number, days: number): number {
  return (7 * (week + 1) + 2 * days) * day;
}

/** What an event teaches beyond what the item holds; absent where it teaches nothing. */
export function seenLesson<E extends EventBase>(
  spec: SeenSet<E>,
  key: string,
  event: E,
  item: StateItem | undefined,
  by: string,
): Merge | undefined {
  const week = weekOf(event.day);
  const members = weekSet(week);
  const member = bounded(spec.member(event));
  const sets: Record<string, string[]> = {};
  if (event.day < contentsOf(item).born) sets[daysSet] = [String(event.day)];
  if (!item?.sets.get(members)?.has(member)) sets[members] = [member];
  if (by !== '') {
    const word = wordFor(by, member);
    const words = item?.sets.get(wordsSet(week));
    if (!words?.has(word) && !((words?.size ?? 0) >= cap)) sets[wordsSet(week)] = [word];
  }
  if (Object.keys(sets).length === 0) return undefined;
  return { key, sets, expires: expiryOf(week, spec.days), cap };
}

/**
 * What an item must lose so that nothing in it rests on the word of these authors alone, from a week on: their words,
 * and members that nobody else vouches for in the same week. How old the item is stays: it is then no longer learning.
 */
export function forgottenWords(item: StateItem, authors: ReadonlySet<string>, sinceWeek: number): Removal | undefined {
  const lost: Record<string, string[]> = {};
  for (const [name, words] of item.sets) {
    if (!name.startsWith('b') || Number(name.slice(1)) < sinceWeek) continue;
    const theirs = [...words].filter((word) => authors.has(word.slice(0, memberLength)));
    if (theirs.length === 0) continue;
    lost[name] = theirs;
    const marks = new Set(theirs.map(markIn));
    for (const word of words) if (!authors.has(word.slice(0, memberLength))) marks.delete(markIn(word));
    const week = weekSet(Number(name.slice(1)));
    const members = [...(item.sets.get(week) ?? [])].filter((member) => marks.has(markOf(member)));
    if (members.length > 0) lost[week] = members;
  }
  return Object.keys(lost).length === 0 ? undefined : { key: item.key, sets: lost };
}

/** How many members a removal takes out of their weeks. */
export function membersLost({ sets }: Removal): number {
  return Object.entries(sets).reduce((sum, [name, members]) => sum + (name.startsWith('w') ? members.length : 0), 0);
}

/** Words made before. */
const knownWords = new Recent<string>(20_000);

function wordFor(by: string, member: string): string {
  const text = `${by}${member}`;
  let word = knownWords.get(text);
  if (word === undefined) knownWords.set(text, (word = by + markOf(member)));
  return word;
}

function markOf(member: string): string {
  return digest(memberLength, [member]);
}

function markIn(word: string): string {
  return word.slice(memberLength);
}

/** Weeks of an item that no view will ask for again; the week of a late event is kept. */
export function forgottenWeeks(item: StateItem, days: number, now: number): Removal | undefined {
  const oldest = weekOf(dayOf(now) - days) - 1;
  const old = [...item.sets].filter(([name]) => /^[bw]/.test(name) && Number(name.slice(1)) < oldest);
  return old.length === 0 ? undefined : { key: item.key, sets: Object.fromEntries(old.map(([name, members]) => [name, [...members]])) };
}

function bounded(member: string): string {
  return member.length <= longestMember ? member : `#${digest(22, [member])}`;
}
