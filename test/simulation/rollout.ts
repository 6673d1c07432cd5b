import { type Micros, millisecond, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { JsonObject } from './go-json.ts';
import type { Identity } from './identity.ts';
import { createPod, deletePod } from './pod-life.ts';
import { apps } from './target.ts';
import type { Pod, Workload } from './workload.ts';
import { deploymentObject, replicaSetObject, scaleObject } from './workload-object.ts';

/** All pods of all workloads start, as after a cluster upgrade. */
export function boot(cluster: Cluster, at: Micros): void {
  let time = at;
  for (const workload of cluster.workloads.values()) {
    for (let replica = 0; replica < workload.plan.replicas; replica++) {
      time += 700 * millisecond;
      addPod(cluster, workload, time);
    }
  }
}

/** A workload that was not there before: its Deployment, its first ReplicaSet and its pods. */
export function launch(cluster: Cluster, workload: Workload, { by, random }: Deployer, at: Micros): ReturnType<Cluster['request']> {
  const { namespace, name, replicas } = workload.plan;
  cluster.workloads.set(workload.key, workload);
  const stored = deploymentObject(workload, cluster.nextVersion(), { desired: replicas, ready: 0 }, at);
  const target = apps('deployments', namespace, name);
  const query = `fieldManager=${managerOf(by)}`;
  const made = cluster.request({ by, at, verb: 'create', target, query, sent: { ...stored, status: {} }, answered: stored }, random);
  replicaSetRequest(cluster, workload, 'create', replicas, at + 60 * millisecond);
  for (let replica = 0; replica < replicas; replica++) addPod(cluster, workload, at + (200 + 90 * replica) * millisecond);
  reportStatus(cluster, workload, { desired: replicas, ready: replicas }, at + 9 * second);
  return made;
}

function addPod(cluster: Cluster, workload: Workload, at: Micros): Pod {
  const by = cluster.controller('replicaset-controller');
  const pod = createPod(cluster, workload.podShape(), { by, manager: 'kube-controller-manager' }, at);
  workload.pods.push(pod);
  return pod;
}

function dropPod(cluster: Cluster, workload: Workload, at: Micros): void {
  const pod = workload.pods.shift();
  if (pod !== undefined) deletePod(cluster, pod, cluster.controller('replicaset-controller'), at);
}

export interface Deployer {
  readonly by: Identity;
  /** `kubectl set image` patches, pipelines and GitOps apply. */
  readonly style: 'set-image' | 'apply';
  readonly random?: Cluster['random'];
}

/** Somebody changes the image; the controllers replace the pods. Returns what the change itself logged. */
export function rollOut(
  cluster: Cluster,
  workload: Workload,
  image: string,
  deployer: Deployer,
  at: Micros,
): ReturnType<Cluster['request']> {
  const old = workload.pods.length;
  workload.revise(image);
  const change = changeImage(cluster, workload, deployer, old, at);
  replicaSetRequest(cluster, workload, 'create', old, at + 60 * millisecond);
  let time = at + 200 * millisecond;
  for (let step = 0; step < old; step++) {
    time += cluster.random.int(300, 2_500) * millisecond;
    addPod(cluster, workload, time);
    const ready = time + 6 * second;
    cluster.timeline.at(ready, (now) => {
      dropPod(cluster, workload, now);
    });
    if (step % 2 === 0) reportStatus(cluster, workload, { desired: old, ready: step }, ready);
  }
  reportStatus(cluster, workload, { desired: old, ready: old }, time + 9 * second);
  return change;
}

function changeImage(
  cluster: Cluster,
  workload: Workload,
  deployer: Deployer,
  replicas: number,
  at: Micros,
): ReturnType<Cluster['request']> {
  const { namespace, name } = workload.plan;
  const { by, style } = deployer;
  const stored = deploymentObject(workload, cluster.nextVersion(), { desired: replicas, ready: replicas }, at);
  const containers = { '$setElementOrder/containers': [{ name }], containers: [{ image: workload.image, name }] };
  const setImage: JsonObject = { spec: { template: { spec: containers } } };
  const query = style === 'apply' ? `fieldManager=${managerOf(by)}&force=true` : 'fieldManager=kubectl-set';
  const sent = style === 'apply' ? { ...stored, status: {} } : setImage;
  return cluster.request(
    { by, at, verb: 'patch', target: apps('deployments', namespace, name), query, sent, answered: stored },
    deployer.random,
  );
}

function managerOf(by: Identity): string {
  return by.agent.startsWith('argocd') ? 'argocd-controller' : 'pipeline';
}

/** A new revision's ReplicaSet is created, a changed count updates it. */
function replicaSetRequest(cluster: Cluster, workload: Workload, verb: 'create' | 'update', desired: number, at: Micros): void {
  const { namespace } = workload.plan;
  const counts = { desired, ready: 0 };
  const sent = replicaSetObject(workload, verb === 'create' ? undefined : cluster.nextVersion(), counts, at);
  cluster.request({
    by: cluster.controller('deployment-controller'),
    at,
    verb,
    target: apps('replicasets', namespace, workload.revision.name),
    sent,
    answered: replicaSetObject(workload, cluster.nextVersion(), counts, at),
  });
}

/** Both controllers write the counts they see. */
function reportStatus(cluster: Cluster, workload: Workload, counts: { desired: number; ready: number }, at: Micros): void {
  const { namespace } = workload.plan;
  const set = replicaSetObject(workload, cluster.nextVersion(), counts, at);
  cluster.request({
    by: cluster.controller('replicaset-controller'),
    at,
    verb: 'update',
    target: apps('replicasets', namespace, workload.revision.name, 'status'),
    sent: set,
    answered: set,
  });
  const deployment = deploymentObject(workload, cluster.nextVersion(), counts, at);
  cluster.request({
    by: cluster.controller('deployment-controller'),
    at: at + 20 * millisecond,
    verb: 'update',
    target: apps('deployments', namespace, workload.plan.name, 'status'),
    sent: deployment,
    answered: deployment,
  });
}

/** The autoscaler sets another count; pods come at once or go. */
export function scale(cluster: Cluster, workload: Workload, replicas: number, at: Micros): void {
  const { namespace, name } = workload.plan;
  const object = scaleObject(workload, cluster.nextVersion(), replicas);
  cluster.request({
    by: cluster.controller('horizontal-pod-autoscaler'),
    at,
    verb: 'update',
    target: apps('deployments', namespace, name, 'scale'),
    sent: object,
    answered: object,
  });
  replicaSetRequest(cluster, workload, 'update', replicas, at + 30 * millisecond);
  for (let count = workload.pods.length; count < replicas; count++) addPod(cluster, workload, at + (count * 90 + 80) * millisecond);
  for (let count = workload.pods.length; count > replicas; count--) dropPod(cluster, workload, at + (count * 90 + 80) * millisecond);
  reportStatus(cluster, workload, { desired: replicas, ready: replicas }, at + 8 * second);
}

/** One pod leaves its node and another replaces it. */
export function replacePod(cluster: Cluster, workload: Workload, pod: Pod, at: Micros, evict: (pod: Pod, at: Micros) => void): void {
  workload.pods = workload.pods.filter((other) => other !== pod);
  evict(pod, at);
  addPod(cluster, workload, at + 150 * millisecond);
}
