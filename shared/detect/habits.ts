import type { AuditEvent } from '../model/audit.ts';
import type { Actor, Entity } from '../model/entity.ts';
import type { Baseline } from '../model/finding.ts';
import { type SeenSet, type SeenView, seenSet } from '../state/seen-set.ts';

/** What a caller, its role and everybody in the cluster did before: the younger borrow the habits of the older. */
export type Habits<T> = {
  readonly own: T;
  readonly role: T;
  readonly everyone: T;
};

/** Something a caller never did. */
export interface Novelty {
  /** Who never did it and for how long, for text: "in 30 days it never", "in 30 days nobody in this cluster ever". */
  readonly never: string;
  /** Somebody else in the cluster did it. */
  readonly shared: boolean;
  /** The caller does something new of this kind all the time: one more says little. */
  readonly restless: boolean;
  readonly baseline: Baseline;
}

const days = 30;
const warmUpDays = 3;

/** Hosted runners call from another network at every run; people have an office, a home and a way between. */
const manyMembers = 4;
const daysPerMember = 3;

/** Seen-sets of something about a caller, on three levels. */
export function callerHabits(id: string, member: (event: AuditEvent) => string): Habits<SeenSet<AuditEvent>> {
  const level = (name: string, key: SeenSet<AuditEvent>['key']): SeenSet<AuditEvent> =>
    seenSet({ id: `${id}/${name}`, key, member, days, warmUpDays });
  return {
    own: level('own', ({ actor }) => [callerId(actor)]),
    role: level('role', ({ actor }) => (actor.type === 'iam' && actor.session !== undefined ? [roleOf(actor)] : undefined)),
    everyone: level('everyone', () => []),
  };
}

/** Whose habits a member is new to; absent where it is known, and while nobody has an opinion. */
export function noveltyOf(member: string, { own, role, everyone }: Habits<SeenView>): Novelty | undefined {
  const levels = [
    { view: own, never: 'it never' },
    { view: role, never: 'no session of its role ever' },
    { view: everyone, never: 'nobody in this cluster ever' },
  ];
  const elder = levels.find(({ view }) => !view.learning);
  if (elder === undefined || elder.view.has(member)) return undefined;
  const { view, never } = elder;
  const age = Math.min(view.age, days);
  const baseline = { new: member, 'known members': view.size, 'such as': view.some(5).join(', '), 'known for days': age };
  const restless = view !== everyone && view.size >= Math.max(manyMembers, age / daysPerMember);
  return { never: `in ${String(age)} days ${never}`, shared: everyone.has(member), restless, baseline };
}

/** The same, where what colleagues of the same role do is nobody's novelty: people stand in for each other. */
export function noveltyToRole(member: string, habits: Habits<SeenView>): Novelty | undefined {
  return habits.role.has(member) ? undefined : noveltyOf(member, habits);
}

/** Numbers that software makes up for each session: they must not make each session a stranger. */
const generated = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4,}/g;

/** A caller with the generated numbers of its session left out: `botocore-session-1767225600` is one habit with the next. */
export function callerId(actor: Actor): string {
  if (actor.type !== 'iam' || actor.session === undefined) return actor.id;
  let id = callerIds.get(actor);
  if (id === undefined) callerIds.set(actor, (id = `${roleOf(actor)}/${actor.session.replace(generated, '#')}`));
  return id;
}

/** One caller sends many requests, and several memories are under its name. */
const callerIds = new WeakMap<Actor, string>();

/**
 * Whom an alert about a caller's habits names, and what else tells it from others: the runs of a pipeline are one caller,
 * and what is new to it is one alert however many runs show it. Anybody else gets an alert for each new thing.
 */
export function lastingCaller(actor: Actor, about: string): { readonly entity: Entity; readonly about?: string } {
  const id = callerId(actor);
  return id === actor.id ? { entity: actor, about } : { entity: { kind: actor.kind, id, name: actor.name } };
}

function roleOf({ id, session }: Actor): string {
  return session !== undefined && id.endsWith(`/${session}`) ? id.slice(0, -session.length - 1) : id;
}
