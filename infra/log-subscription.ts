import { Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { type IFilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';

import type { Handler } from './handler.ts';

/** What {@link LogSubscription} needs. */
export interface LogSubscriptionProps {
  readonly logGroup: ILogGroup;
  readonly pattern: IFilterPattern;
  readonly handler: Handler;
  /** What the log group is called in alarm texts. */
  readonly label: string;
}

/** One log group whose lines go to one function. */
export class LogSubscription extends Construct {
  /** Fixed, because metrics carry it, and because putting a filter of the same name replaces ours: D116 looks for it. */
  static readonly filterName = 'plimsoll';
  readonly logGroup: ILogGroup;
  readonly label: string;

  constructor(scope: Construct, id: string, { logGroup, pattern, handler, label }: LogSubscriptionProps) {
    super(scope, id);
    this.logGroup = logGroup;
    this.label = label;
    // CDK's own permission names the log group but no account; a log group's name can be the same in another one.
    const permission = new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: logGroup.logGroupArn,
    });
    const filter = new SubscriptionFilter(this, 'Filter', {
      logGroup,
      filterName: LogSubscription.filterName,
      filterPattern: pattern,
      destination: new LambdaDestination(handler, { addPermissions: false }),
    });
    // CloudWatch Logs calls the function when the filter is made, and refuses a filter whose call is refused.
    filter.node.addDependency(permission);
  }
}
