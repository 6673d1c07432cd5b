import type { Json, JsonObject } from '../simulation/go-json.ts';
import { serialise } from '../simulation/go-json.ts';
import type { Random } from '../simulation/random.ts';
import { asked, type Story } from './records.ts';
import { now, developer } from './cast.ts';
import { core } from '../simulation/target.ts';
import { isPatched, textOf, withForgedAnswer, without } from './objects.ts';
import type { Severity } from '../../shared/model/finding.ts';

/** Lines as they arrive: one list after the other. */
export type Arrivals = readonly (readonly string[])[];

/** A way to have the records of an attack look other than they are, without changing what was done. */
export interface Disguise {
  readonly name: string;
  readonly log: Story['log'] | 'any';
  /** Absent where the records do not allow it. */
  readonly apply: (records: readonly JsonObject[], random: Random) => Arrivals | undefined;
  /** Detections whose finding will do as well. */
  readonly accepts?: readonly string[];
  readonly least?: Severity;
}

const lines = (records: readonly JsonObject[]): string[] => records.map((record) => serialise(record));

function each(
  name: string,
  log: Disguise['log'],
  change: (record: JsonObject, random: Random) => JsonObject | undefined,
  rest: Partial<Disguise> = {},
): Disguise {
  return {
    name,
    log,
    apply(records, random) {
      const changed = records.map((record) => change(record, random));
      return changed.includes(undefined) ? undefined : [lines(changed as JsonObject[])];
    },
    ...rest,
  };
}

const agent = (what: string, userAgent: string): Disguise => each(`agent of ${what}`, 'audit', (record) => ({ ...record, userAgent }));

const forwarded = (what: string, ...before: string[]): Disguise =>
  each(`forwarded for ${what}`, 'audit', (record) => ({ ...record, sourceIPs: [...before, ...(record['sourceIPs'] as string[])] }));

const impersonated = (what: string, impersonatedUser: JsonObject): Disguise =>
  each(`impersonating ${what}`, 'audit', (record) =>
    record['impersonatedUser'] === undefined ? placed(record, 'impersonatedUser', impersonatedUser, 'sourceIPs') : undefined,
  );

/** The fields of the API server's order matter: a new one goes where it belongs. */
function placed(record: JsonObject, key: string, value: Json, before: string): JsonObject {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, member]) =>
      name === before
        ? [
            [key, value],
            [name, member],
          ]
        : [[name, member]],
    ),
  );
}

const oddities: readonly Json[] = [null, 7, {}, [], 'x', { name: null, image: 7, kind: [], securityContext: 'x' }];

/** Members that do not belong, before the guilty ones of every list. */
export function withOddNeighbours(value: Json | undefined, odd: readonly Json[] = oddities): Json | undefined {
  if (Array.isArray(value)) {
    const members = (value as readonly Json[]).map((member) => withOddNeighbours(member, odd) ?? null);
    const words = members.every((member) => typeof member === 'string');
    return [...odd.filter((each) => !words || typeof each !== 'string'), ...members];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withOddNeighbours(member, odd)]));
}

const bodies = ['requestObject', 'responseObject'] as const;
const hasBody = (record: JsonObject): boolean => bodies.some((body) => record[body] !== undefined);

function inBodies(record: JsonObject, change: (body: Json) => Json | undefined): JsonObject | undefined {
  if (!hasBody(record)) return undefined;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      (bodies as readonly string[]).includes(key) && value !== undefined ? change(value) : value,
    ]),
  );
}

function withOddMetadata(body: Json): Json {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const object = body as JsonObject;
  const metadata = object['metadata'];
  if (typeof metadata !== 'object' || metadata === null) return body;
  return {
    ...object,
    metadata: { ...(metadata as JsonObject), managedFields: 7, ownerReferences: null, finalizers: {}, selfLink: [] },
    status: 'x',
    __proto__x: null,
  };
}

/** Longest line that is kept whole in older log groups: what is longer ends in the mark. */
const longestLine = 262_118;
const cut = (line: string): string | undefined => (line.length <= longestLine ? undefined : `${line.slice(0, longestLine)}[Truncated...]`);

function padded(record: JsonObject): JsonObject | undefined {
  const padding = 'x'.repeat(longestLine);
  const body = inBodies(record, (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [{ op: 'add', path: '/metadata/annotations/x', value: padding }, ...(Array.isArray(value) ? (value as readonly Json[]) : [])];
    const object = value as JsonObject;
    const metadata = (object['metadata'] ?? {}) as JsonObject;
    const { kind, apiVersion } = object;
    return {
      kind,
      apiVersion,
      metadata: { ...metadata, annotations: { ...((metadata['annotations'] ?? {}) as JsonObject), 'example.net/x': padding } },
      ...without(object, 'kind', 'apiVersion', 'metadata'),
    };
  });
  if (body !== undefined) return body;
  const uri = textOf(record['requestURI']);
  return uri.includes('command=') ? { ...record, requestURI: `${uri}&command=${padding}` } : undefined;
}

