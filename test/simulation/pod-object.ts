import { type Micros, secondStamp } from './clock.ts';
import type { Json, JsonObject } from './go-json.ts';

export interface OwnerRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** What a pod is made of, before the API server names and stores it. */
export interface PodShape {
  readonly namespace: string;
  readonly name?: string;
  readonly generateName?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly container: string;
  readonly account: string;
  readonly port?: number | undefined;
  readonly env: readonly (readonly [string, string])[];
  readonly owner?: OwnerRef;
  readonly restart?: 'Always' | 'Never';
  /** Merged into the spec and the container: host access, volumes, commands. */
  readonly spec?: JsonObject;
  readonly containerSpec?: JsonObject;
}

/** What the cluster knows of a pod. */
export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly node?: string;
  readonly version: string;
  readonly created: Micros;
  readonly manager: string;
  readonly status: JsonObject;
  readonly deleted?: Micros;
}

const tokenMount = {
  name: 'kube-api-access',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

/** The object a controller or person sends. */
export function podAsked(shape: PodShape): JsonObject {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: shape.name,
      generateName: shape.generateName,
      namespace: shape.namespace,
      labels: shape.labels,
      ownerReferences: shape.owner && [ownerReference(shape.owner)],
    },
    spec: podSpec(shape, undefined),
    status: {},
  };
}

/** The object as stored: named, defaulted, with the account's token volume and its managed fields. */
export function podStored(shape: PodShape, facts: PodFacts): JsonObject {
  const deletion = facts.deleted === undefined ? {} : { deletionTimestamp: secondStamp(facts.deleted), deletionGracePeriodSeconds: 30 };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: facts.name,
      generateName: shape.generateName,
      namespace: shape.namespace,
      uid: facts.uid,
      resourceVersion: facts.version,
      creationTimestamp: secondStamp(facts.created),
      ...deletion,
      labels: shape.labels,
      ownerReferences: shape.owner && [ownerReference(shape.owner)],
      managedFields: [managedFields(shape, facts)],
    },
    spec: podSpec(shape, facts),
    status: facts.status,
  };
}

function ownerReference(owner: OwnerRef): JsonObject {
  return { ...owner, controller: true, blockOwnerDeletion: true };
}

/** The template of a workload: the same pod without name and owner. */
export function podTemplate(shape: PodShape): JsonObject {
  return { metadata: { labels: shape.labels }, spec: podSpec(shape, undefined) };
}

function podSpec(shape: PodShape, stored: PodFacts | undefined): JsonObject {
  const { volumes, ...rest } = shape.spec ?? {};
  const own = Array.isArray(volumes) ? (volumes as readonly Json[]) : [];
  const all = stored === undefined ? own : [...own, tokenVolume];
  return {
    volumes: all.length === 0 ? undefined : all,
    containers: [containerOf(shape, stored !== undefined)],
    restartPolicy: shape.restart ?? 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: shape.account,
    serviceAccount: shape.account,
    nodeName: stored?.node,
    ...rest,
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: stored && evictionTolerations,
    priority: stored && 0,
    enableServiceLinks: true,
    preemptionPolicy: stored && 'PreemptLowerPriority',
  };
}

const tokenVolume: JsonObject = {
  name: tokenMount.name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    ],
    defaultMode: 420,
  },
};

const evictionTolerations: readonly Json[] = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

function containerOf(shape: PodShape, stored: boolean): JsonObject {
  const { volumeMounts, ...rest } = shape.containerSpec ?? {};
  const mounts = Array.isArray(volumeMounts) ? (volumeMounts as readonly Json[]) : [];
  const all = stored ? [...mounts, tokenMount] : mounts;
  return {
    name: shape.container,
    image: shape.image,
    ports: shape.port === undefined ? undefined : [{ name: 'http', containerPort: shape.port, protocol: 'TCP' }],
    env: shape.env.length === 0 ? undefined : shape.env.map(([name, value]) => ({ name, value })),
    resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    volumeMounts: all.length === 0 ? undefined : all,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true },
    ...rest,
  };
}

function managedFields(shape: PodShape, facts: PodFacts): JsonObject {
  const env = Object.fromEntries(shape.env.map(([name]) => [`k:{"name":"${name}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]));
  const labels = Object.fromEntries(Object.keys(shape.labels).map((label) => [`f:${label}`, {}]));
  const container = {
    '.': {},
    'f:env': { '.': {}, ...env },
    'f:image': {},
    'f:imagePullPolicy': {},
    'f:name': {},
    'f:resources': {},
  };
  return {
    manager: facts.manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: secondStamp(facts.created),
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': { 'f:generateName': {}, 'f:labels': { '.': {}, ...labels }, 'f:ownerReferences': { '.': {} } },
      'f:spec': {
        'f:containers': { [`k:{"name":"${shape.container}"}`]: container },
        'f:dnsPolicy': {},
        'f:enableServiceLinks': {},
        'f:restartPolicy': {},
        'f:schedulerName': {},
        'f:serviceAccountName': {},
      },
    },
  };
}
