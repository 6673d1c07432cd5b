import { Duration } from 'aws-cdk-lib';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';

import { callRules } from './api-rules.ts';
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
    callRules(this, target);
  }
}
