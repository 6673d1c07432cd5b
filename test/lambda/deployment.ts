import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { LocalDynamoDb, localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalHttp } from '../support/http.ts';
import { LambdaFunction } from '../support/lambda.ts';
import { BuiltStack } from '../support/stack.ts';
import { matchesPattern } from '../support/event-pattern.ts';
import { TableStream } from '../support/stream.ts';

const deadLettersOf = (channel: string) => `${channel}-dead-letters`;
const mailbox = 'mailbox';
const orders = 'recompute';
/** Rounds of stream and queue until nothing moves any more; more means that something goes in circles. */
const mostRounds = 60;

interface PartialFailure {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The stack on local servers: built bundles, tables with a stream, topics, queues, secrets, and a server that answers as Slack does. */
export class Deployment {
  readonly stack: BuiltStack;
  readonly dynamoDb: LocalDynamoDb;
  readonly slack: LocalHttp;
  private readonly messaging: FauxqsServer;
  private readonly secrets: LocalHttp;
  private readonly sqs: SQSClient;
  /** Queues and the functions that read them. */
  private readonly queues: readonly (readonly [url: string, reader: string])[];
  private readonly references: Readonly<Record<string, string>>;
  private readonly functions = new Map<string, LambdaFunction>();
  private readonly stream: TableStream;
  private readonly undelivered = new Map<string, _Record[]>();

