import { createHash } from 'node:crypto';
import { at, list, text } from '../../shared/model/json.ts';
import type { Call } from './calls.ts';
import type { Answer } from './gateway.ts';
import type { Template } from './template.ts';

/** Answers the calls of a service, by `service:Operation`. */
export type Desk = Readonly<Record<string, (call: Call) => Answer>>;

/** Clusters of the account: those that the template watches, and one that nobody named. */
const unnamed = 'shadow';

/**
 * AWS as the coverage check asks after it, answered from the template: what was deployed is there and as it was deployed. Sources: API
 * references of the services.
 */
export function controlPlane(template: Template): Desk {
  return { ...clustersAndLogs(template), ...functionsAndEvents(template), ...restOf(template) };
}

function clustersAndLogs(template: Template): Desk {
  const { account, region } = template.place;
  const filters = template.all('AWS::Logs::SubscriptionFilter').map(({ properties }) => properties);
  const groupNames = new Set(filters.map((filter) => String(at(filter, 'LogGroupName'))));
  const clusters = [...groupNames].flatMap((name) => /^\/aws\/eks\/([^/]+)\/cluster$/.exec(name)?.[1] ?? []);
  const groups = [...groupNames].map((logGroupName) => ({
    logGroupName,
    arn: `arn:aws:logs:${region}:${account}:log-group:${logGroupName}:*`,
    retentionInDays: 90,
  }));
  return {
    'eks:ListClusters': () => json({ clusters: [...clusters, unnamed] }),
    'eks:DescribeCluster': ({ input }) => json({ cluster: clusterNamed(String(at(input, 'name'))) }),
    'logs:DescribeLogGroups': ({ input }) => {
      const prefix = String(at(input, 'logGroupNamePrefix'));
      return json({ logGroups: groups.filter(({ logGroupName }) => logGroupName.startsWith(prefix)) });
    },
    'logs:DescribeSubscriptionFilters': ({ input }) => {
      const mine = filters.filter((filter) => at(filter, 'LogGroupName') === at(input, 'logGroupName'));
      const subscriptionFilters = mine.map((filter) => ({
        filterName: at(filter, 'FilterName'),
        filterPattern: at(filter, 'FilterPattern'),
        destinationArn: at(filter, 'DestinationArn'),
      }));
      return json({ subscriptionFilters });
    },
    'ec2:DescribeFlowLogs': () =>
      xml(`<DescribeFlowLogsResponse><flowLogSet>${flowLogsIn(template)}</flowLogSet></DescribeFlowLogsResponse>`),
    'cloudtrail:DescribeTrails': () =>
      json({ trailList: [{ Name: 'all', TrailARN: `arn:aws:cloudtrail:${region}:${account}:trail/all` }] }),
    'cloudtrail:GetTrailStatus': () => json({ IsLogging: true }),
    'cloudtrail:GetEventSelectors': () =>
      json({ AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] }),
  };
}

function clusterNamed(name: string): unknown {
  return {
    name,
    status: 'ACTIVE',
    resourcesVpcConfig: { vpcId: 'vpc-0123456789abcdef0', endpointPublicAccess: true, publicAccessCidrs: ['192.0.2.0/24'] },
    logging: { clusterLogging: [{ types: ['audit', 'authenticator'], enabled: true }] },
    accessConfig: { authenticationMode: 'API' },
  };
}

/** Those that the stack makes, and one that writes to each group that it only reads. */
function flowLogsIn(template: Template): string {
  const own = template.all('AWS::EC2::FlowLog').map(({ properties }) => ({
    group: String(at(properties, 'LogGroupName')),
    format: String(at(properties, 'LogFormat')),
  }));
  const [{ format } = { format: '' }] = own;
  const read = template.all('AWS::Logs::SubscriptionFilter').map(({ properties }) => String(at(properties, 'LogGroupName')));
  const others = read.filter((group) => !group.startsWith('/aws/eks/') && own.every((each) => each.group !== group));
  return [...own, ...others.map((group) => ({ group, format }))]
    .map(
      (each, number) =>
        `<item><flowLogId>fl-${String(number)}</flowLogId><resourceId>vpc-0</resourceId><flowLogStatus>ACTIVE</flowLogStatus>` +
        `<deliverLogsStatus>SUCCESS</deliverLogsStatus><logGroupName>${each.group}</logGroupName><trafficType>ALL</trafficType>` +
        `<logDestinationType>cloud-watch-logs</logDestinationType><logFormat>${each.format}</logFormat></item>`,
    )
    .join('');
}

