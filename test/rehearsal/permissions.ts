import { at, list, text } from '../../shared/model/json.ts';
import { type Decision, decide, type Request, type Statement, statementsFor, statementsOf } from './iam.ts';
import { keyRequests } from './implied.ts';
import type { Template } from './template.ts';

/** How often a permission was used, and by whom. */
export interface Use {
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  count: number;
  readonly by: string;
}

/** A call that IAM would have refused. */
export interface Denial {
  readonly who: string;
  readonly request: Request;
  readonly why: string;
}

/** All policies of a template: decides every request of the rehearsal and remembers what was used. */
export class Permissions {
  readonly denials: Denial[] = [];
  private readonly uses = new Map<string, Use>();
  private readonly roles: ReadonlyMap<string, readonly Statement[]>;
  private readonly onResources: ReadonlyMap<string, readonly Statement[]>;
  /** The keys by the ARN of what they encrypt. */
  private readonly keys: ReadonlyMap<string, string>;
  private readonly region: string;

  constructor(template: Template) {
    this.region = template.place.region;
    this.roles = rolesOf(template);
    this.onResources = resourcePoliciesOf(template);
    this.keys = keysOf(template);
  }

  /** A role does something: allowed by its own policies, the key behind the resource included. */
  asRole(role: string, who: string, request: Request): boolean {
    return this.all(who, request, (each) => decide(this.roles.get(role) ?? [], each));
  }

  /** A service does something to a resource: allowed by the policy that the resource has. */
  asService(service: string, who: string, request: Request): boolean {
    return this.all(who, request, (each) =>
      decide(statementsFor(this.onResources.get(each.resource) ?? [], 'Service', service), {
        ...each,
        context: { ...request.context, ...each.context, 'aws:securetransport': 'true' },
      }),
    );
  }

  /** Every permission that was used, by who and action. */
  used(): readonly Use[] {
    return [...this.uses.values()].toSorted((a, b) => `${a.who} ${a.action}`.localeCompare(`${b.who} ${b.action}`));
  }

  /** Actions that a role of a function may take and nobody took. */
  unused(functions: ReadonlyMap<string, string>): readonly { readonly who: string; readonly action: string; readonly resource: string }[] {
    return [...functions].flatMap(([role, who]) =>
      (this.roles.get(role) ?? []).flatMap(({ actions, resources, name }) =>
        actions.flatMap((action) => {
          return this.isUsed(who, name, action) ? [] : [{ who, action, resource: resources.join(', ') }];
        }),
      ),
    );
  }

  private isUsed(who: string, statement: string, action: string): boolean {
    return [...this.uses.values()].some((use) => use.who === who && use.by === statement && use.action === action);
  }

  private all(who: string, request: Request, decided: (request: Request) => Decision): boolean {
    const key = this.keys.get(wholeOf(request.resource));
    const requests = [request, ...(key === undefined ? [] : keyRequests(request, key, this.region))];
    return requests.map((each) => this.note(who, each, decided(each))).every((allowed) => allowed);
  }

  private note(who: string, request: Request, decision: Decision): boolean {
    if (!decision.allowed) {
      this.denials.push({ who, request, why: decision.why });
      return false;
    }
    const { name } = decision.by;
    const key = `${who} ${request.action} ${name} ${request.resource}`;
    const use = this.uses.get(key);
    if (use === undefined) this.uses.set(key, { who, action: request.action, resource: request.resource, count: 1, by: name });
    else use.count += 1;
    return true;
  }
}

/** What has the key: the table of a stream, the bucket of an object. */
function wholeOf(arn: string): string {
  return arn.replace(/(:table\/[^/]+)\/.*$/, '$1').replace(/^(arn:aws:s3:::[^/]+)\/.*$/, '$1');
}

