import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { at, list, object, text } from '../../shared/model/json.ts';
import { subscriptionPayload } from '../simulation/cloudwatch.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { filterOf } from '../support/filter-pattern.ts';
import { TableStream } from '../support/stream.ts';
import { type Account, roleNamed, roleOf, whoIs } from './account.ts';
import { matchesPattern } from '../support/event-pattern.ts';
import { asLambda } from './implied.ts';
import type { Resource } from './template.ts';

/** A line of a log stream. */
export interface Line {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/** Rounds of streams and queues until nothing moves any more; more means that something goes in circles. */
const mostRounds = 100;

interface PartialFailure {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * What AWS does between the resources of the template: subscription filters, rules, schedules, streams, queues, topics,
 * retries and destinations. Each hop is held against the policy that allows it.
 */
export class Wiring {
  private readonly account: Account;
  private readonly streams: ReadonlyMap<string, TableStream>;
  private readonly undelivered = new Map<string, _Record[]>();
  private readonly tries = new Map<string, number>();
  private readonly sqs: SQSClient;
  /** Events that a function failed on for good: what went to the failure destination. */
  readonly failures: { readonly who: string; readonly why: string }[] = [];

  constructor(account: Account) {
    this.account = account;
    const { template, dynamoDb, messaging } = account;
    const tables = template.all('AWS::DynamoDB::Table').filter(({ properties }) => at(properties, 'StreamSpecification') !== undefined);
    this.streams = new Map(
      tables.map(({ id }) => [`${template.arnOf(id)}/stream`, new TableStream(dynamoDb, template.nameOf(id))] as const),
    );
    this.sqs = new SQSClient({ endpoint: messaging.address, region: localRegion, credentials: localCredentials });
  }

  /** Lines come into a log group: every subscription filter on it delivers what its pattern lets through. */
  async log(group: string, stream: string, lines: readonly Line[]): Promise<void> {
    const { template } = this.account;
    const here = template.all('AWS::Logs::SubscriptionFilter').filter(({ properties }) => at(properties, 'LogGroupName') === group);
    if (here.length === 0) throw new Error(`nothing is subscribed to ${group}`);
    for (const { properties } of here) {
      const passes = filterOf(text(at(properties, 'FilterPattern')) ?? '');
      const wanted = lines.filter((line) => passes(line.text) !== false);
      if (wanted.length === 0) continue;
      const texts = wanted.map((line) => line.text);
      const times = wanted.map((line) => line.at);
      const target = this.account.functionAt(String(at(properties, 'DestinationArn')));
      const { account, region } = template.place;
      this.mayInvoke('logs.amazonaws.com', target, `arn:aws:logs:${region}:${account}:log-group:${group}:*`);
      await this.invokeLater(target, { awslogs: { data: subscriptionPayload(group, stream, texts, times) } });
    }
  }

  /** An event on the default bus. Returns how many rules took it. */
  async event(event: unknown): Promise<number> {
    const { template } = this.account;
    const rules = template
      .all('AWS::Events::Rule')
      .filter(
        ({ properties }) =>
          at(properties, 'State') === 'ENABLED' || at(properties, 'State') === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      )
      .filter(({ properties }) => at(properties, 'EventPattern') !== undefined && matchesPattern(at(properties, 'EventPattern'), event));
    for (const { id, properties } of rules) {
      for (const target of list(at(properties, 'Targets'))) {
        const function_ = this.account.functionAt(String(at(target, 'Arn')));
        this.mayInvoke('events.amazonaws.com', function_, template.arnOf(id));
        await this.invokeLater(function_, transformed(target, event));
      }
    }
    return rules.length;
  }

