import { Arn, ArnFormat, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule, EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, type Schedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnSubscription, CfnTopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';

import type { Deployed } from '../shared/contract/deployed.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { Configuration } from './config.ts';
import type { FailureStore } from './failure-store.ts';
import { Handler, keepFailures, type Surroundings } from './handler.ts';
import type { Pipeline } from './pipeline.ts';
import type { Tables } from './tables.ts';

/** What {@link Coverage} needs. */
export interface CoverageProps {
  readonly configuration: Configuration;
  readonly surroundings: Surroundings;
  readonly tables: Tables;
  readonly failures: FailureStore;
  readonly pipeline: Pipeline;
}

/** Calls after which it is worth looking before the next tick. */
const telling = {
  sources: ['aws.eks', 'aws.logs', 'aws.ec2', 'aws.cloudtrail', 'aws.events', 'aws.lambda'],
  names: [
    ...['CreateCluster', 'DeleteCluster', 'UpdateClusterConfig', 'DeleteLogGroup', 'PutSubscriptionFilter', 'DeleteSubscriptionFilter'],
    ...['CreateFlowLogs', 'DeleteFlowLogs', 'StartLogging', 'StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'],
    ...['DisableRule', 'DeleteRule', 'RemoveTargets'],
  ],
  // CloudTrail adds the version of Lambda's API to the name.
  prefixes: ['RemovePermission2', 'UpdateEventSourceMapping2', 'PutFunctionConcurrency2'],
};

/** Looks every few minutes at whether every cluster is watched, and whether everything here is as it was deployed. */
export class Coverage extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { configuration, surroundings, tables, failures, pipeline }: CoverageProps) {
    super(scope, id);
    this.handler = new Handler(this, 'CheckCoverage', {
      name: 'check-coverage',
      description: 'Plimsoll: looks at what is watched and what is not',
      surroundings,
      timeout: Duration.minutes(3),
      ...keepFailures(failures),
    });
    tables.grantState(this.handler);
    tables.grantRecordFindings(this.handler);
    this.#allowLooking();

    const target = new LambdaFunction(this.handler, {
      deadLetterQueue: pipeline.undelivered.ofRules,
      retryAttempts: 2,
      // The schedule looks anyway.
      maxEventAge: Duration.minutes(10),
      event: RuleTargetInput.fromObject({ tick: true, time: EventField.time }),
    });
    new Rule(this, 'Changes', {
      description: 'Plimsoll: calls after which coverage is checked',
      eventPattern: {
        source: telling.sources,
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventName: [...telling.names, ...telling.prefixes.flatMap((prefix) => Match.prefix(prefix))] },
      },
      targets: [target],
    });
    // What is in the stack is known when all of it was made.
    const schedule: Schedule = pipeline.schedules.checkCoverage(
      this.handler,
      Lazy.any({ produce: () => deployedIn(Stack.of(this), schedule, { configuration, pipeline, tables }) }),
    );
  }

  /** Every call reads settings and no data. What has names of ours is asked by them. */
  #allowLooking(): void {
    const stack = Stack.of(this);
    const arn = (service: string, resource: string, format = ArnFormat.SLASH_RESOURCE_NAME, anywhere = false): string => {
      const [kind = '', resourceName] = resource.split(' ');
      const named = resourceName === undefined ? {} : { resourceName };
      return Arn.format(
        { service, resource: kind, ...named, arnFormat: format, ...(anywhere ? { region: '*', account: '*' } : {}) },
        stack,
      );
    };
    const { COLON_RESOURCE_NAME: colon, NO_RESOURCE_NAME: none, SLASH_RESOURCE_NAME: slash } = ArnFormat;
    const own = stack.stackName;
    const looks: readonly (readonly [actions: readonly string[], resource: string, reason: string])[] = [
      // These list, and take no resource. Source: Service Authorization Reference of EKS, EC2 and CloudTrail.
      [['eks:ListClusters', 'ec2:DescribeFlowLogs', 'cloudtrail:DescribeTrails'], '*', 'These calls list and take no resource.'],
      [['eks:DescribeCluster'], arn('eks', 'cluster *'), 'Every cluster of the Region is asked after, above all those that nobody named.'],
      [
        ['logs:DescribeLogGroups', 'logs:DescribeSubscriptionFilters'],
        arn('logs', 'log-group *', colon),
        'Log groups are asked after by the names of clusters that are found.',
      ],
      [
        ['cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
        arn('cloudtrail', 'trail *', slash, true),
        'Trails of the organisation belong to another account, and may be at home in another Region.',
      ],
      [
        ['lambda:GetFunctionConfiguration', 'lambda:GetFunctionConcurrency', 'lambda:GetPolicy'],
        arn('lambda', `function ${own}-*`, colon),
        'A role that named the function it belongs to would wait for it, and it for the role.',
      ],
      [
        ['lambda:GetEventSourceMapping'],
        arn('lambda', 'event-source-mapping *', colon),
        'Lambda gives mappings ids of its own, and no names.',
      ],
      [
        ['events:DescribeRule', 'events:ListTargetsByRule'],
        arn('events', `rule ${own}-*`),
        'One of the rules starts the function itself: each would wait for the other.',
      ],
      [['scheduler:GetSchedule'], arn('scheduler', `schedule ${own}*`), 'Schedules of the stack, in the group that has its name.'],
      [['dynamodb:DescribeTable'], arn('dynamodb', `table ${own}-*`), 'Tables of the stack, by the name that CloudFormation gives them.'],
      [['sns:ListSubscriptionsByTopic'], arn('sns', `${own}-*`, none), 'Topics of the stack, by the name that CloudFormation gives them.'],
      [
        ['cloudwatch:DescribeAlarms'],
        arn('cloudwatch', 'alarm *', colon),
        'Alarms are listed by the beginning of their names, which is permitted for all or for none.',
      ],
    ];
    for (const [actions, resource, reason] of looks) {
      this.handler.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
      acknowledgeWildcard(this.handler, shown(stack, resource), `${reason} The call reads settings and changes nothing.`);
    }
  }
}

