import { keys } from '../../shared/contract/tables.ts';
import { at, list, object, parseJson, text } from '../../shared/model/json.ts';
import type { Request } from './iam.ts';

/** A request of an AWS SDK, as it came over the wire. */
export interface Wire {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  /** The same as text. */
  readonly body: string;
}

/** What a request is: who signed it, what it calls, and on what. */
export interface Call {
  /** The access key id that signed it. */
  readonly signer: string;
  /** The name that the service signs under. */
  readonly service: string;
  readonly operation: string;
  /** What it says, as far as its protocol was read. */
  readonly input: unknown;
  /** All permissions that it needs: a batch over several tables needs one for each. */
  readonly needs: readonly Request[];
}

/** Where calls go to, for the ARNs of what they name. */
export interface Realm {
  readonly account: string;
  readonly region: string;
}

/** Reads a request; one of a protocol or service that is not known here throws. */
export function callOf(wire: Wire, realm: Realm): Call {
  const { signer, service } = signatureOf(wire);
  const { operation, input } = operationOf(service, wire);
  const resources = resourcesOf(service, operation, input, realm);
  const action = `${prefixes[service] ?? service}:${permissions[`${service}:${operation}`] ?? operation}`;
  const context = service === 'dynamodb' ? { 'dynamodb:leadingkeys': leadingKeys(input) } : {};
  return { signer, service, operation, input, needs: resources.map((resource) => ({ action, resource, context })) };
}

/** Services whose permissions have another name than their signatures. */
const prefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** Operations that go by another's permission. Source: SQS developer guide, "Amazon SQS API permissions". */
const permissions: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'SendMessage',
  'sqs:DeleteMessageBatch': 'DeleteMessage',
  'sqs:ChangeMessageVisibilityBatch': 'ChangeMessageVisibility',
};

/** Source: AWS general reference, "Elements of an AWS API request signature". */
function signatureOf({ headers }: Wire): { readonly signer: string; readonly service: string } {
  const [, signer, service] = /Credential=([^/]+)\/\d+\/[^/]*\/([^/]+)\/aws4_request/.exec(String(headers['authorization'] ?? '')) ?? [];
  if (signer === undefined || service === undefined) throw new Error('a request that nobody signed');
  return { signer, service };
}

interface Operation {
  readonly operation: string;
  readonly input: unknown;
}

/** Protocols: JSON with a target header, query forms, RPC paths, REST. */
function operationOf(service: string, { method, url, headers, body }: Wire): Operation {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { operation: target.slice(target.lastIndexOf('.') + 1), input: parseJson(body) };
  const { pathname, searchParams } = new URL(url, 'http://local');
  const rpc = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(pathname)?.[1];
  if (rpc !== undefined) return { operation: rpc, input: undefined };
  const form = new URLSearchParams(body);
  const action = form.get('Action');
  if (action !== null) return { operation: action, input: Object.fromEntries(form) };
  for (const [route, operation] of routes[service] ?? []) {
    const found = route.exec(`${method} ${pathname}`);
    if (found !== null) return { operation, input: { ...Object.fromEntries(searchParams), ...found.groups } };
  }
  throw new Error(`${service}: what ${method} ${pathname} calls is not known; teach it in test/rehearsal/calls.ts`);
}

/** Paths of services with a REST protocol. Sources: their API references. */
const routes: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  eks: [
    [/^GET \/clusters$/, 'ListClusters'],
    [/^GET \/clusters\/(?<name>[^/]+)$/, 'DescribeCluster'],
  ],
  lambda: [
    [/^GET \/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/configuration$/, 'GetFunctionConfiguration'],
    [/^GET \/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/policy$/, 'GetPolicy'],
    [/^GET \/2019-09-30\/functions\/(?<FunctionName>[^/]+)\/concurrency$/, 'GetFunctionConcurrency'],
    [/^GET \/2015-03-31\/functions\/(?<FunctionName>[^/]+)$/, 'GetFunction'],
    [/^GET \/2015-03-31\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
    [/^GET \/2015-03-31\/event-source-mappings\/(?<UUID>[^/]+)$/, 'GetEventSourceMapping'],
  ],
  scheduler: [[/^GET \/schedules\/(?<Name>[^/]+)$/, 'GetSchedule']],
  securityhub: [[/^POST \/findings\/import$/, 'BatchImportFindings']],
  s3: [
    [/^GET \/(?<bucket>[^/]+)\/(?<key>.+)$/, 'GetObject'],
    [/^PUT \/(?<bucket>[^/]+)\/(?<key>.+)$/, 'PutObject'],
  ],
};

