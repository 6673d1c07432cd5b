import { execQuery } from './audit.ts';
import { type Micros, hour, millisecond, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { JsonObject } from './go-json.ts';
import { defaultDeny, gitOps, limitRange } from './harbour-life.ts';
import type { Identity } from './identity.ts';
import type { Intruder } from './intruder.ts';
import { createPod, deletePod, stopPod } from './pod-life.ts';
import type { PodShape } from './pod-object.ts';
import { rollOut } from './rollout.ts';
import { core, grouped } from './target.ts';
import { setQuota } from './upkeep.ts';

/** One letter group away from the registry that the cluster's images come from. */
const lookAlike = '111122223333.dkr.ecr.eu-central-1.amazonaws.example';

const hostAccess: JsonObject = {
  hostPID: true,
  hostNetwork: true,
  volumes: [{ name: 'host', hostPath: { path: '/', type: 'Directory' } }],
};

/** 03:30: a privileged pod with the node's file system, named like a system pod, gone after four minutes. */
export function escapeToNode(cluster: Cluster, intruder: Intruder, by: Identity, at: Micros): void {
  const name = 'kube-proxy-x7k2p';
  const shape: PodShape = {
    namespace: 'kube-system',
    name,
    labels: { 'k8s-app': 'kube-proxy' },
    image: 'docker.io/library/alpine:3.20',
    container: 'kube-proxy',
    account: 'default',
    env: [],
    spec: hostAccess,
    containerSpec: {
      command: ['sleep', '3600'],
      volumeMounts: [{ name: 'host', mountPath: '/host' }],
      securityContext: { privileged: true },
    },
  };
  const pod = createPod(cluster, shape, { by, manager: 'python-requests', random: intruder.random }, at);
  const rows = ['D065', 'D068', 'D070', 'D072', 'D073', 'D079', 'D121'];
  intruder.note(at, `creates the privileged pod kube-system/${name} with the node’s file system`, rows, [pod.creation]);
  const query = execQuery(['chroot', '/host', 'cat', '/var/lib/kubelet/kubeconfig'], 'kube-proxy', false);
  const target = core('pods', 'kube-system', name, 'exec');
  intruder.askAll(
    'reads the kubelet’s credentials through it',
    ['D042', 'D046', 'D048'],
    [{ by, at: at + 95 * second, verb: 'get', target, query, code: 101, lasts: second }],
  );
  const gone = at + 4 * minute;
  const asked = deletePod(cluster, pod, by, gone, intruder.random);
  intruder.note(
    gone,
    'deletes the pod again',
    ['D064', 'D156'],
    asked.map(({ id }) => id),
  );
}

/** 11:52: the shop's API gets an image from a look-alike registry, by an analyst who never deploys; GitOps puts it back. */
export function swapImage(cluster: Cluster, intruder: Intruder, at: Micros): void {
  const workload = cluster.workload('shop/api');
  const right = workload.image;
  const image = `${lookAlike}/shop/api:${workload.plan.tag}`;
  const change = rollOut(cluster, workload, image, { by: cluster.person('analyst-1'), style: 'set-image', random: intruder.random }, at);
  intruder.note(
    at,
    `sets the image of shop/api to ${image} with the analyst’s login`,
    ['D056', 'D057', 'D058'],
    change.map(({ id }) => id),
  );
  cluster.timeline.at(at + 7 * minute, (now) => {
    rollOut(cluster, workload, right, { by: gitOps(cluster), style: 'apply' }, now);
  });
}

/** 12:05: what would have stopped the next step goes away. */
export function removeGuardRails(cluster: Cluster, intruder: Intruder, by: Identity, at: Micros): void {
  const sent = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
  const policy = grouped('networking.k8s.io', 'networkpolicies', 'payments', 'default-deny');
  intruder.askAll(
    'deletes the default-deny NetworkPolicy of payments',
    ['D119'],
    [{ by, at, verb: 'delete', target: policy, sent, answered: { ...defaultDeny(cluster) } }],
  );
  const quota = { namespace: 'payments', cpu: '200', memory: '400Gi', pods: '500' };
  const raised = setQuota(cluster, quota, by, at + 86 * second, 'fieldManager=python-requests', intruder.random);
  intruder.note(
    at + 86 * second,
    'raises the ResourceQuota of payments tenfold',
    ['D120'],
    raised.map(({ id }) => id),
  );
  intruder.askAll(
    'deletes the LimitRange of payments',
    ['D120'],
    [
      {
        by,
        at: at + 128 * second,
        verb: 'delete',
        target: core('limitranges', 'payments', 'defaults'),
        sent,
        answered: limitRange(),
      },
    ],
  );
}

/** 12:15: a hundred pods within a minute; 12:38: all gone at once. */
export function sprayPods(cluster: Cluster, intruder: Intruder, by: Identity, at: Micros): void {
  const shape: PodShape = {
    namespace: 'payments',
    generateName: 'worker-',
    labels: { app: 'worker' },
    image: 'docker.io/acmeops/worker:latest',
    container: 'worker',
    account: 'default',
    env: [['POOL', 'pool.example:443']],
    restart: 'Never',
  };
  const creator = { by, manager: 'python-requests', random: intruder.random };
  const pods = Array.from({ length: 100 }, (_, index) => createPod(cluster, shape, creator, at + index * 580 * millisecond));
  intruder.note(
    at,
    'creates a hundred pods within a minute',
    ['D063', 'D065'],
    pods.map(({ creation }) => creation),
  );
  const gone = at + 23 * minute;
  intruder.askAll(
    'deletes all of them with one request',
    ['D064', 'D123'],
    [
      {
        by,
        at: gone,
        verb: 'deletecollection',
        target: core('pods', 'payments'),
        query: 'labelSelector=app%3Dworker',
        sent: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 1 },
        answered: {
          kind: 'PodList',
          apiVersion: 'v1',
          metadata: { resourceVersion: cluster.nextVersion() },
          items: [],
        },
      },
    ],
  );
  for (const pod of pods) stopPod(cluster, pod, gone + cluster.random.int(100, 3_000) * millisecond);
}

export const workloadTimes = {
  escape: 3 * hour + 30 * minute + 9 * second,
  image: 11 * hour + 52 * minute + 19 * second,
  guardRails: 12 * hour + 5 * minute + 44 * second,
  spray: 12 * hour + 15 * minute,
} as const;