function functionsAndEvents(template: Template): Desk {
  const named = (type: string, name: unknown): unknown =>
    template.all(type).find(({ id }) => template.nameOf(id) === name || template.arnOf(id) === name)?.properties;
  return {
    'lambda:GetFunctionConfiguration': ({ input }) => {
      const name = at(input, 'FunctionName');
      const properties = named('AWS::Lambda::Function', name);
      if (properties === undefined) return refused('ResourceNotFoundException');
      const code = createHash('sha256')
        .update(JSON.stringify(at(properties, 'Code')))
        .digest('base64');
      return json({ FunctionName: name, FunctionArn: functionArn(template, String(name)), CodeSha256: code });
    },
    'lambda:GetFunctionConcurrency': () => json({}),
    'lambda:GetPolicy': ({ input }) =>
      json({ Policy: JSON.stringify({ Statement: permissionsOf(template, String(at(input, 'FunctionName'))) }) }),
    'lambda:GetEventSourceMapping': () => json({ State: 'Enabled' }),
    'events:DescribeRule': ({ input }) => json({ State: at(named('AWS::Events::Rule', at(input, 'Name')), 'State') }),
    'events:ListTargetsByRule': ({ input }) => {
      const targets = list(at(named('AWS::Events::Rule', at(input, 'Rule')), 'Targets'));
      return json({ Targets: targets.map((target) => ({ Id: at(target, 'Id'), Arn: at(target, 'Arn') })) });
    },
    'scheduler:GetSchedule': ({ input }) => {
      const properties = named('AWS::Scheduler::Schedule', at(input, 'Name'));
      return properties === undefined ? refused('ResourceNotFoundException') : json({ State: at(properties, 'State') });
    },
  };
}

function functionArn(template: Template, name: string): string {
  const found = template.all('AWS::Lambda::Function').find(({ id }) => template.nameOf(id) === name);
  return found === undefined ? name : template.arnOf(found.id);
}

function permissionsOf(template: Template, name: string): unknown[] {
  return template
    .all('AWS::Lambda::Permission')
    .map(({ properties }) => properties)
    .filter((properties) => at(properties, 'FunctionName') === functionArn(template, name))
    .map((properties) => ({
      Effect: 'Allow',
      Principal: { Service: at(properties, 'Principal') },
      Action: at(properties, 'Action'),
      Condition: {
        ...(at(properties, 'SourceAccount') === undefined
          ? {}
          : { StringEquals: { 'AWS:SourceAccount': at(properties, 'SourceAccount') } }),
        ...(at(properties, 'SourceArn') === undefined ? {} : { ArnLike: { 'AWS:SourceArn': at(properties, 'SourceArn') } }),
      },
    }));
}

function restOf(template: Template): Desk {
  return {
    'sns:ListSubscriptionsByTopic': ({ input }) => {
      const mine = template.all('AWS::SNS::Subscription').filter(({ properties }) => at(properties, 'TopicArn') === at(input, 'TopicArn'));
      const members = mine.map(
        ({ id, properties }) => `<member><SubscriptionArn>${text(at(properties, 'TopicArn')) ?? ''}:${id}</SubscriptionArn></member>`,
      );
      return xml(
        `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult>` +
          `<Subscriptions>${members.join('')}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
      );
    },
    'monitoring:DescribeAlarms': () => {
      const MetricAlarms = template
        .all('AWS::CloudWatch::Alarm')
        .map(({ id }) => ({ AlarmName: template.nameOf(id), ActionsEnabled: true }));
      return json({ MetricAlarms });
    },
  };
}

function json(value: unknown): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function xml(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

function refused(name: string): Answer {
  return { status: 404, headers: { 'content-type': 'application/json', 'x-amzn-errortype': name }, body: JSON.stringify({ __type: name }) };
}
