import type { Attack } from './attack.ts';
import { runs } from './attacks-pods.ts';
import { image, workload } from './cast.ts';

const foreign = 'ghcr.io/helperlabs/agent:3.1';
const creating = ['create', 'apply-new'] as const;

const hardened = {
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

/** Workloads that only what is usual tells from everybody's. */
export const unusualAttacks: readonly Attack[] = [
  runs('image-of-new-publisher', 'runs an image of a publisher that never ran', ['D056'], {
    container: { image: foreign },
    manners: creating,
    spellings: {
      'by digest': { container: { image: `ghcr.io/helperlabs/agent@sha256:${'0a'.repeat(32)}` } },
      'of another port': { container: { image: 'registry.example:5000/helper' } },
      'of a look-alike registry': { container: { image: '111122223333.dkr.ecr.eu-central-1.amazonaws.example/shop/api:1.42.0' } },
    },
  }),
  runs('unusual-workload', 'deploys what resembles nothing there', ['D054'], {
    container: { image: foreign },
    kinds: ['StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'ReplicationController'],
    positions: ['containers', 'initContainers'],
    manners: creating,
    name: 'helper',
  }),
  runs('job-planted', 'plants a job', ['D060'], {
    container: { image: foreign },
    kinds: ['CronJob', 'Job'],
    positions: ['containers', 'initContainers'],
    manners: creating,
    name: 'sync',
  }),
  runs('daemonset-planted', 'puts a helper on every node', ['D061'], {
    container: { image: foreign },
    kinds: ['DaemonSet'],
    positions: ['containers', 'initContainers'],
    manners: creating,
    name: 'node-helper',
    spellings: { 'past every taint': { container: { image: foreign }, spec: { tolerations: [{ operator: 'Exists' }] } } },
  }),
  runs('bare-pod', 'starts a pod by hand', ['D065'], {
    container: { image },
    kinds: ['Pod'],
    positions: ['containers', 'initContainers'],
    manners: creating,
    name: 'helper',
    least: 'low',
  }),
  runs('bare-pod-of-workload', "starts a pod with a workload's token", ['D065'], {
    container: { image },
    kinds: ['Pod'],
    positions: ['containers', 'initContainers'],
    manners: creating,
    name: 'helper',
    author: workload,
    metadata: {
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'api-6f9d8c7b54',
          uid: '1597f658-a966-40db-8679-94edc3e1cdb9',
          controller: true,
        },
      ],
    },
  }),
  runs('hardening-lost', 'takes the hardening off a workload', ['D075'], {
    container: { securityContext: { allowPrivilegeEscalation: true, runAsNonRoot: false } },
    manners: ['update', 'merge-patch', 'json-patch', 'apply'],
    positions: ['containers'],
    spellings: {
      'without a word': { container: { securityContext: {} } },
      'as root': { container: { securityContext: { runAsUser: 0 } } },
      'without seccomp': { container: { securityContext: { ...hardened.securityContext, seccompProfile: { type: 'Unconfined' } } } },
    },
  }),
  runs('pod-imitates', 'starts a pod that looks like a replica', ['D121'], {
    container: { image },
    kinds: ['Pod'],
    positions: ['containers'],
    manners: ['create'],
    name: 'api-6f9d8c7b54-kq2xm',
    unfit: ['generateName'],
  }),
];
