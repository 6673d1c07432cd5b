import { podSpecOf } from '../../shared/model/pod-spec.ts';
import type { Replayed } from '../evasion/replay.ts';
import { type Json, type JsonObject, serialise } from '../simulation/go-json.ts';

/** A change of an audit event; what it does not fit it gives back as it is. */
export type Change = (record: JsonObject) => JsonObject;

/** Something that a caller can say about itself or its objects without being it. */
export interface Forgery {
  readonly name: string;
  readonly kind: 'agent' | 'name' | 'labels' | 'owner';
  readonly change: Change;
}

/** A sample whose audit events are changed as they arrive; absent where nothing changes. What was learnt stays. */
export function rewritten(sample: Replayed, change: Change): Replayed | undefined {
  const arrivalsAfter = (changed: Change): Replayed['arrivals'] =>
    sample.arrivals.map((texts) => texts.map(({ path, text }) => ({ path, text: linesAfter(text, changed) })));
  const [before, after] = [arrivalsAfter((record) => record), arrivalsAfter(change)];
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : { ...sample, arrivals: after };
}

function linesAfter(text: string, change: Change): string {
  return text
    .split('\n')
    .map((line) => {
      const record = recordIn(line);
      return record === undefined ? line : serialise(change(record));
    })
    .join('\n');
}

/** A whole audit event: one that was cut stays as it is. */
function recordIn(line: string): JsonObject | undefined {
  try {
    const record = objectIn(JSON.parse(line) as Json);
    return record?.['apiVersion'] === 'audit.k8s.io/v1' ? record : undefined;
  } catch {
    return undefined;
  }
}

function objectIn(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function agent(userAgent: string): Forgery {
  return { name: userAgent, kind: 'agent', change: (record) => ({ ...record, userAgent }) };
}

/**
 * An IAM principal under a name of the cluster's: an access entry or a mapping gives it, and who authenticated stays the
 * same. A node that is not called one is none: the authorizer of nodes goes by the name.
 */
function named(username: string): Forgery {
  return {
    name: username,
    kind: 'name',
    change(record) {
      const user = objectIn(record['user']) ?? {};
      const { uid, username: before } = user;
      const iam = typeof uid === 'string' && uid.startsWith('aws-iam-authenticator:');
      return iam && typeof before === 'string' && !before.startsWith('system:node:') ? { ...record, user: { ...user, username } } : record;
    },
  };
}

/** Objects as they are sent and as the cluster keeps them, with more in their metadata. */
function claiming(claim: (metadata: JsonObject) => JsonObject): Change {
  return (record) => {
    const bodies = ['requestObject', 'responseObject'].flatMap((name) => {
      const body = objectIn(record[name]);
      if (body === undefined || body['kind'] === 'Status' || body['kind'] === 'DeleteOptions') return [];
      const metadata = objectIn(body['metadata']) ?? {};
      return [[name, { ...body, metadata: { ...metadata, ...claim(metadata) } }] as const];
    });
    return { ...record, ...Object.fromEntries(bodies) };
  };
}

function ownedBy(name: string): JsonObject {
  const uid = '6c0f3b52-31b2-4e6a-9a6d-0f7f5a0b7c11';
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true }] };
}

/** An owner of its own for each object: whoever believes in it counts nobody twice. */
const owned: Change = (record) => {
  const { auditID } = record;
  return claiming(() => ownedBy(`api-${typeof auditID === 'string' ? auditID : ''}-6f9d8c7b54`))(record);
};

const managed = claiming(({ labels, annotations }) => ({
  labels: { ...objectIn(labels), 'app.kubernetes.io/managed-by': 'Helm', 'eks.amazonaws.com/component': 'coredns' },
  annotations: {
    ...objectIn(annotations),
    'meta.helm.sh/release-name': 'platform',
    'meta.helm.sh/release-namespace': 'platform',
    'argocd.argoproj.io/tracking-id': 'platform:apps/Deployment:platform/agent',
  },
}));

