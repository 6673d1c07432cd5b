import { isIP } from 'node:net';
import type { Source } from '../../model/finding.ts';
import type { Alert } from '../../triage/alert.ts';
import { isKnown, type LookUp, type Slot } from './shell.ts';

/** A workload as kubectl takes it. */
export interface Workload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** An object that the alert is about, other than workloads, pods and nodes. */
export interface Thing {
  readonly resource: string;
  readonly name: string;
}

/** What is known of a case, as far as it is what such values look like: nothing else comes into a command or a link. */
export interface Facts {
  readonly id: string;
  readonly strategy: string;
  readonly source: Source | undefined;
  readonly entity: string;
  /** What to ask the human about: a session, an account, a name. */
  readonly asked: string;
  readonly cluster: Slot;
  readonly account: Slot;
  readonly region: string | undefined;
  readonly namespace: Slot;
  readonly pod: Slot;
  readonly node: Slot;
  readonly workload: Workload | undefined;
  readonly thing: Thing | undefined;
  readonly role: { readonly name: string; readonly arn: string; readonly session: string | undefined } | undefined;
  readonly user: string | undefined;
  readonly accessKey: string | undefined;
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | undefined;
  /** The pod whose token was presented, in the service account's namespace. */
  readonly tokenPod: string | undefined;
  readonly username: string | undefined;
  readonly who: string;
  readonly address: string | undefined;
  readonly eventIds: readonly string[];
  /** Milliseconds since the epoch: an hour around what happened. */
  readonly from: number;
  readonly to: number;
}

const hour = 3_600_000;

/** Names of most objects. Source: Kubernetes documentation, "Object Names and IDs". */
const subdomain = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
/** Names of RBAC objects are path segments: with colons and capitals. */
const segment = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,252}$/;
const resourceName = /^[a-z][a-z0-9.]{0,100}$/;
const kinds: ReadonlySet<string> = new Set([
  'pod',
  'deployment',
  'daemonset',
  'statefulset',
  'replicaset',
  'replicationcontroller',
  'job',
  'cronjob',
]);
/** Source: Amazon EKS API reference, `CreateCluster`, `name`. */
const clusterName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const regionName = /^[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}$/;
/** Source: IAM API reference, `Role` and `AccessKey`. */
const roleArn = /^arn:aws[a-z-]{0,10}:iam::\d{12}:role\/(?:[\w+=,.@/-]{1,512}\/)?([\w+=,.@-]{1,64})$/;
const userArn = /^arn:aws[a-z-]{0,10}:iam::\d{12}:user\/(?:[\w+=,.@/-]{1,512}\/)?([\w+=,.@-]{1,64})$/;
const keyId = /^A[A-Z0-9]{15,31}$/;
const sessionName = /^[\w+=,.@-]{2,64}$/;
/** No quotes, backslashes, wildcards or dollars: it stands in queries, too. */
const userName = /^[\w:./@+=,-]{1,300}$/;
const recordId = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
/** What AWS calls name: ARNs, log groups, ids. */
const awsName = /^[A-Za-z0-9/][\w:./@+=,#-]{0,600}$/;

/** The facts of an alert. */
export function factsOf({ id, speaker, firstSeen, lastSeen }: Alert): Facts {
  const { who, where, entity } = speaker;
  const podPath = entity.kind === 'pod' ? entity.name.split('/') : [];
  const workload = workloadIn(where?.workload);
  const isPod = workload?.kind === 'pod';
  const [accountNamespace, accountName, ...none] = who?.serviceAccount?.split('/') ?? [];
  const serviceAccount = none.length > 0 ? undefined : accountIn(accountNamespace, accountName);
  const principal = who?.principal ?? (entity.kind === 'identity' ? entity.id : undefined);
  return {
    id,
    strategy: speaker.strategy,
    source: speaker.source,
    entity: entity.kind,
    asked: who?.session ?? who?.serviceAccount ?? who?.name ?? entity.name,
    cluster: fit(speaker.cluster, clusterName, 'CLUSTER'),
    account: fit(speaker.account, /^\d{12}$/, 'ACCOUNT'),
    region: known(speaker.region, regionName),
    namespace: fit(where?.namespace ?? workload?.namespace ?? podPath.at(-2), subdomain, 'NAMESPACE'),
    pod: fit(where?.pod ?? (isPod ? workload.name : podPath.at(-1)), subdomain, 'POD'),
    node: fit(where?.node, subdomain, 'NODE'),
    workload: isPod ? undefined : workload,
    thing: thingIn(where?.object),
    role: roleIn(principal, known(who?.session, sessionName)),
    user: principal === undefined ? undefined : userArn.exec(principal)?.[1],
    accessKey: known(who?.accessKey, keyId),
    serviceAccount,
    tokenPod: known(who?.pod, subdomain),
    username: known(principal, /^(?!arn:)/) && known(principal, userName),
    who: who?.kind ?? '',
    address: who?.address !== undefined && isIP(who.address) !== 0 && !who.address.includes('%') ? who.address : undefined,
    eventIds: [...new Set(speaker.evidence.map(({ eventId }) => eventId ?? ''))].filter((each) => recordId.test(each)),
    from: firstSeen - hour,
    to: lastSeen + hour,
  };
}

function known(text: string | undefined, form: RegExp): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

function fit(text: string | undefined, form: RegExp, word: string): string | LookUp {
  return known(text, form) ?? { lookUp: word };
}

function workloadIn(path: string | undefined): Workload | undefined {
  const [namespace = '', kind = '', name = '', ...more] = path?.split('/') ?? [];
  const isOne = more.length === 0 && kinds.has(kind) && subdomain.test(namespace) && subdomain.test(name);
  return isOne ? { namespace, kind, name } : undefined;
}

function thingIn(path: string | undefined): Thing | undefined {
  if (path === undefined) return undefined;
  const slash = path.indexOf('/');
  const [resource, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
  if (awsThings.has(resource)) return awsName.test(name) ? { resource, name } : undefined;
  return resourceName.test(resource) && segment.test(name) ? { resource, name } : undefined;
}

/** Kinds of what AWS calls name, as `shared/detect/scene.ts` writes them. */
const awsThings: ReadonlySet<string> = new Set([
  'access-entry',
  'pod-identity-association',
  'role',
  'addon',
  'nodegroup',
  'log-group',
  'security-group',
  'key',
  'trail',
  'instance',
]);

function accountIn(namespace: string | undefined, name: string | undefined): Facts['serviceAccount'] {
  const fits = namespace !== undefined && name !== undefined && subdomain.test(namespace) && subdomain.test(name);
  return fits ? { namespace, name } : undefined;
}

function roleIn(arn: string | undefined, session: string | undefined): Facts['role'] {
  const name = arn === undefined ? undefined : roleArn.exec(arn)?.[1];
  return arn === undefined || name === undefined ? undefined : { name, arn, session };
}

/** The name of what an AWS call was about, if it is of a kind. */
export function thingOf({ thing }: Facts, kind: string, word: string): Slot {
  return thing?.resource === kind ? thing.name : { lookUp: word };
}

/** Whether the alert names an object of the cluster. */
export function clusterThing({ thing }: Facts): Thing | undefined {
  return thing === undefined || awsThings.has(thing.resource) ? undefined : thing;
}

/** The pod with its namespace, if both are known. */
export function podOf({ pod, namespace }: Facts): { readonly pod: string; readonly namespace: string } | undefined {
  return isKnown(pod) && isKnown(namespace) ? { pod, namespace } : undefined;
}