function rolesOf(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const inline = template.all('AWS::IAM::Policy').flatMap(({ id, properties }) => {
    const statements = statementsOf(at(properties, 'PolicyDocument'), id);
    return list(at(properties, 'Roles')).map((role) => [String(role), statements] as const);
  });
  for (const { id, properties } of template.all('AWS::IAM::Role'))
    if (list(at(properties, 'ManagedPolicyArns')).length > 0)
      throw new Error(`${id} has managed policies, whose text is not in the template`);
  const own = template
    .all('AWS::IAM::Role')
    .flatMap(({ id, properties }) =>
      list(at(properties, 'Policies')).map((policy) => [template.nameOf(id), statementsOf(at(policy, 'PolicyDocument'), id)] as const),
    );
  const grouped = Map.groupBy([...inline, ...own], ([role]) => role);
  return new Map([...grouped].map(([role, some]) => [role, some.flatMap(([, statements]) => statements)]));
}

/** Policies of queues, topics, keys, buckets, and the permissions of functions, by the ARN they are about. */
function resourcePoliciesOf(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const { account } = template.place;
  const policies: (readonly [string, readonly Statement[]])[] = [
    ...template
      .all('AWS::SQS::QueuePolicy')
      .flatMap(({ id, properties }) =>
        list(at(properties, 'Queues')).map(
          (url) =>
            [
              `arn:aws:sqs:${template.place.region}:${account}:${String(url).split('/').at(-1) ?? ''}`,
              statementsOf(at(properties, 'PolicyDocument'), id),
            ] as const,
        ),
      ),
    ...template
      .all('AWS::SNS::TopicPolicy')
      .flatMap(({ id, properties }) =>
        list(at(properties, 'Topics')).map((topic) => [String(topic), statementsOf(at(properties, 'PolicyDocument'), id)] as const),
      ),
    ...template.all('AWS::KMS::Key').map(({ id, properties }) => {
      // In a key's policy `*` is the key itself.
      return [template.arnOf(id), statementsOf(at(properties, 'KeyPolicy'), id)] as const;
    }),
    ...template.all('AWS::Lambda::Permission').map(({ id, properties }) => {
      const arn = String(at(properties, 'FunctionName'));
      return [arn, [permission(id, properties, arn)]] as const;
    }),
  ];
  const grouped = Map.groupBy(policies, ([arn]) => arn);
  return new Map([...grouped].map(([arn, some]) => [arn, some.flatMap(([, statements]) => statements)]));
}

/** Lambda writes a permission as this statement. Source: Lambda developer guide, "Resource-based policies". */
function permission(id: string, properties: unknown, arn: string): Statement {
  const [account, source] = ['SourceAccount', 'SourceArn'].map((name) => text(at(properties, name)));
  return {
    name: id,
    effect: 'Allow',
    actions: [String(at(properties, 'Action'))],
    resources: [arn],
    principals: [{ kind: 'Service', pattern: String(at(properties, 'Principal')) }],
    conditions: [
      ...(account === undefined ? [] : [{ operator: 'StringEquals' as const, forAll: false, key: 'aws:sourceaccount', values: [account] }]),
      ...(source === undefined ? [] : [{ operator: 'ArnLike' as const, forAll: false, key: 'aws:sourcearn', values: [source] }]),
    ],
  };
}

function keysOf(template: Template): ReadonlyMap<string, string> {
  const encrypted: readonly (readonly [type: string, keyOf: (properties: unknown) => unknown])[] = [
    ['AWS::DynamoDB::Table', (properties) => at(properties, 'SSESpecification', 'KMSMasterKeyId')],
    ['AWS::SNS::Topic', (properties) => at(properties, 'KmsMasterKeyId')],
    ['AWS::SQS::Queue', (properties) => at(properties, 'KmsMasterKeyId')],
    ['AWS::S3::Bucket', bucketKey],
  ];
  return new Map(
    encrypted.flatMap(([type, keyOf]) =>
      template.all(type).flatMap(({ id, properties }) => {
        const key = text(keyOf(properties));
        return key === undefined ? [] : [[template.arnOf(id), key] as const];
      }),
    ),
  );
}

function bucketKey(properties: unknown): unknown {
  const [rule] = list(at(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration'));
  return at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID');
}