  private constructor(stack: BuiltStack, dynamoDb: LocalDynamoDb, messaging: FauxqsServer, slack: LocalHttp, secrets: LocalHttp) {
    this.stack = stack;
    this.dynamoDb = dynamoDb;
    this.messaging = messaging;
    this.slack = slack;
    this.secrets = secrets;
    this.stream = new TableStream(dynamoDb, 'FindingsTable');
    this.sqs = new SQSClient({ endpoint: messaging.address, region: localRegion, credentials: localCredentials });
    const { topicArn } = messaging.createTopic('alerts', { region: localRegion });
    const channels = stack.channels().map(({ reader, filterPolicy, raw, maxReceiveCount }) => {
      const { queueArn } = messaging.createQueue(deadLettersOf(reader), { region: localRegion });
      const redrive = JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount });
      const { queueUrl } = messaging.createQueue(reader, { region: localRegion, attributes: { RedrivePolicy: redrive } });
      const attributes = { RawMessageDelivery: String(raw), FilterPolicy: filterPolicy };
      messaging.subscribe({ topic: 'alerts', queue: reader, region: localRegion, attributes });
      return [queueUrl, reader] as const;
    });
    const ordersUrl = messaging.createQueue(orders, { region: localRegion }).queueUrl;
    this.queues = [...channels, [ordersUrl, 'recompute-baselines']];
    const mail = messaging.createTopic('mail', { region: localRegion });
    messaging.createQueue(mailbox, { region: localRegion });
    messaging.subscribe({ topic: 'mail', queue: mailbox, region: localRegion, attributes: { RawMessageDelivery: 'true' } });
    // The SDK goes to the host that a queue's URL names.
    const reachable = new URL(new URL(ordersUrl).pathname, messaging.address).href;
    this.references = { AlertTopic: topicArn, MailTopic: mail.topicArn, [stack.recomputeQueue()]: reachable };
  }

  static async start(): Promise<Deployment> {
    const [stack, dynamoDb, messaging, slack] = await Promise.all([
      BuiltStack.build(),
      LocalDynamoDb.start(),
      startFauxqs({ port: 0, logger: false, defaultRegion: localRegion }),
      LocalHttp.start({ status: 200, body: 'ok' }),
    ]);
    const secrets = await LocalHttp.start(({ body }) => {
      const SecretString = body.includes('bot') ? 'xoxb-very-secret' : `${slack.url}/services/T0/B0/very-secret`;
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify({ SecretString }) };
    });
    for (const { name, stream } of stack.tables()) {
      await dynamoDb.createTable(
        name,
        stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {},
      );
    }
    return new Deployment(stack, dynamoDb, messaging, slack, secrets);
  }

  /** An execution environment of a function; `another` starts one beside the first, as concurrency does. */
  environmentOf(name: string, another = ''): LambdaFunction {
    const known = this.functions.get(name + another);
    if (known !== undefined) return known;
    const made = new LambdaFunction(this.stack.functionNamed(name, this.references), this.lambdaEnvironment());
    this.functions.set(name + another, made);
    return made;
  }

  /** What Lambda itself sets, and where the local servers are. */
  lambdaEnvironment(): Record<string, string> {
    return {
      AWS_REGION: localRegion,
      AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: this.dynamoDb.endpoint,
      AWS_ENDPOINT_URL_SNS: this.messaging.address,
      AWS_ENDPOINT_URL_SQS: this.messaging.address,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: this.secrets.url,
    };
  }

  invoke(name: string, event: unknown): Promise<unknown> {
    return this.environmentOf(name).invoke(event);
  }

  /** Delivers what stream and queues hold until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const changes = await this.stream.changes();
      const delivered = (await this.feed('triage', changes)) + (await this.feed('notify', changes));
      let letters = 0;
      for (const [url, reader] of this.queues) letters += await this.deliverLetters(url, reader);
      if (delivered === 0 && letters === 0) return;
    }
    throw new Error(`still moving after ${String(mostRounds)} rounds`);
  }

  /** Bodies of messages that nobody could deliver, of one channel or of all. */
  deadLetters(channel?: string): readonly string[] {
    const all = this.stack.channels().map(({ reader }) => reader);
    return all.filter((reader) => channel === undefined || reader === channel).flatMap((reader) => this.bodiesIn(deadLettersOf(reader)));
  }

  /** What was mailed. */
  mail(): readonly string[] {
    return this.bodiesIn(mailbox);
  }

  /** The code of a channel's function, delivering to a channel that the example has not. */
  channelLike(reader: string, environment: Readonly<Record<string, string>>): LambdaFunction {
    const built = this.stack.functionNamed(reader, this.references);
    const made = new LambdaFunction({ ...built, environment: { ...built.environment, ...environment } }, this.lambdaEnvironment());
    this.functions.set(`${reader} ${JSON.stringify(environment)}`, made);
    return made;
  }

  private bodiesIn(queue: string): readonly string[] {
    return this.messaging.inspectQueue(queue)?.messages.ready.map(({ body }) => body) ?? [];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.functions.values()].map((each) => each.stop()));
    this.sqs.destroy();
    this.dynamoDb.stop();
    await Promise.all([this.messaging.stop(), this.slack.stop(), this.secrets.stop()]);
    this.stack.dispose();
  }

  /** As an event source mapping does: filters, one batch, and what failed comes again. */
  private async feed(name: string, changes: readonly _Record[]): Promise<number> {
    const filters = this.stack.streamFilters(name);
    const wanted = changes.filter((change) => filters.some((filter) => matchesPattern(filter, change)));
    const batch = [...(this.undelivered.get(name) ?? []), ...wanted];
    if (batch.length === 0) return 0;
    const { batchItemFailures } = (await this.invoke(name, { Records: structuredClone(batch) })) as PartialFailure;
    const first = batch.findIndex(({ dynamodb }) =>
      batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === dynamodb?.SequenceNumber),
    );
    this.undelivered.set(name, first < 0 ? [] : batch.slice(first));
    return batch.length;
  }

  /** As SQS and its event source mapping do, except that what failed is visible again at once. */
  private async deliverLetters(url: string, reader: string): Promise<number> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 600,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return 0;
    const Records = Messages.map(({ MessageId, ReceiptHandle, Body }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      messageAttributes: {},
    }));
    const { batchItemFailures } = (await this.invoke(reader, { Records })) as PartialFailure;
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId, ReceiptHandle } of Messages) {
      const handle = { QueueUrl: url, ReceiptHandle };
      if (failed.has(MessageId ?? '')) await this.sqs.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 }));
      else await this.sqs.send(new DeleteMessageCommand(handle));
    }
    return Messages.length;
  }
}
