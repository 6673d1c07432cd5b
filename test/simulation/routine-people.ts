import { type ApiRequest, execQuery } from './audit.ts';
import { type Micros, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { type Identity, nobody } from './identity.ts';
import { apps, core, grouped } from './target.ts';
import type { Workload } from './workload.ts';
import { deploymentObject } from './workload-object.ts';

/** What people look at, by the namespace of their team. */
export function peopleRoutine(cluster: Cluster, at: Micros): ApiRequest {
  const { random } = cluster;
  const by = random.chance(0.35) ? random.pick(cluster.pipelines) : random.pick(cluster.people);
  return by.kind === 'pipeline' ? pipelineRoutine(cluster, by, at) : personRoutine(cluster, by, at);
}

/** What one of them looks at. */
export function personRoutine(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const make = cluster.random.weighted<(cluster: Cluster, by: Identity, at: Micros) => ApiRequest>([
    [listPods, 10],
    [getDeployment, 6],
    [readLog, 5],
    [discover, 4],
    [watchPods, 3],
    [checkAccess, 2],
    [readConfig, 2],
    [look, 0.15],
  ]);
  return make(cluster, by, at);
}

/** Each team keeps to its own namespaces; the platform team and pipelines work on all applications. */
export function teamWorkload(cluster: Cluster, by: Identity, at: Micros): Workload {
  const team = by.groups[0]?.split(':')[1] ?? '';
  const all = [...cluster.workloads.values()].filter(
    ({ plan, pods }) => plan.apiAgent === undefined && pods.some((pod) => pod.ready <= at),
  );
  const own = all.filter(({ plan }) => plan.namespace === team);
  return cluster.random.pick(own.length === 0 ? all : own);
}

function listPods(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  return {
    by,
    at,
    verb: 'list',
    target: core('pods', teamWorkload(cluster, by, at).plan.namespace),
    query: 'limit=500',
  };
}

function getDeployment(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const { namespace, name } = teamWorkload(cluster, by, at).plan;
  return { by, at, verb: 'get', target: apps('deployments', namespace, name) };
}

function readLog(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const workload = teamWorkload(cluster, by, at);
  const { namespace, name } = workload.plan;
  const target = core('pods', namespace, cluster.random.pick(cluster.readyPods(workload.key, at)).name, 'log');
  return {
    by,
    at,
    verb: 'get',
    target,
    query: `container=${name}&tailLines=200`,
    lasts: cluster.random.int(1, 4) * second,
  };
}

function discover(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  return {
    by,
    at,
    verb: 'get',
    path: cluster.random.pick(['/api', '/apis', '/openapi/v3', '/apis/apps/v1']),
    query: 'timeout=32s',
  };
}

function watchPods(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const query = `resourceVersion=${cluster.nextVersion()}&watch=true`;
  const lasts = cluster.random.int(20, 400) * second;
  return { by, at, verb: 'watch', target: core('pods', teamWorkload(cluster, by, at).plan.namespace), query, lasts };
}

function checkAccess(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const { namespace } = teamWorkload(cluster, by, at).plan;
  const spec = { resourceAttributes: { namespace, verb: 'list', resource: 'pods' } };
  const review = { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec };
  const target = grouped('authorization.k8s.io', 'selfsubjectaccessreviews');
  const answered = { ...review, status: { allowed: true, reason: by.reason } };
  return { by, at, verb: 'create', target, sent: { ...review, status: { allowed: false } }, answered };
}

function readConfig(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const { namespace, name } = teamWorkload(cluster, by, at).plan;
  return { by, at, verb: 'get', target: core('configmaps', namespace, `${name}-config`) };
}

/** Now and then somebody looks into a container of his team. */
function look(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const workload = teamWorkload(cluster, by, at);
  const { namespace, name } = workload.plan;
  const command = cluster.random.pick([['ls', '-l', '/app'], ['date'], ['cat', '/etc/resolv.conf'], ['df', '-h']]);
  const target = core('pods', namespace, cluster.random.pick(cluster.readyPods(workload.key, at)).name, 'exec');
  return {
    by,
    at,
    verb: 'get',
    target,
    query: execQuery(command, name, false),
    code: 101,
    lasts: cluster.random.int(1, 3) * second,
  };
}

/** A pipeline checks what it deployed and applies what did not change. */
export function pipelineRoutine(cluster: Cluster, by: Identity, at: Micros): ApiRequest {
  const { random } = cluster;
  const workload = teamWorkload(cluster, by, at);
  const { namespace, name } = workload.plan;
  const deployment = apps('deployments', namespace, name);
  const unchanged = deploymentObject(workload, cluster.nextVersion(), { desired: workload.pods.length, ready: workload.pods.length }, at);
  return random.weighted<ApiRequest>([
    [{ by, at, verb: 'get', target: deployment }, 6],
    [{ by, at, verb: 'list', target: apps('replicasets', namespace), query: `labelSelector=app%3D${name}` }, 3],
    [
      {
        by,
        at,
        verb: 'watch',
        target: apps('deployments', namespace),
        query: `fieldSelector=metadata.name%3D${name}&watch=true`,
        lasts: 2 * minute,
      },
      2,
    ],
    [{ by, at, verb: 'get', path: '/openapi/v3', query: 'timeout=32s' }, 2],
    [
      {
        by,
        at,
        verb: 'patch',
        target: deployment,
        query: 'dryRun=All&fieldManager=pipeline',
        sent: { spec: { paused: null } },
        answered: unchanged,
      },
      1,
    ],
  ]);
}

/** A pipeline fetches the registry credential of the namespace it deploys to. */
export function pipelineSecretRead(cluster: Cluster, at: Micros): ApiRequest {
  const by = cluster.random.pick(cluster.pipelines);
  return {
    by,
    at,
    verb: 'get',
    target: core('secrets', teamWorkload(cluster, by, at).plan.namespace, 'registry-pull'),
  };
}

/** A developer looks beyond the team's namespaces. */
export function personRefused(cluster: Cluster, at: Micros): ApiRequest {
  const by = cluster.random.pick(cluster.people);
  return {
    by,
    at,
    verb: 'list',
    target: core(cluster.random.pick(['nodes', 'persistentvolumes', 'componentstatuses'])),
    code: 403,
  };
}

/** An expired login: the API server cannot tell whose. */
export function loginExpired(cluster: Cluster, at: Micros): ApiRequest {
  const { address, agent } = cluster.random.pick(cluster.people);
  return {
    by: nobody(address, agent),
    at,
    verb: 'list',
    target: core('pods', cluster.random.pick(cluster.population.workloads).namespace),
    code: 401,
  };
}
