import type { EnrolmentChoice } from '../contract/enrolment.ts';
import type { Found, FoundCluster, FoundGroup } from './found.ts';
import { type Aim, type Hindrance, planToEnrol, planToLeave, type Step } from './group-plan.ts';

/** Why a cluster that is to be enrolled is not, or not wholly. */
export type Problem = { readonly cluster: string } & (
  | Hindrance
  | { readonly kind: 'audit-off' | 'no-log-group' }
  | { readonly kind: 'log-class'; readonly logClass: string }
  | { readonly kind: 'unread' | 'refused'; readonly why: string }
);

/** What is to become of one log group. */
export interface GroupOrder {
  readonly group: FoundGroup;
  readonly what: 'enrol' | 'leave';
  readonly steps: readonly Step[];
}

/** Every decision about enrolment, as a value. */
export interface EnrolmentPlan {
  /** Log groups that need no step are not among them. */
  readonly orders: readonly GroupOrder[];
  readonly problems: readonly Problem[];
  /** Clusters whose log groups have our filters when the steps are done, wholly or in part. */
  readonly enrolled: readonly string[];
  /** Clusters that are there, had our filters and are no longer to have them. */
  readonly left: readonly string[];
  /** Clusters that are being made and have no log group yet. */
  readonly waiting: readonly string[];
}

/** Which clusters are to be enrolled; `none` when enrolment ends. */
export type Choice = EnrolmentChoice | 'none';

/** Decides, from what there is, what is to be done. Nothing is done to clusters that the configuration names, or that could not be read. */
export function planEnrolment({ clusters, groups, unread }: Found, choice: Choice, aim: Aim): EnrolmentPlan {
  const untouched = new Set([...aim.settings.named, ...unread.map(({ cluster }) => cluster)]);
  const others = clusters.filter(({ name }) => !untouched.has(name));
  const chosen = others.filter((cluster) => isChosen(cluster, choice));
  const names = new Set(chosen.map(({ name }) => name));
  const byCluster = new Map(groups.map((group) => [group.cluster, group]));
  const cases = chosen.map((cluster) => caseOf(cluster, byCluster.get(cluster.name), aim));

  const leaving = groups
    .filter(({ cluster }) => !names.has(cluster) && !untouched.has(cluster))
    .map((group) => ({ group, what: 'leave', steps: planToLeave(group, aim) }) as const)
    .filter(({ steps }) => steps.length > 0);
  const existing = new Set(others.filter(({ status }) => status !== 'DELETING').map(({ name }) => name));
  const named = new Set(aim.settings.named);
  return {
    orders: [...cases.flatMap(({ order }) => (order !== undefined && order.steps.length > 0 ? [order] : [])), ...leaving],
    problems: [
      ...cases.flatMap(({ problems }) => problems),
      ...unread.filter(({ cluster }) => !named.has(cluster)).map(({ cluster, why }) => ({ kind: 'unread', cluster, why }) as const),
    ],
    enrolled: cases.flatMap(({ cluster, subscribed }) => (subscribed ? [cluster] : [])),
    left: leaving.flatMap(({ group }) => (existing.has(group.cluster) ? [group.cluster] : [])),
    waiting: cases.flatMap(({ cluster, waits }) => (waits ? [cluster] : [])),
  };
}

interface Case {
  readonly cluster: string;
  readonly order?: GroupOrder;
  readonly problems: readonly Problem[];
  readonly subscribed: boolean;
  readonly waits: boolean;
}

function caseOf({ name: cluster, status, audited }: FoundCluster, group: FoundGroup | undefined, aim: Aim): Case {
  const none = { cluster, subscribed: false, waits: false };
  // What a cluster that goes has, it keeps until it is gone: its last lines are worth having.
  const dark: Problem[] = audited || status === 'DELETING' ? [] : [{ kind: 'audit-off', cluster }];
  if (group === undefined) {
    if (status === 'CREATING' || !audited) return { ...none, problems: dark, waits: audited };
    return { ...none, problems: status === 'DELETING' ? [] : [{ kind: 'no-log-group', cluster }] };
  }
  if (group.logClass !== 'STANDARD') return { ...none, problems: [...dark, { kind: 'log-class', cluster, logClass: group.logClass }] };
  const { steps, hindrances } = planToEnrol(group, aim);
  return {
    cluster,
    order: { group, what: 'enrol', steps },
    problems: [...dark, ...hindrances.map((hindrance) => ({ cluster, ...hindrance }))],
    subscribed: hindrances.length < aim.settings.filters.length,
    waits: false,
  };
}

/** Whether a cluster with these tags is to be enrolled. */
export function isChosen({ tags }: Pick<FoundCluster, 'tags'>, choice: Choice): boolean {
  if (choice === 'none') return false;
  if ('all' in choice) return true;
  const { key, value } = choice.tag;
  // A tag may be called `constructor`.
  return Object.hasOwn(tags, key) && tags[key] === value;
}
