import { type Micros, secondStamp } from './clock.ts';
import type { Json, JsonObject } from './go-json.ts';
import { podTemplate } from './pod-object.ts';
import type { Workload } from './workload.ts';

export interface Counts {
  readonly desired: number;
  readonly ready: number;
}

/** A Deployment as stored. */
export function deploymentObject(workload: Workload, version: string, counts: Counts, at: Micros): JsonObject {
  const { plan } = workload;
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      uid: workload.uid,
      resourceVersion: version,
      generation: workload.generation,
      creationTimestamp: '2026-01-19T08:12:44Z',
      labels: { app: plan.name },
      annotations: { 'deployment.kubernetes.io/revision': String(workload.generation) },
      managedFields: fieldOwners(workload, 'pipeline', at),
    },
    spec: {
      replicas: counts.desired,
      selector: { matchLabels: { app: plan.name } },
      template: podTemplate(workload.template()),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 600,
    },
    status: {
      observedGeneration: workload.generation,
      replicas: counts.desired,
      updatedReplicas: counts.desired,
      readyReplicas: counts.ready,
      availableReplicas: counts.ready,
      conditions: ['Available', 'Progressing'].map((type) => ({
        type,
        status: 'True',
        lastUpdateTime: secondStamp(at),
        lastTransitionTime: '2026-01-19T08:13:20Z',
        reason: type === 'Available' ? 'MinimumReplicasAvailable' : 'ReplicaSetUpdated',
        message: type === 'Available' ? 'Deployment has minimum availability.' : `ReplicaSet "${workload.revision.name}" is progressing.`,
      })),
    },
  };
}

/** The ReplicaSet of a workload's current revision. */
export function replicaSetObject(workload: Workload, version: string | undefined, counts: Counts, at: Micros): JsonObject {
  const { plan, revision } = workload;
  const labels = { app: plan.name, 'pod-template-hash': revision.hash };
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: plan.name,
    uid: workload.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    kind: 'ReplicaSet',
    apiVersion: 'apps/v1',
    metadata: {
      name: revision.name,
      namespace: plan.namespace,
      uid: version && revision.uid,
      resourceVersion: version,
      generation: version && 1,
      creationTimestamp: version === undefined ? undefined : secondStamp(at),
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(counts.desired),
        'deployment.kubernetes.io/revision': String(workload.generation),
      },
      ownerReferences: [owner],
      managedFields: version === undefined ? undefined : fieldOwners(workload, 'kube-controller-manager', at),
    },
    spec: { replicas: counts.desired, selector: { matchLabels: labels }, template: podTemplate(workload.template()) },
    status: {
      replicas: counts.desired,
      fullyLabeledReplicas: counts.desired,
      readyReplicas: counts.ready,
      availableReplicas: counts.ready,
      observedGeneration: 1,
    },
  };
}

/** Who set which field: updates carry it in both directions. */
function fieldOwners(workload: Workload, manager: string, at: Micros): Json {
  const container = {
    '.': {},
    'f:env': {},
    'f:image': {},
    'f:imagePullPolicy': {},
    'f:name': {},
    'f:ports': {},
    'f:resources': {},
    'f:securityContext': {},
  };
  const pod = {
    'f:containers': { [`k:{"name":"${workload.plan.name}"}`]: container },
    'f:dnsPolicy': {},
    'f:restartPolicy': {},
    'f:serviceAccountName': {},
  };
  const spec = {
    'f:replicas': {},
    'f:selector': {},
    'f:template': { 'f:metadata': { 'f:labels': {} }, 'f:spec': pod },
  };
  const status = {
    'f:availableReplicas': {},
    'f:conditions': {},
    'f:observedGeneration': {},
    'f:readyReplicas': {},
    'f:replicas': {},
  };
  const entry = { operation: 'Update', apiVersion: 'apps/v1', time: secondStamp(at), fieldsType: 'FieldsV1' };
  return [
    { manager, ...entry, fieldsV1: { 'f:spec': spec } },
    { manager: 'kube-controller-manager', ...entry, fieldsV1: { 'f:status': status }, subresource: 'status' },
  ];
}

export function scaleObject(workload: Workload, version: string, replicas: number): JsonObject {
  const { plan } = workload;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      uid: workload.uid,
      resourceVersion: version,
      creationTimestamp: '2026-01-19T08:12:44Z',
    },
    spec: { replicas },
    status: { replicas: workload.pods.length, selector: `app=${plan.name}` },
  };
}

export interface JobFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly cron: { readonly name: string; readonly uid: string };
  readonly template: JsonObject;
}

export function jobObject(job: JobFacts, version: string | undefined, at: Micros, status: JsonObject): JsonObject {
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: job.cron.name,
    uid: job.cron.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: {
      name: job.name,
      namespace: job.namespace,
      uid: version && job.uid,
      resourceVersion: version,
      creationTimestamp: version === undefined ? undefined : secondStamp(at),
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': secondStamp(at) },
      ownerReferences: [owner],
    },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 2,
      ttlSecondsAfterFinished: 600,
      template: job.template,
      completionMode: 'NonIndexed',
    },
    status,
  };
}
