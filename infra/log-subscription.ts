import { Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';

import type { Handler } from './handler.ts';
import type { Filters } from './subscription-pattern.ts';

/** What {@link LogSubscription} needs. */
export interface LogSubscriptionProps {
  readonly logGroup: ILogGroup;
  readonly filters: Filters;
  readonly handler: Handler;
  /** What the log group is called in alarm texts. */
  readonly label: string;
  /** Whether hours without a line are nothing to worry about. */
  readonly mayBeSilent?: boolean;
}

/** One log group whose lines go to one function. */
export class LogSubscription extends Construct {
  readonly logGroup: ILogGroup;
  readonly label: string;
  readonly filters: Filters;
  readonly mayBeSilent: boolean;

  constructor(scope: Construct, id: string, { logGroup, filters, handler, label, mayBeSilent = false }: LogSubscriptionProps) {
    super(scope, id);
    this.logGroup = logGroup;
    this.label = label;
    this.filters = filters;
    this.mayBeSilent = mayBeSilent;
    // CDK's own permission names the log group but no account; a log group's name can be the same in another one.
    const permission = new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: logGroup.logGroupArn,
    });
    let before: Construct | undefined;
    for (const { name, pattern } of filters) {
      const filter = new SubscriptionFilter(this, before === undefined ? 'Filter' : `Filter ${name}`, {
        logGroup,
        filterName: name,
        filterPattern: pattern === '' ? FilterPattern.allEvents() : FilterPattern.literal(pattern),
        destination: new LambdaDestination(handler, { addPermissions: false }),
      });
      // CloudWatch Logs calls the function when the filter is made, and refuses a filter whose call is refused.
      filter.node.addDependency(permission);
      // It also refuses two changes of one log group at once.
      if (before !== undefined) filter.node.addDependency(before);
      before = filter;
    }
  }
}
