import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';

import { type ChannelFilter, messageAttributes, severities } from '../shared/contract/channels.ts';

/** How many combinations of values a filter policy may have. Source: SNS developer guide, "Filter policy constraints". */
export const mostCombinations = 150;

/** What is published of an alert that does not say: it is for everybody. */
const unknown = 'unknown';

/** Combinations of a filter's values, as SNS counts them. */
export function combinationsOf(filter: ChannelFilter): number {
  return keysOf(filter).reduce((product, [, values]) => product * (values.length + 1), 1);
}

/**
 * A filter as the policy of a subscription, without the keys that would be too much for SNS; the function behind the subscription
 * knows them all. Alarms have no attributes: `alarmsToo` lets them through, otherwise none comes.
 */
export function filterPolicyOf(filter: ChannelFilter, alarmsToo: boolean): Record<string, SubscriptionFilter> | undefined {
  const chosen: Record<string, SubscriptionFilter> = {};
  let combinations = 1;
  for (const [name, values] of keysOf(filter)) {
    if (combinations * (values.length + 1) > mostCombinations) continue;
    combinations *= values.length + 1;
    chosen[name] = new SubscriptionFilter([...values, ...(alarmsToo ? [{ exists: false }] : [])]);
  }
  if (Object.keys(chosen).length > 0) return chosen;
  return alarmsToo ? undefined : { [messageAttributes.severity]: SubscriptionFilter.existsFilter() };
}

type Condition = string | Readonly<Record<string, string>>;

/** The attributes that a filter asks for, the cheapest first. */
function keysOf({ severity, clusters, tactics }: ChannelFilter): readonly (readonly [string, readonly Condition[]])[] {
  const asked: (readonly [string, readonly Condition[]])[] = [];
  if (severity !== undefined && severity !== severities[0])
    asked.push([messageAttributes.severity, severities.slice(severities.indexOf(severity))]);
  if (clusters !== undefined) asked.push([messageAttributes.cluster, [...clusters.map(conditionOf), unknown]]);
  if (tactics !== undefined) asked.push([messageAttributes.tactic, [...tactics, unknown]]);
  return asked;
}

/** A glob in the words of SNS. */
function conditionOf(glob: string): Condition {
  if (!glob.includes('*')) return glob;
  const [before = '', after = '', another] = glob.split('*');
  if (another !== undefined || (before !== '' && after !== '')) return { wildcard: glob };
  return after === '' ? { prefix: before } : { suffix: after };
}
