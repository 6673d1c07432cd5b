import { type CfnRule, type EventPattern, type IRuleTarget, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

import { changes, reads, type WatchedCalls } from './api-calls.ts';

/** Services whose calls are recorded in us-east-1, wherever they were made. Source: AWS CloudTrail user guide, "Global service events". */
const globalServices: readonly string[] = ['aws.iam', 'aws.sts'];

/** Rules on calls that are worth judging: all of them, or those on global services alone. */
export function callRules(scope: Construct, target: IRuleTarget, which: 'all' | 'global' = 'all'): void {
  const wanted = ({ source }: WatchedCalls): boolean => which === 'all' || globalServices.includes(source);
  const rule = (name: string, description: string, eventPattern: EventPattern) =>
    new Rule(scope, name, { description, eventPattern, targets: [target] });

  for (const calls of changes.filter(wanted)) rule(calls.id, `Plimsoll: calls to ${calls.source} that change something`, patternOf(calls));
  for (const calls of reads.filter(wanted)) {
    const { node } = rule(calls.id, `Plimsoll: calls to ${calls.source} that only read`, patternOf(calls));
    // The L2 construct knows enabled and disabled only.
    (node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }
  if (which === 'global') return;
  rule('GuardDutyFindings', 'Plimsoll: findings of GuardDuty, as signals', {
    source: ['aws.guardduty'],
    detailType: ['GuardDuty Finding'],
  });
}

function patternOf({ source, names }: WatchedCalls): EventPattern {
  const eventName = names.flatMap((name) => (name.endsWith('*') ? Match.prefix(name.slice(0, -1)) : [name]));
  return { source: [source], detailType: ['AWS API Call via CloudTrail'], detail: { eventName } };
}
