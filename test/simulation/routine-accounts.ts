import type { ApiRequest } from './audit.ts';
import { type Micros, microStamp, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { Identity } from './identity.ts';
import { apps, core, grouped } from './target.ts';
import type { Workload } from './workload.ts';
import { deploymentObject, replicaSetObject } from './workload-object.ts';

/** What controllers, operators and control-plane components ask and write all day. */
export function accountRoutine(cluster: Cluster, at: Micros): ApiRequest {
  const { random } = cluster;
  const make = random.weighted<(cluster: Cluster, at: Micros) => ApiRequest>([
    [operatorRead, 8],
    [renewLease, 6],
    [updateSlice, 5],
    [readCustomObject, 4],
    [reviewToken, 3],
    [reviewAccess, 2],
    [componentRead, 3],
    [controllerRead, 4],
    [updateEndpoints, 2],
  ]);
  return make(cluster, at);
}

function anyWorkload(cluster: Cluster): Workload {
  return cluster.random.pick([...cluster.workloads.values()]);
}

function operatorOf(cluster: Cluster): Identity {
  const operators = cluster.operators();
  return operators.length === 0 ? cluster.random.pick(cluster.controllerIdentities) : cluster.random.pick(operators);
}

function operatorRead(cluster: Cluster, at: Micros): ApiRequest {
  const { random } = cluster;
  const { namespace, name } = anyWorkload(cluster).plan;
  const target = random.pick([
    core('pods', namespace),
    core('services'),
    apps('deployments', namespace, name),
    core('nodes'),
    core('namespaces'),
  ]);
  if (target.name !== undefined) return { by: operatorOf(cluster), at, verb: 'get', target };
  const seconds = random.int(300, 590);
  const query = `allowWatchBookmarks=true&resourceVersion=${cluster.nextVersion()}&timeoutSeconds=${String(seconds)}&watch=true`;
  if (random.chance(0.4)) return { by: operatorOf(cluster), at, verb: 'watch', target, query, lasts: seconds * second };
  return { by: operatorOf(cluster), at, verb: 'list', target, query: 'limit=500&resourceVersion=0' };
}

function renewLease(cluster: Cluster, at: Micros): ApiRequest {
  const by = operatorOf(cluster);
  const [, , namespace = 'kube-system', name = 'leader'] = by.username.split(':');
  return { by, at, verb: 'update', target: grouped('coordination.k8s.io', 'leases', namespace, `${name}-leader`) };
}

function updateSlice(cluster: Cluster, at: Micros): ApiRequest {
  const { namespace, name } = anyWorkload(cluster).plan;
  const target = grouped('discovery.k8s.io', 'endpointslices', namespace, `${name}-${cluster.random.suffix(5)}`);
  return { by: cluster.controller('endpointslice-controller'), at, verb: 'update', target };
}

function updateEndpoints(cluster: Cluster, at: Micros): ApiRequest {
  const workload = anyWorkload(cluster);
  const { namespace, name, port } = workload.plan;
  const addresses = workload.pods.map((pod) => ({
    ip: pod.address,
    nodeName: pod.node.name,
    targetRef: { kind: 'Pod', namespace, name: pod.name, uid: pod.uid },
  }));
  const object = {
    kind: 'Endpoints',
    apiVersion: 'v1',
    metadata: { name, namespace, annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': microStamp(at) } },
    subsets: [{ addresses: addresses.slice(0, 4), ports: [{ name: 'http', port, protocol: 'TCP' }] }],
  };
  const target = core('endpoints', namespace, name);
  return { by: cluster.controller('endpoint-controller'), at, verb: 'update', target, sent: object, answered: object };
}

function readCustomObject(cluster: Cluster, at: Micros): ApiRequest {
  const { namespace, name } = anyWorkload(cluster).plan;
  const [group, version, resource] = cluster.random.pick([
    ['argoproj.io', 'v1alpha1', 'applications'],
    ['external-secrets.io', 'v1beta1', 'externalsecrets'],
    ['karpenter.sh', 'v1', 'nodeclaims'],
  ] as const);
  return {
    by: operatorOf(cluster),
    at,
    verb: 'get',
    target: { ...grouped(group, resource, namespace, name), version },
  };
}

function reviewToken(cluster: Cluster, at: Micros): ApiRequest {
  return { by: operatorOf(cluster), at, verb: 'create', target: grouped('authentication.k8s.io', 'tokenreviews') };
}

function reviewAccess(cluster: Cluster, at: Micros): ApiRequest {
  const { namespace } = anyWorkload(cluster).plan;
  const spec = {
    resourceAttributes: { namespace, verb: 'get', resource: 'pods' },
    user: `system:serviceaccount:${namespace}:default`,
  };
  const review = { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec };
  return {
    by: operatorOf(cluster),
    at,
    verb: 'create',
    target: grouped('authorization.k8s.io', 'subjectaccessreviews'),
    sent: { ...review, status: { allowed: false } },
    answered: { ...review, status: { allowed: true, reason: 'RBAC: allowed' } },
  };
}

function componentRead(cluster: Cluster, at: Micros): ApiRequest {
  const by = cluster.random.pick(cluster.components);
  const target = cluster.random.pick([
    core('nodes'),
    core('services'),
    core('persistentvolumes'),
    grouped('storage.k8s.io', 'storageclasses'),
  ]);
  return { by, at, verb: 'list', target, query: 'limit=500&resourceVersion=0' };
}

function controllerRead(cluster: Cluster, at: Micros): ApiRequest {
  const { namespace, name } = anyWorkload(cluster).plan;
  const target = cluster.random.pick([
    apps('replicasets', namespace),
    core('resourcequotas', namespace),
    core('serviceaccounts', namespace, name),
  ]);
  const by = cluster.random.pick(cluster.controllerIdentities);
  return { by, at, verb: target.name === undefined ? 'list' : 'get', target };
}

/** Counts written back: the whole object goes in and comes out, so these are the long lines. */
export function longWrite(cluster: Cluster, at: Micros): ApiRequest {
  const workload = anyWorkload(cluster);
  const { namespace, name } = workload.plan;
  const counts = { desired: workload.pods.length, ready: workload.pods.length };
  if (cluster.random.chance(0.5)) {
    const object = replicaSetObject(workload, cluster.nextVersion(), counts, at);
    const target = apps('replicasets', namespace, workload.revision.name, 'status');
    return {
      by: cluster.controller('replicaset-controller'),
      at,
      verb: 'update',
      target,
      sent: object,
      answered: object,
    };
  }
  const object = deploymentObject(workload, cluster.nextVersion(), counts, at);
  const target = apps('deployments', namespace, name, 'status');
  return {
    by: cluster.controller('deployment-controller'),
    at,
    verb: 'update',
    target,
    sent: object,
    answered: object,
  };
}

/** The secrets operator and others whose work it is read the Secrets of their namespaces. */
export function accountSecretRead(cluster: Cluster, at: Micros): ApiRequest {
  const { random } = cluster;
  const readers = [...cluster.workloads.values()].filter(({ plan, identity }) => plan.reads !== undefined && identity !== undefined);
  const reader = random.pick(readers);
  const namespace = random.pick(reader.plan.reads ?? []);
  const owners = cluster.population.workloads.filter((plan) => plan.namespace === namespace);
  const target = core('secrets', namespace, `${random.pick(owners).name}-credentials`);
  return { by: reader.identity ?? operatorOf(cluster), at, verb: 'get', target };
}

/** An operator asks for more than its role grants. */
export function accountRefused(cluster: Cluster, at: Micros): ApiRequest {
  const resource = cluster.random.pick(['persistentvolumeclaims', 'limitranges', 'replicationcontrollers']);
  const { namespace } = anyWorkload(cluster).plan;
  return { by: operatorOf(cluster), at, verb: 'list', target: core(resource, namespace), code: 403 };
}
