import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type AttributeDefinition, CreateTableCommand, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { at, list, number, object, text } from '../../shared/model/json.ts';
import { LocalDynamoDb, localRegion } from '../support/dynamodb.ts';
import { LocalHttp } from '../support/http.ts';
import { controlPlane } from './control-plane.ts';
import { type Backend, Gateway, openServer, type Signer } from './gateway.ts';
import { LogService } from './log-service.ts';
import { ObjectStore } from './object-store.ts';
import { Permissions } from './permissions.ts';
import { type Deployed, Runtime } from './runtime.ts';
import { type Resource, Template } from './template.ts';

/** The account that the local servers of SNS and SQS know. */
const account = '000000000000';
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * An AWS account on this machine into which the synthesised template was deployed: tables from their own key schemas,
 * queues, topics and subscriptions as the template has them, and every function in a process of its own, with the role
 * it would have.
 */
export class Account {
  readonly template: Template;
  readonly permissions: Permissions;
  readonly dynamoDb: LocalDynamoDb;
  readonly messaging: FauxqsServer;
  /** Where chats are: answers as Slack does. */
  readonly chat: LocalHttp;
  /** Log groups that functions write lines of their own into. */
  readonly logService: LogService;
  readonly objects: ObjectStore;
  readonly gateway: Gateway;
  private readonly runtimes = new Map<string, Runtime>();
  private readonly home: string;

  private constructor(made: Made, gateway: Gateway) {
    ({ template: this.template, permissions: this.permissions, dynamoDb: this.dynamoDb, messaging: this.messaging } = made);
    this.chat = made.chat;
    this.logService = made.logService;
    this.objects = made.objects;
    this.home = made.home;
    this.gateway = gateway;
  }

  /** Builds the stack as a user would, and deploys it here. */
  static async deploy(): Promise<Account> {
    const home = await synthesised();
    const [dynamoDb, messaging, chat, { server, url }] = await Promise.all([
      LocalDynamoDb.start(),
      startFauxqs({ port: 0, logger: false, defaultRegion: localRegion }),
      LocalHttp.start({ status: 200, body: 'ok' }),
      openServer(),
    ]);
    const template = new Template(join(home, 'Plimsoll.template.json'), home, { account, region: localRegion, queues: url });
    const permissions = new Permissions(template);
    const made = { template, permissions, dynamoDb, messaging, chat, logService: new LogService(), objects: new ObjectStore(), home };
    await createTables(template, dynamoDb);
    createQueues(template, messaging);
    createTopics(template, messaging);
    return new Account(made, gatewayOf(server, made));
  }

  /** The functions, with their roles. */
  functions(): readonly (Resource & { readonly role: string })[] {
    return this.template.all('AWS::Lambda::Function').map((each) => ({ ...each, role: roleOf(each) }));
  }

  /** The function that an ARN or a name stands for. */
  functionAt(reference: string): Resource {
    const found = this.template
      .all('AWS::Lambda::Function')
      .find(({ id }) => this.template.arnOf(id) === reference || this.template.nameOf(id) === reference);
    if (found === undefined) throw new Error(`there is no function ${reference}`);
    return found;
  }

  /** Invokes a function in its own environment. */
  async invoke({ id }: Resource, event: unknown): Promise<unknown> {
    let runtime = this.runtimes.get(id);
    if (runtime === undefined) this.runtimes.set(id, (runtime = await Runtime.start(deployed(this.template, id), this.surroundings(id))));
    return runtime.invoke(event);
  }

  /** What all functions wrote, by name. */
  logs(): ReadonlyMap<string, string> {
    return new Map([...this.runtimes].map(([id, runtime]) => [whoIs(this.template.resource(id)), runtime.log()]));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.runtimes.values()].map((runtime) => runtime.stop()));
    this.dynamoDb.stop();
    await Promise.all([this.messaging.stop(), this.chat.stop(), this.gateway.stop()]);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** What Lambda itself puts into an environment, and the one endpoint that stands for all of AWS. */
  private surroundings(id: string): Record<string, string> {
    return {
      AWS_REGION: localRegion,
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: this.template.place.queues,
    };
  }
}

interface Made {
  readonly template: Template;
  readonly permissions: Permissions;
  readonly dynamoDb: LocalDynamoDb;
  readonly messaging: FauxqsServer;
  readonly chat: LocalHttp;
  readonly logService: LogService;
  readonly objects: ObjectStore;
  readonly home: string;
}