const told = ['truncated-record', 'unreadable-record'];

function harmless(id: Json | undefined, at: number, random: Random): JsonObject {
  const [event = {}] = asked([{ verb: 'get', target: core('pods', 'shop', 'api-6f9d8c7b54-kq2xm') }], now + at, random, { by: developer });
  return { ...event, auditID: id };
}

const stages = (records: readonly JsonObject[]): boolean =>
  records.some((record) => record['stage'] === 'ResponseStarted') && records.some((record) => record['stage'] === 'ResponseComplete');

const auditDisguises: readonly Disguise[] = [
  agent('a health check', 'kube-probe/1.33'),
  agent('a load balancer', 'ELB-HealthChecker/2.0'),
  agent(
    'a controller',
    'kube-controller-manager/v1.33.1 (linux/amd64) kubernetes/3c3f1c9/system:serviceaccount:kube-system:replicaset-controller',
  ),
  agent('EKS', 'eks-node-manager/v1.0.0 eks.amazonaws.com'),
  agent('a kubelet', 'kubelet/v1.33.1 (linux/amd64) kubernetes/3c3f1c9'),
  agent('Argo CD', 'argocd-application-controller/v3.0.6'),
  each('no agent', 'audit', (record) => without(record, 'userAgent')),
  each('agent of a long text', 'audit', (record) => ({ ...record, userAgent: `${'a'.repeat(1_024)}...TRUNCATED` })),
  forwarded('the loopback', '127.0.0.1', '::1'),
  forwarded('the VPC', '10.0.12.40'),
  forwarded('many others', ...Array.from({ length: 40 }, (_, at) => `10.0.12.${String(at + 1)}`)),
  impersonated('a colleague', { username: 'shop-lead', groups: ['shop-developers', 'system:authenticated'] }),
  impersonated('a controller', {
    username: 'system:serviceaccount:kube-system:replicaset-controller',
    uid: '1597f658-a966-40db-8679-94edc3e1cdb9',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
  }),
  impersonated('the controller manager', { username: 'system:kube-controller-manager', groups: ['system:authenticated'] }),
  impersonated('the masters', { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }),
  each('odd neighbours in lists', 'audit', (record) => inBodies(record, (body) => withOddNeighbours(body))),
  each('odd metadata', 'audit', (record) => inBodies(record, withOddMetadata)),
  {
    name: 'a member of the patch that looks like the answer',
    log: 'audit',
    apply: (records) => (records.some(isPatched) ? [lines(records.map(withForgedAnswer))] : undefined),
  },
  each('odd fields beside', 'audit', (record) => ({
    ...record,
    responseStatus: { ...(record['responseStatus'] as JsonObject | undefined), metadata: null, details: 7 },
    authenticationMetadata: [null],
  })),
  each('id of no form', 'audit', (record) => ({ ...record, auditID: '__proto__' })),
  {
    name: 'id of a harmless request before',
    log: 'audit',
    apply: (records, random) => [lines([harmless(records[0]?.['auditID'], -2_000_000, random), ...records])],
  },
  {
    name: 'id of a harmless request in a batch before',
    log: 'audit',
    apply: (records, random) => [lines([harmless(records[0]?.['auditID'], -90_000_000, random)]), lines(records)],
  },
  {
    name: 'id used again by harmless requests after',
    log: 'audit',
    apply: (records, random) => [
      lines([...records, harmless(records[0]?.['auditID'], 5_000_000, random)]),
      lines([harmless(records[0]?.['auditID'], 9_000_000, random)]),
    ],
  },
  { name: 'answer before its start', log: 'audit', apply: (records) => (stages(records) ? [lines([...records].reverse())] : undefined) },
  {
    name: 'answer in a batch before its start',
    log: 'audit',
    apply: (records) =>
      stages(records) ? [lines(records.filter(isAnswer)), lines(records.filter((record) => !isAnswer(record)))] : undefined,
  },
  {
    name: 'start alone while the session is open',
    log: 'audit',
    apply: (records) => (stages(records) ? [lines(records.filter((record) => !isAnswer(record)))] : undefined),
  },
  {
    name: 'cut at the size limit',
    log: 'audit',
    accepts: told,
    apply(records) {
      const cuts = records.map((record) => {
        const long = padded(record);
        return long === undefined ? undefined : cut(serialise(long));
      });
      return cuts.includes(undefined) ? undefined : [cuts as string[]];
    },
  },
  {
    name: 'long but not cut',
    log: 'audit',
    apply(records) {
      const long = records.map((record) => (hasBody(record) ? padded(record) : undefined));
      return long.includes(undefined) ? undefined : [lines(long as JsonObject[])];
    },
  },
  each('times without a fraction', 'audit', (record) => ({
    ...record,
    requestReceivedTimestamp: textOf(record['requestReceivedTimestamp']).replace(/\.\d+Z$/, 'Z'),
    stageTimestamp: textOf(record['stageTimestamp']).replace(/\.\d+Z$/, 'Z'),
  })),
  {
    name: 'spaces between the fields',
    log: 'audit',
    apply: (records) => [records.map((record) => JSON.stringify(record).replace(/^\{"kind":"Event",/, '{ "kind": "Event", '))],
  },
  {
    name: 'fields in another order',
    log: 'audit',
    apply: (records) => [lines(records.map((record) => Object.fromEntries(Object.entries(record).reverse())))],
  },
];

function isAnswer(record: JsonObject): boolean {
  return record['stage'] === 'ResponseComplete';
}

/** An EventBridge event with its record changed. */
const detail = (name: string, change: (record: JsonObject) => JsonObject | undefined, rest: Partial<Disguise> = {}): Disguise =>
  each(
    name,
    'api',
    (event) => {
      const changed = change(event['detail'] as JsonObject);
      return changed && { ...event, detail: changed };
    },
    rest,
  );

const called = (name: string, userIdentity: JsonObject): Disguise => detail(`called by ${name}`, (record) => ({ ...record, userIdentity }));
const account = '111122223333';
const refused = (errorCode: string, errorMessage: string): Disguise =>
  detail(`refused with ${errorCode}`, (record) => ({ ...record, errorCode, errorMessage, responseElements: null }), { least: 'low' });

const apiDisguises: readonly Disguise[] = [
  called('a user', {
    type: 'IAMUser',
    principalId: 'AIDAIOSFODNN7EXAMPLE',
    arn: `arn:aws:iam::${account}:user/ops/mallory`,
    accountId: account,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    userName: 'mallory',
  }),
  called('the root user', { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account, accessKeyId: '' }),
  called('a federated user', {
    type: 'FederatedUser',
    principalId: `${account}:mallory`,
    arn: `arn:aws:sts::${account}:federated-user/mallory`,
    accountId: account,
  }),
  called('another account', { type: 'AWSAccount', principalId: 'AROAX:mallory', accountId: '444455556666' }),
  called('nobody that is told', {}),
  detail('called under the session name of a node', (record) => renamed(record, 'i-0a1b2c3d4e5f60718')),
  detail('called under the session name of CloudFormation', (record) => renamed(record, 'AWSCloudFormation')),
  detail('called through CloudFormation', (record) => ({
    ...record,
    userIdentity: { ...(record['userIdentity'] as JsonObject), invokedBy: 'cloudformation.amazonaws.com' },
    sourceIPAddress: 'cloudformation.amazonaws.com',
    userAgent: 'cloudformation.amazonaws.com',
  })),
  detail('agent of EKS', (record) => ({ ...record, userAgent: 'eks.amazonaws.com' })),
  detail('agent of Terraform', (record) => ({
    ...record,
    userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.12.2 terraform-provider-aws/6.2.0',
  })),
  detail('called from the console', (record) => ({ ...record, userAgent: 'AWS Internal', sessionCredentialFromConsole: 'true' })),
  refused('AccessDenied', 'User is not authorized to perform this action'),
  refused('Client.UnauthorizedOperation', 'You are not authorized to perform this operation.'),
  detail('odd neighbours in lists', (record) => {
    const parameters = record['requestParameters'];
    return JSON.stringify(parameters).includes('[') ? { ...record, requestParameters: withOddNeighbours(parameters) } : undefined;
  }),
  detail('odd fields beside', (record) => ({ ...record, additionalEventData: 7, tlsDetails: null, resources: 'x', vpcEndpointId: {} })),
  detail('without an answer', (record) => ({ ...record, responseElements: null })),
  detail('of an older record version', (record) => ({
    ...without(record, 'tlsDetails', 'eventCategory', 'managementEvent'),
    eventVersion: '1.05',
  })),
];

function renamed(record: JsonObject, name: string): JsonObject {
  const user = record['userIdentity'] as JsonObject;
  const rename = (text: Json | undefined, before: string): string =>
    textOf(text).replace(new RegExp(`${before}[^${before}]*$`), `${before}${name}`);
  return { ...record, userIdentity: { ...user, principalId: rename(user['principalId'], ':'), arn: rename(user['arn'], '/') } };
}

/** What delivery does by itself, whatever the log. */
const deliveries: readonly Disguise[] = [
  { name: 'delivered twice at once', log: 'any', apply: (records) => [lines([...records, ...records])] },
  { name: 'delivered again later', log: 'any', apply: (records) => [lines(records), lines(records)] },
  {
    name: 'delivered in pieces backwards',
    log: 'any',
    apply: (records) => (records.length > 1 ? [...records].reverse().map((record) => lines([record])) : undefined),
  },
];

export const disguises: readonly Disguise[] = [...auditDisguises, ...apiDisguises, ...deliveries];

export { lines as linesOf };