/** A resource as cdk-nag shows it. */
function shown(stack: Stack, resource: string): string {
  const resolved: unknown = stack.resolve(resource);
  if (typeof resolved === 'string') return resolved;
  const [, parts] = (resolved as { readonly 'Fn::Join': readonly [string, readonly unknown[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : `<${(part as { readonly Ref: string }).Ref}>`)).join('');
}

/** What the stack consists of, by the names that it will have. */
function deployedIn(
  stack: Stack,
  schedule: Schedule,
  { configuration, pipeline, tables }: Pick<CoverageProps, 'configuration' | 'pipeline' | 'tables'>,
): Deployed {
  const all = stack.node.findAll();
  const of = <T extends IConstruct>(is: (each: IConstruct) => each is T): readonly T[] => all.filter(is);
  const subscriptions = of((each) => each instanceof CfnSubscription);
  const topicOf = (arn: unknown): string => JSON.stringify(stack.resolve(arn));
  const { audit, flow } = pipeline.takers;
  return {
    account: stack.account,
    region: stack.region,
    stateTable: tables.state.tableName,
    clusters: configuration.clusters.map(({ name }) => name),
    filter: configuration.filter ?? 'derived',
    ...(configuration.enrolment === undefined ? {} : { enrolment: configuration.enrolment }),
    audit: audit.arn,
    flow: flow.arn,
    ...(audit.role === undefined ? {} : { auditRole: audit.role.roleArn }),
    ...(flow.role === undefined ? {} : { flowRole: flow.role.roleArn }),
    flowLogs: pipeline.flowSources,
    functions: of((each) => each instanceof Handler).map((each) => ({ name: each.functionName, code: codeOf(each) })),
    mappings: of((each) => each instanceof CfnEventSourceMapping).map(({ ref }) => ref),
    rules: of((each) => each instanceof CfnRule).map(({ ref, state }) => ({ name: ref, state: state ?? 'ENABLED' })),
    // The schedule that says so cannot name itself.
    schedules: of((each) => each instanceof CfnSchedule)
      .filter((each) => each !== schedule.node.defaultChild)
      .map(({ ref, groupName = '' }) => ({ group: groupName, name: ref })),
    tables: of((each) => each instanceof CfnTable).map(({ ref }) => ref),
    topics: of((each) => each instanceof CfnTopic).map(({ ref }) => ({
      arn: ref,
      subscriptions: subscriptions.filter(({ topicArn }) => topicOf(topicArn) === topicOf(ref)).length,
    })),
    alarms: of((each) => each instanceof CfnAlarm).length,
  };
}

/** The name of a function's code in the bucket that it is deployed from: another with every change. */
function codeOf(handler: Handler): string {
  const { code } = handler.node.defaultChild as CfnFunction;
  const { s3Key = '' } = code as CfnFunction.CodeProperty;
  return Token.isUnresolved(s3Key) ? s3Key : s3Key.slice(0, 16);
}