  /** All schedules whose target is the function of this name fire. */
  async schedule(who: string, time: string): Promise<void> {
    const { permissions, template } = this.account;
    let fired = 0;
    for (const { properties } of template.all('AWS::Scheduler::Schedule')) {
      const arn = String(at(properties, 'Target', 'Arn'));
      const target = this.account.functionAt(arn);
      if (whoIs(target) !== who) continue;
      const role = roleNamed(at(properties, 'Target', 'RoleArn'));
      permissions.asRole(role, 'scheduler', { action: 'lambda:InvokeFunction', resource: arn, context: {} });
      const input = (text(at(properties, 'Target', 'Input')) ?? '{}').replaceAll('<aws.scheduler.scheduled-time>', time);
      await this.invokeLater(target, JSON.parse(input));
      fired += 1;
    }
    if (fired === 0) throw new Error(`no schedule has ${who} as its target`);
  }

  /** Delivers what log groups, streams and queues hold until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      let moved = 0;
      for (const { group, stream, lines } of this.account.logService.taken()) {
        await this.log(group, stream, lines);
        moved += 1;
      }
      const changes = new Map<string, readonly _Record[]>();
      for (const [arn, stream] of this.streams) changes.set(arn, await stream.changes());
      for (const mapping of this.account.template.all('AWS::Lambda::EventSourceMapping')) moved += await this.deliver(mapping, changes);
      if (moved === 0) return;
    }
    throw new Error(`still moving after ${String(mostRounds)} rounds`);
  }

  stop(): void {
    this.sqs.destroy();
  }

  /** As an asynchronous invocation: what fails is tried again as the template says, then kept. */
  private async invokeLater(target: Resource, event: unknown): Promise<void> {
    const { template } = this.account;
    const config = template
      .all('AWS::Lambda::EventInvokeConfig')
      .find(({ properties }) => at(properties, 'FunctionName') === template.nameOf(target.id));
    const attempts = 1 + Number(at(config?.properties, 'MaximumRetryAttempts') ?? 2);
    let why = '';
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      try {
        await this.invoke(target, event);
        return;
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
    this.fail(target, why, text(at(config?.properties, 'DestinationConfig', 'OnFailure', 'Destination')));
  }

  /** What nobody could work on is written where the template says, with the function's own role. */
  private fail(target: Resource, why: string, destination: string | undefined): void {
    const who = whoIs(target);
    this.failures.push({ who, why });
    if (destination === undefined) return;
    if (!destination.startsWith('arn:aws:s3:::')) throw new Error(`${destination}: this kind of destination is not known`);
    const role = roleOf(target);
    const requests = asLambda.failures.map((action) => ({
      action,
      resource: action === 's3:PutObject' ? `${destination}/a-failure` : destination,
      context: {},
    }));
    for (const request of requests) this.account.permissions.asRole(role, who, request);
  }

  private async deliver(mapping: Resource, changes: ReadonlyMap<string, readonly _Record[]>): Promise<number> {
    const { properties } = mapping;
    const source = String(at(properties, 'EventSourceArn'));
    const target = this.account.functionAt(String(at(properties, 'FunctionName')));
    const stream = source.replace(/\/stream\/.*$/, '/stream');
    if (source.includes(':dynamodb:')) return this.deliverChanges(mapping, target, source, changes.get(stream) ?? []);
    if (source.includes(':sqs:')) return this.deliverLetters(target, source, sized(at(properties, 'BatchSize'), 10));
    throw new Error(`${source}: this kind of event source is not known`);
  }

  /** A stream: filters, batches in order, and from the first that failed on everything comes again. */
  private async deliverChanges(
    { id, properties }: Resource,
    target: Resource,
    source: string,
    changes: readonly _Record[],
  ): Promise<number> {
    for (const action of asLambda.dynamodb)
      this.asLambda(target, action, action === 'dynamodb:ListStreams' ? source.replace(/\/[^/]*$/, '/any') : source);
    const patterns = list(at(properties, 'FilterCriteria', 'Filters')).map(
      (filter) => JSON.parse(text(at(filter, 'Pattern')) ?? '{}') as unknown,
    );
    const wanted = changes.filter((change) => patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, change)));
    const waiting = [...(this.undelivered.get(id) ?? []), ...wanted];
    const batch = waiting.slice(0, sized(at(properties, 'BatchSize'), 100));
    if (batch.length === 0) return 0;
    const failed = await this.failedOf(target, { Records: structuredClone(batch) });
    const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
    const rest = waiting.slice(first < 0 ? batch.length : first);
    this.undelivered.set(id, rest);
    const [poison] = rest;
    if (first >= 0 && poison !== undefined && this.triedTooOften(id, poison, Number(at(properties, 'MaximumRetryAttempts')))) {
      this.undelivered.set(id, rest.slice(1));
      this.fail(target, 'a record of the stream was given up', text(at(properties, 'DestinationConfig', 'OnFailure', 'Destination')));
    }
    return batch.length;
  }

