import { type Micros, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { JsonObject } from './go-json.ts';
import type { Identity } from './identity.ts';
import type { Node } from './node.ts';
import { createPod, deletePod, stopPod } from './pod-life.ts';
import { replacePod } from './rollout.ts';
import { core } from './target.ts';

/** An engineer empties a node for maintenance: cordon, evict, uncordon half an hour later. */
export function drain(cluster: Cluster, node: Node, by: Identity, at: Micros): void {
  cordon(cluster, node, by, true, at);
  cluster.request({
    by,
    at: at + second,
    verb: 'list',
    target: core('pods'),
    query: `fieldSelector=spec.nodeName%3D${node.name}&limit=500`,
  });
  let time = at + 2 * second;
  for (const workload of cluster.workloads.values()) {
    if (workload.plan.apiAgent !== undefined) continue;
    for (const pod of workload.pods.filter((one) => one.node === node)) {
      time += cluster.random.int(2, 9) * second;
      replacePod(cluster, workload, pod, time, (leaving, now) => {
        evict(cluster, leaving.shape.namespace, leaving.name, by, now);
        stopPod(cluster, leaving, now);
      });
    }
  }
  cluster.timeline.at(at + 30 * minute, (now) => {
    cordon(cluster, node, by, false, now);
  });
}

/** The eviction API, as drains use it. */
export function evict(cluster: Cluster, namespace: string, name: string, by: Identity, at: Micros): void {
  cluster.request({
    by,
    at,
    verb: 'create',
    target: core('pods', namespace, name, 'eviction'),
    sent: { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name, namespace }, deleteOptions: {} },
    answered: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  });
}

function cordon(cluster: Cluster, node: Node, by: Identity, unschedulable: boolean, at: Micros): void {
  node.cordoned = unschedulable;
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  cluster.request({
    by,
    at,
    verb: 'patch',
    target: core('nodes', undefined, node.name),
    query: 'fieldManager=kubectl-drain',
    sent: { spec: { unschedulable: unschedulable || null } },
    answered: {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: {
        name: node.name,
        uid: node.uid,
        resourceVersion: cluster.nextVersion(),
        labels: { 'kubernetes.io/os': 'linux' },
      },
      spec: {
        providerID: `aws:///eu-central-1a/${node.instance}`,
        unschedulable: unschedulable || undefined,
        taints: unschedulable ? [taint] : undefined,
      },
    },
  });
}

/** `kubectl run --rm -it`: a bare pod, an attached terminal, and the pod is gone. */
export function debugPod(cluster: Cluster, namespace: string, by: Identity, at: Micros, lasts: Micros): void {
  const name = 'debug';
  const shape = {
    namespace,
    name,
    labels: { run: name },
    image: 'public.ecr.aws/docker/library/busybox:1.37',
    container: name,
    account: 'default',
    env: [],
  };
  const terminal: JsonObject = { stdin: true, stdinOnce: true, tty: true, resources: {}, securityContext: undefined };
  const pod = createPod(
    cluster,
    { ...shape, restart: 'Never', containerSpec: terminal },
    { by, manager: 'kubectl-run', query: 'fieldManager=kubectl-run' },
    at,
  );
  const target = core('pods', namespace, name, 'attach');
  const query = `container=${name}&stdin=true&stdout=true&tty=true`;
  cluster.request({ by, at: pod.ready + second, verb: 'get', target, query, code: 101, lasts });
  cluster.timeline.at(pod.ready + lasts + 2 * second, (now) => {
    deletePod(cluster, pod, by, now);
  });
}

export interface Quota {
  readonly namespace: string;
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
}

/** A ResourceQuota's hard limits change. */
export function setQuota(
  cluster: Cluster,
  quota: Quota,
  by: Identity,
  at: Micros,
  query: string,
  random = cluster.random,
): ReturnType<Cluster['request']> {
  const hard = { 'limits.cpu': quota.cpu, 'limits.memory': quota.memory, pods: quota.pods };
  const answered = {
    kind: 'ResourceQuota',
    apiVersion: 'v1',
    metadata: {
      name: 'compute',
      namespace: quota.namespace,
      resourceVersion: cluster.nextVersion(),
      creationTimestamp: '2026-01-19T08:10:02Z',
    },
    spec: { hard },
    status: { hard, used: { 'limits.cpu': '3', 'limits.memory': '3Gi', pods: '9' } },
  };
  const target = core('resourcequotas', quota.namespace, 'compute');
  return cluster.request({ by, at, verb: 'patch', target, query, sent: { spec: { hard } }, answered }, random);
}