/** The ARNs that a call is about. `*` where the service knows no permission by resource for it. Source: service authorization reference. */
function resourcesOf(service: string, operation: string, input: unknown, { account, region }: Realm): readonly string[] {
  const here = (rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
  const field = (...names: string[]): string => {
    const found = names.map((name) => text(at(input, name))).find((value) => value !== undefined);
    if (found === undefined) throw new Error(`${service}:${operation} names none of ${names.join(', ')}`);
    return found;
  };
  switch (service) {
    case 'dynamodb': {
      const tables = object(at(input, 'RequestItems'));
      return (tables === undefined ? [field('TableName')] : Object.keys(tables)).map((table) =>
        table.startsWith('arn:') ? table : here(`table/${table}`),
      );
    }
    case 'secretsmanager':
      return [field('SecretId')];
    case 'sqs':
      return [here(field('QueueUrl').split('/').at(-1) ?? '')];
    case 'sns':
      return [field('TopicArn', 'SubscriptionArn')];
    case 'eks':
      return [operation === 'ListClusters' ? '*' : here(`cluster/${field('name')}`)];
    case 's3':
      return [`arn:aws:s3:::${field('bucket')}/${field('key')}`];
    case 'lambda':
      if (operation === 'ListEventSourceMappings') return ['*'];
      return [
        operation === 'GetEventSourceMapping' ? here(`event-source-mapping:${field('UUID')}`) : functionArn(here, field('FunctionName')),
      ];
    case 'logs':
      return [here(`log-group:${field('logGroupName', 'logGroupNamePrefix')}${logStreamIn(input)}`)];
    case 'cloudtrail':
      return [operation === 'DescribeTrails' ? '*' : field('Name', 'TrailName')];
    case 'events':
      return [here(`rule/${field('Name', 'Rule')}`)];
    case 'scheduler':
      return [here(`schedule/${field('groupName', 'GroupName')}/${field('Name')}`)];
    case 'monitoring':
      return [`arn:aws:cloudwatch:${region}:${account}:alarm:*`];
    default:
      return ['*'];
  }
}

/** Values of the partition key in a request. Source: Amazon DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control". */
function leadingKeys(input: unknown): readonly string[] {
  const batches = Object.values(object(at(input, 'RequestItems')) ?? {}).flatMap((some) => [...list(at(some, 'Keys')), ...list(some)]);
  const items = [input, ...batches].flatMap((each) => [
    each,
    ...['Key', 'Item'].flatMap((name) => [at(each, name), at(each, 'PutRequest', name), at(each, 'DeleteRequest', name)]),
  ]);
  const found = items.map((item) => text(at(item, keys.partition, 'S')));
  return [...found, queriedKey(input)].filter((key) => key !== undefined);
}

function queriedKey(input: unknown): string | undefined {
  const [, name = '', value = ''] = /^(#?\w+) = (:\w+)/.exec(text(at(input, 'KeyConditionExpression')) ?? '') ?? [];
  const attribute = text(at(input, 'ExpressionAttributeNames', name)) ?? name;
  return attribute === keys.partition ? text(at(input, 'ExpressionAttributeValues', value, 'S')) : undefined;
}

function logStreamIn(input: unknown): string {
  const name = text(at(input, 'logStreamName'));
  return name === undefined ? '' : `:log-stream:${name}`;
}

function functionArn(here: (rest: string) => string, given: string): string {
  const name = decodeURIComponent(given);
  return name.startsWith('arn:') ? name : here(`function:${name}`);
}
