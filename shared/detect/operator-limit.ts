import type { Scope } from '../model/base.ts';
import { closeness, matches } from '../model/pattern.ts';

/** A person's limit for a threshold, in place of what its profiles say. */
export interface OperatorLimit {
  readonly id: string;
  /** Id of a threshold. */
  readonly detection: string;
  /** Cluster name or pattern, see {@link matches}. */
  readonly cluster: string;
  /** Id or pattern of the account that the cluster is in; any where it is absent. */
  readonly account?: string;
  /** Counts from here on are too much; the detection's ceiling holds all the same. */
  readonly limit: number;
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch, compared with event time. */
  readonly until: number;
  /** When it was decided, on the clock of the events. */
  readonly at?: number;
}

/** Where limits are kept. */
export interface Limits {
  limits(): Promise<readonly OperatorLimit[]>;
}

/** Nobody set a limit. */
export const noLimits: Limits = { limits: () => Promise.resolve([]) };

/** The limits that people set for a detection in a cluster: the closest description of the cluster first, of equals the lowest. */
export function limitsFor(
  limits: readonly OperatorLimit[],
  detection: string,
  { account, cluster }: Pick<Scope, 'account' | 'cluster'>,
): readonly OperatorLimit[] {
  const mine = limits.filter(
    (each) => each.detection === detection && matches(each.cluster, cluster) && matches(each.account ?? '*', account),
  );
  const close = (each: OperatorLimit): number => closeness(each.cluster) + closeness(each.account ?? '*');
  return mine.sort((a, b) => close(b) - close(a) || a.limit - b.limit || a.until - b.until);
}

/** The one of them that holds at a time. */
export function limitIn(limits: readonly OperatorLimit[], time: number): OperatorLimit | undefined {
  return limits.find(({ until }) => until > time);
}
