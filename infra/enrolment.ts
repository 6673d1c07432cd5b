import { createHash } from 'node:crypto';

import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Match, Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import type { EnrolmentChoice, EnrolmentSettings } from '../shared/contract/enrolment.ts';
import { environment } from '../shared/contract/environment.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { Cluster } from './config.ts';
import { choiceText } from './enrolment-settings.ts';
import type { FailureStore } from './failure-store.ts';
import { Handler, keepFailures, type Surroundings } from './handler.ts';
import { LogRelay } from './log-relay.ts';
import { destinationOf, type LineTaker } from './log-subscription.ts';
import type { Filters } from './subscription-pattern.ts';
import type { Undelivered } from './undelivered.ts';

/** What {@link Enrolment} needs. */
export interface EnrolmentProps {
  readonly choice: EnrolmentChoice;
  /** Clusters that the configuration names: their filters are CloudFormation's. */
  readonly clusters: readonly Cluster[];
  readonly filters: Filters;
  readonly taker: LineTaker;
  readonly surroundings: Surroundings;
  readonly failures: FailureStore;
  readonly undelivered: Undelivered;
}

/** Calls after which it is worth looking again at once; what they say is looked up, not believed. */
const clusterCalls = ['CreateCluster', 'DeleteCluster', 'UpdateClusterConfig', 'TagResource', 'UntagResource'];
const groupCalls = ['CreateLogGroup', 'PutSubscriptionFilter', 'DeleteSubscriptionFilter'];

/** Clusters that nobody named: a function puts the subscription on their log groups, and takes it off when they leave. */
export class Enrolment extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, props: EnrolmentProps) {
    super(scope, id);
    const { choice, clusters, filters, taker, surroundings, failures, undelivered } = props;
    const destination = destinationOf(taker);
    const settings: EnrolmentSettings = {
      choice,
      named: clusters.map(({ name }) => name),
      destination: destination.arn,
      ...(destination.role === undefined ? {} : { role: destination.role.roleArn }),
      filters,
    };
    this.handler = new Handler(this, 'Enrol', {
      name: 'enrol',
      description: `Plimsoll: subscribes to ${choiceText(choice)}`,
      surroundings,
      // Five requests a second, of which each log group takes one or more.
      timeout: Duration.minutes(10),
      ...keepFailures(failures),
      environment: { [environment.enrolment]: JSON.stringify(settings) },
    });
    this.#allow(destination.role?.roleArn);

    const target = new LambdaFunction(this.handler, {
      deadLetterQueue: undelivered.ofRules,
      retryAttempts: 185,
      maxEventAge: Duration.hours(24),
    });
    const rule = (name: string, what: string, source: string, detail: EventPattern['detail']) =>
      new Rule(this, name, {
        description: `Plimsoll: enrolment looks again after calls on ${what}`,
        eventPattern: { source: [source], detailType: ['AWS API Call via CloudTrail'], detail: detail ?? {} },
        targets: [target],
      });
    rule('Clusters', 'clusters', 'aws.eks', { eventName: clusterCalls });
    rule('Groups', 'log groups of clusters', 'aws.logs', {
      eventName: groupCalls,
      requestParameters: { logGroupName: Match.prefix('/aws/eks/') },
    });

    const order = new CustomResource(this, 'Order', {
      resourceType: 'Custom::PlimsollEnrolment',
      serviceToken: this.handler.functionArn,
      serviceTimeout: Duration.minutes(20),
      // Whatever changes here has it looked at anew with the deployment; the last destination is told to the next one.
      properties: { destination: destination.arn, role: destination.role?.roleArn, settings: digestOf({ choice, clusters, filters }) },
    });
    // It must be able to do its work until the resource is gone.
    if (this.handler.role !== undefined) order.node.addDependency(this.handler.role);
    if (taker instanceof LogRelay) order.node.addDependency(taker);
    else order.node.addDependency(this.#invoking(taker));
  }

  /** One for all log groups of clusters: a function's policy has room for some forty, and their names are not known. */
  #invoking(handler: Handler): CfnPermission {
    return new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: this.#arn('logs', 'log-group:/aws/eks/*/cluster:*'),
    });
  }

  #allow(relayRole: string | undefined): void {
    const allow = (actions: string[], [service, resource]: readonly [string, string] | readonly ['*', ''], why: string): void => {
      const arn = service === '*' ? service : this.#arn(service, resource);
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources: [arn] }));
      const known = service === '*' ? service : `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
      acknowledgeWildcard(this.handler, known, why);
    };
    allow(
      ['logs:PutSubscriptionFilter', 'logs:DeleteSubscriptionFilter', 'logs:DescribeSubscriptionFilters'],
      ['logs', 'log-group:/aws/eks/*'],
      'Log groups of clusters that are not known yet: EKS chooses the beginning of their names.',
    );
    allow(
      ['logs:DescribeLogGroups'],
      ['logs', 'log-group:*'],
      'The call lists log groups by a beginning of names, which no policy can name.',
    );
    allow(['eks:DescribeCluster'], ['eks', 'cluster/*'], 'Whether a cluster is to be enrolled shows only when it was described.');
    allow(['eks:ListClusters'], ['*', ''], 'The call lists all clusters and takes no resource.');
    if (relayRole === undefined) return;
    this.handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [relayRole],
        conditions: { StringEquals: { 'iam:PassedToService': 'logs.amazonaws.com' } },
      }),
    );
  }

  #arn(service: string, resource: string): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:${service}:${region}:${account}:${resource}`;
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
