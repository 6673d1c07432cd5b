import type { EventBase } from '../model/base.ts';
import { digest } from '../model/hash.ts';
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

/** Days on which the key was active: the first tells its age. */
const daysSet = 'd';
const weekSet = (week: number): string => `w${String(week)}`;

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

/** What an event teaches beyond what the item holds; absent where it teaches nothing. */
export function seenLesson<E extends EventBase>(spec: SeenSet<E>, key: string, event: E, item: StateItem | undefined): Merge | undefined {
  const week = weekSet(weekOf(event.day));
  const today = String(event.day);
  const member = bounded(spec.member(event));
  const sets: Record<string, string[]> = {};
  if (!item?.sets.get(daysSet)?.has(today)) sets[daysSet] = [today];
  if (!item?.sets.get(week)?.has(member)) sets[week] = [member];
  if (Object.keys(sets).length === 0) return undefined;
  return { key, sets, expires: event.time + 2 * spec.days * day, cap };
}

/** Weeks of an item that no view will ask for again; the week of a late event is kept. */
export function forgottenWeeks(item: StateItem, days: number, now: number): Removal | undefined {
  const oldest = weekOf(dayOf(now) - days) - 1;
  const old = [...item.sets].filter(([name]) => name.startsWith('w') && Number(name.slice(1)) < oldest);
  return old.length === 0 ? undefined : { key: item.key, sets: Object.fromEntries(old.map(([name, members]) => [name, [...members]])) };
}

function bounded(member: string): string {
  return member.length <= longestMember ? member : `#${digest(22, [member])}`;
}