  /** Retries are counted for the record that holds up its shard. */
  private triedTooOften(mapping: string, { dynamodb }: _Record, most: number): boolean {
    const key = `${mapping} ${dynamodb?.SequenceNumber ?? ''}`;
    const tried = (this.tries.get(key) ?? 0) + 1;
    this.tries.set(key, tried);
    return tried > most;
  }

  private async deliverLetters(target: Resource, source: string, most: number): Promise<number> {
    for (const action of asLambda.sqs) this.asLambda(target, action, source);
    const QueueUrl = `${this.account.messaging.address}/${this.account.template.place.account}/${source.split(':').at(-1) ?? ''}`;
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(10, most),
        VisibilityTimeout: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return 0;
    this.mayPublishTo(source);
    const Records = Messages.map(({ MessageId, ReceiptHandle, Body }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      messageAttributes: {},
    }));
    const failed = await this.failedOf(target, { Records });
    for (const { MessageId, ReceiptHandle } of Messages)
      if (!failed.has(MessageId ?? '')) await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.length;
  }

  private async failedOf(target: Resource, event: unknown): Promise<ReadonlySet<string>> {
    const { batchItemFailures } = (await this.invoke(target, event)) as PartialFailure;
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  }

  private async invoke(target: Resource, event: unknown): Promise<unknown> {
    const group = String(at(target.properties, 'LoggingConfig', 'LogGroup'));
    const { account, region } = this.account.template.place;
    for (const action of asLambda.log) this.asLambda(target, action, `arn:aws:logs:${region}:${account}:log-group:${group}:*`);
    return this.account.invoke(target, event);
  }

  private asLambda(target: Resource, action: string, resource: string): void {
    this.account.permissions.asRole(roleOf(target), whoIs(target), { action, resource, context: {} });
  }

  /** A topic hands messages to a queue that lets it, and to a key that lets it. */
  private mayPublishTo(queue: string): void {
    const { permissions, template } = this.account;
    for (const { properties } of template.all('AWS::SNS::Subscription')) {
      if (at(properties, 'Endpoint') !== queue) continue;
      const context = { 'aws:sourcearn': String(at(properties, 'TopicArn')), 'aws:sourceaccount': template.place.account };
      permissions.asService('sns.amazonaws.com', 'sns.amazonaws.com', { action: 'sqs:SendMessage', resource: queue, context });
    }
  }

  private mayInvoke(service: string, target: Resource, source: string): void {
    const { permissions, template } = this.account;
    const context = { 'aws:sourcearn': source, 'aws:sourceaccount': template.place.account };
    permissions.asService(service, service, { action: 'lambda:InvokeFunction', resource: template.arnOf(target.id), context });
  }
}

/** What a target gets of an event. Source: EventBridge user guide, "Input transformation". */
function transformed(target: unknown, event: unknown): unknown {
  const transformer = at(target, 'InputTransformer');
  if (transformer === undefined) return event;
  const paths = Object.entries(object(at(transformer, 'InputPathsMap')) ?? {});
  const template = text(at(transformer, 'InputTemplate')) ?? '';
  const filled = paths.reduce((sum, [name, path]) => {
    const value = at(event, ...String(path).replace(/^\$\./, '').split('.'));
    const json = JSON.stringify(value ?? '');
    return sum.replaceAll(`"<${name}>"`, json).replaceAll(`<${name}>`, json);
  }, template);
  return JSON.parse(filled) as unknown;
}

function sized(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
