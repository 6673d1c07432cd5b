import type { ApiRequest, AuditLine } from './audit.ts';
import type { Cluster } from './cluster.ts';
import { type Micros, millisecond, second } from './clock.ts';
import type { JsonObject } from './go-json.ts';
import { type Identity, credentialId } from './identity.ts';
import type { Node } from './node.ts';
import { type PodShape, podAsked, podStored } from './pod-object.ts';
import { type PodReport, creatingPatch, endedPatch, runningPatch, storedStatus } from './pod-status.ts';
import { Random } from './random.ts';
import { core } from './target.ts';
import type { Pod } from './workload.ts';

/** Who asks for a pod, and with which tool if it is a person. */
export interface Creator {
  readonly by: Identity;
  readonly manager: string;
  readonly query?: string;
  readonly random?: Random;
  /** The roomiest unless it is said. */
  readonly node?: Node;
}

type Placed = Omit<Pod, 'creation'>;

const waiting: JsonObject = { phase: 'Pending', qosClass: 'Burstable' };

/** A pod from its creation to its being ready: created, scheduled, accepted by its node, running. */
export function createPod(cluster: Cluster, shape: PodShape, creator: Creator, at: Micros): Pod {
  const random = creator.random ?? cluster.random;
  const pod = placePod(cluster, shape, creator, at, random);
  const facts = {
    name: pod.name,
    uid: pod.uid,
    version: cluster.nextVersion(),
    created: at,
    manager: creator.manager,
    status: waiting,
  };
  const asked = cluster.request(
    {
      by: creator.by,
      at,
      verb: 'create',
      // The audit log names the target of a create only if the sender did.
      target: core('pods', shape.namespace, shape.name),
      ...(creator.query === undefined ? {} : { query: creator.query }),
      sent: podAsked(shape),
      answered: podStored(shape, facts),
    },
    random,
  );
  cluster.podsCreated += 1;
  bindPod(cluster, pod, at + random.int(12, 40) * millisecond);
  startPod(cluster, pod, at + random.int(60, 120) * millisecond);
  const born = { ...pod, creation: asked[0]?.id ?? '' };
  cluster.onBirth?.(born);
  return born;
}

function placePod(cluster: Cluster, shape: PodShape, creator: Creator, at: Micros, random: Random): Placed {
  const node = creator.node ?? cluster.roomiestNode();
  node.pods += 1;
  const address = shape.spec?.['hostNetwork'] === true ? node.address : node.nextAddress();
  const uid = random.uuid();
  const digest = new Random(`image/${shape.image}`).hex(64);
  const started = at + random.int(60, 200) * millisecond;
  const report: PodReport = {
    uid,
    container: shape.container,
    image: shape.image,
    imageId: `${shape.image.replace(/:[^:/]*$/, '')}@sha256:${digest}`,
    containerId: `containerd://${random.hex(64)}`,
    hostAddress: node.address,
    address,
    started,
  };
  const name = shape.name ?? `${shape.generateName ?? 'pod-'}${random.suffix(5)}`;
  return {
    shape,
    name,
    uid,
    node,
    address,
    created: at,
    ready: at + random.int(1_800, 5_500) * millisecond,
    manager: creator.manager,
    report,
  };
}

function bindPod(cluster: Cluster, pod: Placed, at: Micros): void {
  cluster.request({
    by: cluster.scheduler,
    at,
    verb: 'create',
    target: { ...core('pods', pod.shape.namespace, pod.name, 'binding'), uid: pod.uid },
    sent: {
      kind: 'Binding',
      apiVersion: 'v1',
      metadata: { name: pod.name, namespace: pod.shape.namespace, uid: pod.uid },
      target: { kind: 'Node', name: pod.node.name },
    },
    answered: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  });
}

function startPod(cluster: Cluster, pod: Placed, at: Micros): void {
  const by = pod.node.identity;
  const target = core('pods', pod.shape.namespace, pod.name);
  cluster.request(tokenRequest(pod, at));
  cluster.request({ by, at: at + 40 * millisecond, verb: 'get', target });
  patchStatus(cluster, pod, at + 70 * millisecond, creatingPatch(pod.report));
  patchStatus(cluster, pod, pod.ready, runningPatch(pod.report, pod.ready));
}

/** The kubelet asks for the token that it mounts into the pod, and again before it ends. */
export function tokenRequest(pod: Placed, at: Micros): ApiRequest {
  const { namespace, account } = pod.shape;
  const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: pod.name, uid: pod.uid };
  return {
    by: pod.node.identity,
    at,
    verb: 'create',
    target: core('serviceaccounts', namespace, account, 'token'),
    sent: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: 3607, boundObjectRef },
      status: { token: '', expirationTimestamp: null },
    },
    annotations: {
      'authentication.kubernetes.io/issued-credential-id': `JTI=${credentialId(`system:serviceaccount:${namespace}:${account}`, pod.uid, at)}`,
    },
  };
}

function patchStatus(cluster: Cluster, pod: Placed, at: Micros, sent: JsonObject): void {
  cluster.request({
    by: pod.node.identity,
    at,
    verb: 'patch',
    target: core('pods', pod.shape.namespace, pod.name, 'status'),
    sent,
  });
}

/** A running pod is deleted: its node stops it, then removes the object. */
export function deletePod(cluster: Cluster, pod: Pod, by: Identity, at: Micros, random = cluster.random): readonly AuditLine[] {
  const asked = deleteRequest(cluster, pod, by, at, { gracePeriodSeconds: 30 }, random);
  stopPod(cluster, pod, at, random);
  return asked;
}

/** The node ends a pod that somebody deleted. */
export function stopPod(cluster: Cluster, pod: Pod, at: Micros, random = cluster.random): void {
  pod.node.pods -= 1;
  const stopped = at + random.int(900, 4_000) * millisecond;
  patchStatus(cluster, pod, stopped, endedPatch(pod.report, stopped, 'Running'));
  deleteRequest(cluster, pod, pod.node.identity, stopped + 200 * millisecond, { gracePeriodSeconds: 0 }, random);
}

/** A pod ran to its end; its object stays until somebody deletes it. */
export function finishPod(cluster: Cluster, pod: Pod, at: Micros, phase: 'Succeeded' | 'Failed' = 'Succeeded'): void {
  pod.node.pods -= 1;
  patchStatus(cluster, pod, at + second, endedPatch(pod.report, at, phase));
}

/** Deletes an object whose containers have ended already. */
export function removePod(cluster: Cluster, pod: Pod, by: Identity, at: Micros): void {
  deleteRequest(cluster, pod, by, at, { gracePeriodSeconds: 0 }, cluster.random);
}

function deleteRequest(cluster: Cluster, pod: Pod, by: Identity, at: Micros, options: JsonObject, random: Random): readonly AuditLine[] {
  const facts = { name: pod.name, uid: pod.uid, node: pod.node.name, created: pod.created, manager: pod.manager };
  const status = storedStatus(pod.report, 'Running');
  return cluster.request(
    {
      by,
      at,
      verb: 'delete',
      target: core('pods', pod.shape.namespace, pod.name),
      sent: { kind: 'DeleteOptions', apiVersion: 'v1', ...options, preconditions: { uid: pod.uid } },
      answered: podStored(pod.shape, { ...facts, version: cluster.nextVersion(), status, deleted: at + 30 * second }),
    },
    random,
  );
}
