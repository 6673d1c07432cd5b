import { Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscriptionFilter, FilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';

import type { Handler } from './handler.ts';
import { LogRelay } from './log-relay.ts';
import type { Filters } from './subscription-pattern.ts';

/** What takes the lines of log groups: the function that judges them, or the data stream before it. */
export type LineTaker = Handler | LogRelay;

/** What a subscription filter names: where lines go, and as whom they are written into a data stream. */
export function destinationOf(taker: LineTaker): { readonly arn: string; readonly role?: IRole } {
  return taker instanceof LogRelay ? taker.bind() : { arn: taker.functionArn };
}

/** What {@link LogSubscription} needs. */
export interface LogSubscriptionProps {
  readonly logGroup: ILogGroup;
  readonly filters: Filters;
  readonly taker: LineTaker;
  /** What the log group is called in alarm texts. */
  readonly label: string;
  /** Whether hours without a line are nothing to worry about. */
  readonly mayBeSilent?: boolean;
  /** Lines within five minutes that are ours, and no sign that anybody else writes. */
  readonly ownLines?: number;
}

/** One log group whose lines go to one function, by way of a data stream or at once. */
export class LogSubscription extends Construct {
  readonly logGroup: ILogGroup;
  readonly label: string;
  readonly filters: Filters;
  /** How CloudWatch's metrics name the kind of destination. */
  readonly destinationType: 'Lambda' | 'Kinesis';
  readonly mayBeSilent: boolean;
  readonly ownLines: number;

  constructor(scope: Construct, id: string, { logGroup, filters, taker, label, mayBeSilent = false, ownLines = 0 }: LogSubscriptionProps) {
    super(scope, id);
    this.logGroup = logGroup;
    this.label = label;
    this.filters = filters;
    this.mayBeSilent = mayBeSilent;
    this.ownLines = ownLines;
    this.destinationType = taker instanceof LogRelay ? 'Kinesis' : 'Lambda';
    const [destination, permission] = taker instanceof LogRelay ? [taker, taker] : this.#invoking(taker);
    let before: Construct | undefined;
    for (const { name, pattern } of filters) {
      const filter = new SubscriptionFilter(this, before === undefined ? 'Filter' : `Filter ${name}`, {
        logGroup,
        filterName: name,
        filterPattern: pattern === '' ? FilterPattern.allEvents() : FilterPattern.literal(pattern),
        destination,
      });
      // One log stream would go to one shard; what is judged may come in any order. CDK lets only its own destination say so,
      // which would let the role pass itself on.
      if (taker instanceof LogRelay && CfnSubscriptionFilter.isCfnSubscriptionFilter(filter.node.defaultChild))
        filter.node.defaultChild.distribution = 'Random';
      // CloudWatch Logs tries the destination when the filter is made, and refuses a filter that it may not deliver to.
      filter.node.addDependency(permission);
      // It also refuses two changes of one log group at once.
      if (before !== undefined) filter.node.addDependency(before);
      before = filter;
    }
  }

  /** CDK's own permission names the log group but no account; a log group's name can be the same in another one. */
  #invoking(handler: Handler): readonly [LambdaDestination, CfnPermission] {
    const permission = new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: this.logGroup.logGroupArn,
    });
    return [new LambdaDestination(handler, { addPermissions: false }), permission];
  }
}
