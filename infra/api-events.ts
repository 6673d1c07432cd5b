import { Duration } from 'aws-cdk-lib';
import { type CfnRule, type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';

import { changes, reads, type WatchedCalls } from './api-calls.ts';
import type { Analysis } from './analysis.ts';
import type { Undelivered } from './undelivered.ts';

/** What {@link ApiEvents} needs. */
export interface ApiEventsProps {
  readonly analysis: Analysis;
  /** Takes the events that EventBridge could not hand over. */
  readonly undelivered: Undelivered;
}

/**
 * Events of the default bus that one function judges. Calls arrive only where a CloudTrail trail records management
 * events: without one EventBridge carries none.
 */
export class ApiEvents extends Construct {
  constructor(scope: Construct, id: string, { analysis, undelivered }: ApiEventsProps) {
    super(scope, id);
    const target = new LambdaFunction(analysis, {
      deadLetterQueue: undelivered.ofRules,
      retryAttempts: 185,
      maxEventAge: Duration.hours(24),
    });
    const rule = (name: string, description: string, eventPattern: EventPattern) =>
      new Rule(this, name, { description, eventPattern, targets: [target] });

    for (const calls of changes) rule(calls.id, `Plimsoll: calls to ${calls.source} that change something`, patternOf(calls));
    for (const calls of reads) {
      const { node } = rule(calls.id, `Plimsoll: calls to ${calls.source} that only read`, patternOf(calls));
      // The L2 construct knows enabled and disabled only.
      (node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    }
    rule('GuardDutyFindings', 'Plimsoll: findings of GuardDuty, as signals', {
      source: ['aws.guardduty'],
      detailType: ['GuardDuty Finding'],
    });
  }
}

function patternOf({ source, names }: WatchedCalls): EventPattern {
  const eventName = names.flatMap((name) => (name.endsWith('*') ? Match.prefix(name.slice(0, -1)) : [name]));
  return { source: [source], detailType: ['AWS API Call via CloudTrail'], detail: { eventName } };
}
