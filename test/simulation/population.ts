import type { RolePlan } from './identity.ts';

/** A workload that keeps running: a Deployment and the pods of its current revision. */
export interface WorkloadPlan {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly port: number;
  readonly image: string;
  readonly tag: string;
  readonly env: number;
  /** The agent it calls the Kubernetes API with, if it does; it then stays on its pod, so that its address is stable. */
  readonly apiAgent?: string;
  /** Namespaces whose Secrets it reads. */
  readonly reads?: readonly string[];
}

export interface CronPlan {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly everyMinutes: number;
  readonly lastsSeconds: number;
  readonly env: number;
}

/** Who talks to whom: workloads as `namespace/name`, or a service outside. */
export interface EdgePlan {
  readonly from: string;
  readonly to: string;
  readonly perHour: number;
  readonly sent: number;
  readonly received: number;
}

/** A destination outside the VPC. */
export interface ServicePlan {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
  /** As the flow log names it, for AWS's own addresses. */
  readonly aws?: string;
}

export interface Population {
  readonly cluster: string;
  readonly nodes: number;
  readonly nodeRole: string;
  readonly version: string;
  readonly workloads: readonly WorkloadPlan[];
  readonly crons: readonly CronPlan[];
  readonly people: readonly RolePlan[];
  readonly pipelines: readonly RolePlan[];
  readonly edges: readonly EdgePlan[];
  readonly services: readonly ServicePlan[];
}

/** Controllers that run with the control plane under their own accounts. Source: kubernetes `cmd/kube-controller-manager`. */
export const controllerNames = [
  'replicaset-controller',
  'deployment-controller',
  'job-controller',
  'cronjob-controller',
  'generic-garbage-collector',
  'endpointslice-controller',
  'endpoint-controller',
  'horizontal-pod-autoscaler',
  'namespace-controller',
  'service-account-controller',
  'root-ca-cert-publisher',
  'resourcequota-controller',
  'node-controller',
  'ttl-after-finished-controller',
  'disruption-controller',
  'statefulset-controller',
  'daemon-set-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'attachdetach-controller',
  'endpointslicemirroring-controller',
  'certificate-controller',
  'clusterrole-aggregation-controller',
  'pvc-protection-controller',
  'pv-protection-controller',
  'ephemeral-volume-controller',
] as const;

export type ControllerName = (typeof controllerNames)[number];

export const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';

/** Addresses of documentation ranges play AWS's public ones. */
export const outsideServices: readonly ServicePlan[] = [
  { name: 's3', addresses: ['203.0.113.192', '203.0.113.193', '203.0.113.194'], port: 443, aws: 'S3' },
  { name: 'ecr', addresses: ['203.0.113.224', '203.0.113.225'], port: 443, aws: 'AMAZON' },
  { name: 'payment-provider', addresses: ['203.0.113.40', '203.0.113.41'], port: 443 },
  { name: 'kubernetes', addresses: ['10.0.0.21', '10.0.0.37'], port: 443 },
];