const replicaSetController = 'system:serviceaccount:kube-system:replicaset-controller';

/** A controller's word about owners is taken, so that it forges none. */
const byOthers =
  (change: Change): Change =>
  (record) =>
    isController(objectIn(record['user']) ?? {}) ? record : change(record);

function isController({ username, uid, extra }: JsonObject): boolean {
  const iam = typeof uid === 'string' && uid.startsWith('aws-iam-authenticator:');
  const bound = objectIn(extra)?.['authentication.kubernetes.io/pod-uid'] !== undefined;
  return !iam && !bound && typeof username === 'string' && /^system:(?:serviceaccount:kube-system:[a-z-]+-controller|kube-)/.test(username);
}

/** All that a caller can say for nothing. */
export const forgeries: readonly Forgery[] = [
  agent('kube-controller-manager/v1.33 system:serviceaccount:kube-system:deployment-controller'),
  agent('kube-probe/1.33'),
  agent('ELB-HealthChecker/2.0'),
  agent('eks-connector'),
  ...['eks:node-manager', 'eks:addon-manager', 'system:kube-controller-manager', 'system:apiserver', replicaSetController].map(named),
  { name: 'labels of Helm and Argo CD', kind: 'labels', change: byOthers(managed) },
  { name: 'an owner that a controller would name', kind: 'owner', change: byOthers(owned) },
  {
    name: 'an IAM principal called a controller that names an owner',
    kind: 'owner',
    change(record) {
      const renamed = named(replicaSetController).change(record);
      return renamed === record ? record : owned(renamed);
    },
  },
];

/** Whether a pod holds the token, as those of add-ons, or none, as those of controllers. */
export type Binding = 'bound' | 'unbound';

/** The request by an account of kube-system instead. */
export function asAccount(name: string, binding: Binding): Change {
  const pod: JsonObject =
    binding === 'unbound'
      ? {}
      : {
          'authentication.kubernetes.io/node-name': ['ip-10-0-31-7.eu-central-1.compute.internal'],
          'authentication.kubernetes.io/node-uid': ['820d1add-6e13-486c-89d9-9e2f5eb2785d'],
          'authentication.kubernetes.io/pod-name': ['agent-7d9c5b6f4-xk2lp'],
          'authentication.kubernetes.io/pod-uid': ['26a48c32-f17d-47d3-becc-f5f9dc8b70eb'],
        };
  const user: JsonObject = {
    username: `system:serviceaccount:kube-system:${name}`,
    uid: '1597f658-a966-40db-8679-94edc3e1cdb9',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': ['JTI=7c1d6a35-4d5e-4a0c-9b1f-2f0a8f0f4a11'], ...pod },
  };
  return (record) => ({ ...record, user });
}

/** What a request declares as the pod that is made of it, with or without an owner, by the caller that a change gives. */
export function podMade(caller: Change, isOwned: boolean): Change {
  return (record) => {
    const reference = objectIn(record['objectRef']) ?? {};
    const { resource, namespace, subresource } = reference;
    if (typeof resource !== 'string' || typeof namespace !== 'string' || subresource !== undefined) return record;
    const body = objectIn(record['responseObject']) ?? objectIn(record['requestObject']) ?? {};
    const spec = podSpecOf(resource, body)?.raw as JsonObject | undefined;
    if (spec === undefined || body['kind'] === 'Status') return record;
    const name = 'api-6f9d8c7b54-kq2xm';
    const { labels, annotations } = objectIn(body['metadata']) ?? {};
    const pod = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name, namespace, labels, annotations, ...(isOwned ? ownedBy('api-6f9d8c7b54') : {}) },
      spec,
    };
    return caller({
      ...record,
      requestURI: `/api/v1/namespaces/${namespace}/pods`,
      verb: 'create',
      objectRef: { resource: 'pods', namespace, name, apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: pod,
      responseObject: pod,
    });
  };
}
