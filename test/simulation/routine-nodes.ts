import { type Micros, second, secondStamp } from './clock.ts';
import type { ApiRequest } from './audit.ts';
import type { Cluster } from './cluster.ts';
import type { Json, JsonObject } from './go-json.ts';
import type { Node } from './node.ts';
import { tokenRequest } from './pod-life.ts';
import { core, grouped } from './target.ts';

/** What a node asks and writes besides its pods' life. */
export function nodeRoutine(cluster: Cluster, at: Micros): ApiRequest {
  const { random } = cluster;
  const node = random.pick(cluster.nodes);
  const make = random.weighted<(node: Node, at: Micros, cluster: Cluster) => ApiRequest>([
    [renewLease, 6],
    [heartbeat, 3],
    [probe, 2],
    [watchObject, 3],
    [renewToken, 1.2],
  ]);
  return make(node, at, cluster);
}

function renewLease(node: Node, at: Micros): ApiRequest {
  const target = grouped('coordination.k8s.io', 'leases', 'kube-node-lease', node.name);
  return { by: node.identity, at, verb: 'update', target: { ...target, uid: node.uid }, query: 'timeout=10s' };
}

const nodeConditions = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

function heartbeat(node: Node, at: Micros): ApiRequest {
  const conditions: Json = nodeConditions.map(([type]) => ({ lastHeartbeatTime: secondStamp(at), type }));
  const sent: JsonObject = {
    status: { '$setElementOrder/conditions': nodeConditions.map(([type]) => ({ type })), conditions },
  };
  return {
    by: node.identity,
    at,
    verb: 'patch',
    target: core('nodes', undefined, node.name, 'status'),
    query: 'timeout=10s',
    sent,
  };
}

function probe(node: Node, at: Micros): ApiRequest {
  return { by: node.identity, at, verb: 'get', target: grouped('storage.k8s.io', 'csinodes', undefined, node.name) };
}

function watchObject(node: Node, at: Micros, cluster: Cluster): ApiRequest {
  const { random } = cluster;
  const namespace = random.pick(cluster.population.workloads).namespace;
  const seconds = random.int(300, 590);
  const query = `allowWatchBookmarks=true&fieldSelector=metadata.name%3Dkube-root-ca.crt&resourceVersion=${cluster.nextVersion()}&timeoutSeconds=${String(seconds)}&watch=true`;
  const target = core('configmaps', namespace, 'kube-root-ca.crt');
  return { by: node.identity, at, verb: 'watch', target, query, lasts: seconds * second };
}

function renewToken(_: Node, at: Micros, cluster: Cluster): ApiRequest {
  return tokenRequest(cluster.anyPod(at), at);
}

/** The kubelet keeps a watch on each Secret that its pods mount. */
export function nodeSecretRead(cluster: Cluster, at: Micros): ApiRequest {
  const pod = cluster.anyPod(at);
  const target = core('secrets', pod.shape.namespace, `${pod.shape.container}-credentials`);
  return { by: pod.node.identity, at, verb: 'get', target };
}
