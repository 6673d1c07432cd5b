import type { Deployed } from '../../shared/contract/deployed.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { controlPlaneFilters } from '../../shared/detect/derive.ts';
import type { AwsAnswer, AwsCall } from './aws.ts';

const region = 'eu-central-1';
const account = '111122223333';
const audit = `arn:aws:lambda:${region}:${account}:function:Plimsoll-Audit`;
const flow = `arn:aws:lambda:${region}:${account}:function:Plimsoll-Flow`;
const topic = `arn:aws:sns:${region}:${account}:Plimsoll-Alerts`;
const flowGroup = '/example/harbour/flow';

/** A small deployment, in which everything is well unless a test says otherwise. */
export const deployed: Deployed = {
  ...{ account, region, stateTable: 'Plimsoll-State', clusters: ['harbour'], filter: 'derived', audit, flow },
  flowLogs: [{ written: flowGroup, cluster: 'harbour', format: flowFormat }],
  functions: [
    { name: 'Plimsoll-Audit', code: 'aa' },
    { name: 'Plimsoll-Flow', code: 'bb' },
  ],
  mappings: ['2f0b6f9e-0000-4000-8000-000000000001'],
  rules: [{ name: 'Plimsoll-Eks', state: 'ENABLED' }],
  schedules: [{ group: 'PlimsollGroup', name: 'Plimsoll-Rollup' }],
  tables: ['Plimsoll-State'],
  topics: [{ arn: topic, subscriptions: 1 }],
  alarms: 1,
};

const groupArn = (name: string): string => `arn:aws:logs:${region}:${account}:log-group:${name}:*`;
const policy = JSON.stringify({
  Statement: ['/aws/eks/harbour/cluster', flowGroup].map((name) => ({
    ...{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'lambda:InvokeFunction' },
    Condition: { StringEquals: { 'AWS:SourceAccount': account }, ArnLike: { 'AWS:SourceArn': groupArn(name) } },
  })),
});
const filter = (name: string, pattern: string, destination: string) => ({
  filterName: name,
  filterPattern: pattern,
  destinationArn: destination,
});
const own = controlPlaneFilters('derived').map(({ name, pattern }) => filter(name, pattern, audit));

const flowLogXml = `<DescribeFlowLogsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><flowLogSet><item>
  <flowLogId>fl-0123456789abcdef0</flowLogId><resourceId>vpc-0a</resourceId><flowLogStatus>ACTIVE</flowLogStatus>
  <deliverLogsStatus>SUCCESS</deliverLogsStatus><logGroupName>${flowGroup}</logGroupName><trafficType>ALL</trafficType>
  <logDestinationType>cloud-watch-logs</logDestinationType>
  <logFormat>${flowFormat
    .split(' ')
    .map((field) => `\${${field}}`)
    .join(' ')}</logFormat></item></flowLogSet></DescribeFlowLogsResponse>`;

const clusters = (names: readonly string[], nextToken?: string) => ({ clusters: names, ...(nextToken === undefined ? {} : { nextToken }) });

/** What a Region answers in which a cluster is watched, and nothing is amiss: by call, for tests to change. */
export function wellAnswers(): Record<string, AwsAnswer | ((call: AwsCall) => AwsAnswer)> {
  const cluster = {
    ...{
      name: 'harbour',
      status: 'ACTIVE',
      resourcesVpcConfig: { vpcId: 'vpc-0a', endpointPublicAccess: true, publicAccessCidrs: ['192.0.2.0/24'] },
    },
    logging: {
      clusterLogging: [
        { types: ['audit'], enabled: true },
        { types: ['scheduler'], enabled: false },
        { types: ['authenticator'], enabled: true },
      ],
    },
    accessConfig: { authenticationMode: 'API' },
  };
  return {
    '/clusters': { json: clusters(['harbour']) },
    '/clusters/harbour': { json: { cluster } },
    DescribeLogGroups: ({ parameters }) => {
      const name = String(parameters['logGroupNamePrefix']);
      return {
        json: {
          logGroups: [
            { logGroupName: `${name}-2`, arn: groupArn(`${name}-2`) },
            { logGroupName: name, arn: groupArn(name), retentionInDays: 90 },
          ],
        },
      };
    },
    DescribeSubscriptionFilters: ({ parameters }) => ({
      json: { subscriptionFilters: parameters['logGroupName'] === flowGroup ? [filter('plimsoll', '', flow)] : own },
    }),
    DescribeFlowLogs: { xml: flowLogXml },
    DescribeTrails: { json: { trailList: [{ Name: 'all', TrailARN: `arn:aws:cloudtrail:${region}:${account}:trail/all` }] } },
    GetTrailStatus: { json: { IsLogging: true } },
    GetEventSelectors: { json: { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] } },
    ...Object.fromEntries(
      ['Plimsoll-Audit', 'Plimsoll-Flow'].flatMap((name): [string, AwsAnswer][] => [
        [
          `/2015-03-31/functions/${name}/configuration`,
          { json: { FunctionArn: name === 'Plimsoll-Audit' ? audit : flow, CodeSha256: `digest of ${name}` } },
        ],
        [`/2019-09-30/functions/${name}/concurrency`, { json: {} }],
        [`/2015-03-31/functions/${name}/policy`, { json: { Policy: policy } }],
      ]),
    ),
    [`/2015-03-31/event-source-mappings/${deployed.mappings[0] ?? ''}`]: { json: { State: 'Enabled' } },
    DescribeRule: { json: { Name: 'Plimsoll-Eks', State: 'ENABLED' } },
    ListTargetsByRule: { json: { Targets: [{ Id: '1', Arn: audit }] } },
    '/schedules': { json: { Schedules: [{ Name: 'Plimsoll-Check', GroupName: 'PlimsollGroup' }] } },
    '/schedules/Plimsoll-Check': { json: { Target: { Arn: 'x', RoleArn: 'y', Input: JSON.stringify({ tick: true, deployed }) } } },
    '/schedules/Plimsoll-Rollup': { json: { State: 'ENABLED' } },
    DescribeTable: { json: { Table: { TableStatus: 'ACTIVE' } } },
    ListSubscriptionsByTopic: {
      xml: `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions><member><SubscriptionArn>${topic}:1</SubscriptionArn></member></Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
    },
    DescribeAlarms: { json: { MetricAlarms: [{ AlarmName: 'Plimsoll-1', ActionsEnabled: true }] } },
    Query: { json: { Items: [], Count: 0 } },
    BatchGetItem: { json: { Responses: {}, UnprocessedKeys: {} } },
  };
}
