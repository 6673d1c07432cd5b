import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
} from '@aws-sdk/client-lambda';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { type Deployed, stackName } from '../contract/deployed.ts';
import type { Asked, FunctionFacts, Named, OwnFacts } from '../coverage/facts.ts';
import { allOf, asked, askedOf } from './coverage-asked.ts';
import type { CoverageClients } from './coverage-clients.ts';
import { inParallel } from './effort.ts';

/** Things of the stack asked after at once. */
const atOnce = 8;

/** What is there of what was deployed. */
export async function ownOf(clients: CoverageClients, deployed: Deployed): Promise<OwnFacts> {
  const { events, scheduler, dynamoDb, sns, lambda } = clients;
  return {
    functions: await named(
      deployed.functions.map(({ name }) => name),
      (name) => functionOf(clients, name),
    ),
    mappings: await named(deployed.mappings, async (UUID) => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State ?? ''),
    rules: await named(
      deployed.rules.map(({ name }) => name),
      async (name) => {
        const { State = '' } = await events.send(new DescribeRuleCommand({ Name: name }));
        const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: name }));
        return { state: State, targets: Targets.map(({ Arn = '' }) => Arn) };
      },
    ),
    schedules: await schedulesOf(scheduler, deployed),
    tables: await named(
      deployed.tables,
      async (TableName) => (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus ?? '',
    ),
    topics: await named(
      deployed.topics.map(({ arn }) => arn),
      async (TopicArn) => {
        const subscriptions = await allOf(paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }), (page) => page.Subscriptions);
        const pending = subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation').length;
        return { confirmed: subscriptions.length - pending, pending };
      },
    ),
    alarms: await alarmsOf(clients.cloudWatch),
  };
}

async function named<T>(names: readonly string[], ask: (name: string) => Promise<T | undefined>): Promise<readonly Named<T>[]> {
  const found = new Map<string, Asked<T | undefined>>();
  await inParallel(names, atOnce, async (name) => {
    found.set(name, await askedOf(() => ask(name)));
  });
  return names.map((name) => ({ name, found: found.get(name) ?? { unknown: 'it was not looked at' } }));
}

async function schedulesOf(client: CoverageClients['scheduler'], { schedules }: Deployed): Promise<OwnFacts['schedules']> {
  const groups = new Map(schedules.map(({ name, group }) => [name, group]));
  return named(
    [...groups.keys()],
    async (Name) => (await client.send(new GetScheduleCommand({ Name, GroupName: groups.get(Name) }))).State ?? '',
  );
}

async function functionOf({ lambda }: CoverageClients, FunctionName: string): Promise<FunctionFacts> {
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  // A function without a policy is answered like one that is not there.
  const policy = await askedOf(async () => (await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy);
  if ('unknown' in policy) throw failureNamed(policy.unknown);
  return {
    arn: configuration.FunctionArn ?? '',
    digest: configuration.CodeSha256 ?? '',
    reserved: ReservedConcurrentExecutions,
    policy: policy.value ?? '',
  };
}

function failureNamed(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}

function alarmsOf(client: CoverageClients['cloudWatch']): Promise<OwnFacts['alarms']> {
  return asked(async () => {
    const alarms = await allOf(
      paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${stackName}-` }),
      ({ MetricAlarms }) => MetricAlarms,
    );
    return {
      count: alarms.length,
      silenced: alarms.filter(({ ActionsEnabled }) => ActionsEnabled === false).map(({ AlarmName = '' }) => AlarmName),
    };
  });
}