/** The name of a function's file: what people call it. */
export function whoIs({ id, properties }: Resource): string {
  return text(at(properties, 'Environment', 'Variables', 'POWERTOOLS_SERVICE_NAME')) ?? id;
}

/** The role that a function runs as. */
export function roleOf({ properties }: Resource): string {
  return roleNamed(at(properties, 'Role'));
}

/** The name of a role, from its ARN. */
export function roleNamed(arn: unknown): string {
  return String(arn).replace(/^.*:role\//, '');
}

async function synthesised(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-rehearsal-'));
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  await promisify(execFile)(
    process.execPath,
    [cdk, 'synth', '--quiet', '--app', `${process.execPath} test/rehearsal/app.ts`, '--output', home],
    { cwd: root, maxBuffer: 1 << 26 },
  );
  return home;
}

function deployed(template: Template, id: string): Deployed {
  const { asset, properties } = template.resource(id);
  if (asset === undefined) throw new Error(`the function ${id} has no code`);
  const variables = object(at(properties, 'Environment', 'Variables')) ?? {};
  return {
    name: template.nameOf(id),
    arn: template.arnOf(id),
    asset,
    handler: String(at(properties, 'Handler')),
    environment: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    seconds: number(at(properties, 'Timeout')) ?? 3,
    megabytes: number(at(properties, 'MemorySize')) ?? 128,
  };
}

async function createTables(template: Template, { client }: LocalDynamoDb): Promise<void> {
  for (const { id, properties } of template.all('AWS::DynamoDB::Table')) {
    const stream = object(at(properties, 'StreamSpecification'));
    await client.send(
      new CreateTableCommand({
        TableName: template.nameOf(id),
        // As the template has them: CloudFormation hands them on as they are.
        KeySchema: list(at(properties, 'KeySchema')) as KeySchemaElement[],
        AttributeDefinitions: list(at(properties, 'AttributeDefinitions')) as AttributeDefinition[],
        BillingMode: 'PAY_PER_REQUEST',
        ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, ...stream } }),
      }),
    );
  }
}

/** Dead-letter queues first: the others name them. */
function createQueues(template: Template, messaging: FauxqsServer): void {
  const queues = template.all('AWS::SQS::Queue');
  const redrives = ({ properties }: Resource): boolean => at(properties, 'RedrivePolicy') !== undefined;
  for (const queue of [...queues.filter((each) => !redrives(each)), ...queues.filter(redrives)]) {
    const policy = at(queue.properties, 'RedrivePolicy');
    const attributes = policy === undefined ? {} : { RedrivePolicy: JSON.stringify(policy) };
    messaging.createQueue(template.nameOf(queue.id), { region: localRegion, attributes });
  }
}

/** E-mail goes nowhere here: the local server hands messages to queues only. */
function createTopics(template: Template, messaging: FauxqsServer): void {
  for (const { id } of template.all('AWS::SNS::Topic')) messaging.createTopic(template.nameOf(id), { region: localRegion });
  for (const { properties } of template.all('AWS::SNS::Subscription')) {
    if (at(properties, 'Protocol') !== 'sqs') continue;
    const filter = at(properties, 'FilterPolicy');
    messaging.subscribe({
      topic: lastPart(at(properties, 'TopicArn')),
      queue: lastPart(at(properties, 'Endpoint')),
      region: localRegion,
      attributes: {
        RawMessageDelivery: String(at(properties, 'RawMessageDelivery') === true),
        ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter) }),
        ...(at(properties, 'FilterPolicyScope') === undefined ? {} : { FilterPolicyScope: String(at(properties, 'FilterPolicyScope')) }),
      },
    });
  }
}

function lastPart(arn: unknown): string {
  return String(arn).split(':').at(-1) ?? '';
}

function gatewayOf(server: Server, { template, permissions, dynamoDb, messaging, chat, logService, objects }: Made): Gateway {
  const signers = new Map<string, Signer>(
    template.all('AWS::Lambda::Function').map((each) => [each.id, { who: whoIs(each), role: roleOf(each) }]),
  );
  const backends: Record<string, Backend> = {
    ...controlPlane(template),
    dynamodb: dynamoDb.endpoint,
    sns: messaging.address,
    sqs: messaging.address,
    logs: (call, { body }) => logService.answer(call, body),
    s3: (call, wire) => objects.answer(call, wire),
    secretsmanager: () => {
      const SecretString = `${chat.url}/services/T0/B0/rehearsal`;
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify({ SecretString }) };
    },
  };
  return Gateway.on(server, { realm: template.place, permissions, signers, backends });
}
