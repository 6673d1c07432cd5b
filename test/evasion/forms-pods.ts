import { Random } from '../simulation/random.ts';
import type { Json, JsonObject } from '../simulation/go-json.ts';
import { apps, core, grouped, type Target } from '../simulation/target.ts';
import { type Ask, type Form, type Manner, type PodKind, type Position, type Running } from './attack.ts';
import { some, textOf, without } from './objects.ts';
import { deployer, image } from './cast.ts';

interface KindPlan {
  readonly apiVersion: string;
  readonly target: (namespace: string, name?: string) => Target;
  /** The path from the object to the pod's spec. */
  readonly path: readonly string[];
  readonly spec: JsonObject;
}

const labels = { app: 'api' };
const selector = { matchLabels: labels };

const templated = (apiVersion: string, target: KindPlan['target'], spec: JsonObject): KindPlan => ({
  apiVersion,
  target,
  path: ['spec', 'template', 'spec'],
  spec,
});
const app = (resource: string, spec: JsonObject): KindPlan => templated('apps/v1', (ns, name) => apps(resource, ns, name), spec);

const kinds: Readonly<Record<PodKind, KindPlan>> = {
  Pod: { apiVersion: 'v1', target: (ns, name) => core('pods', ns, name), path: ['spec'], spec: {} },
  Deployment: app('deployments', { replicas: 2, selector }),
  DaemonSet: app('daemonsets', { selector }),
  StatefulSet: app('statefulsets', { replicas: 2, selector, serviceName: 'api' }),
  ReplicaSet: app('replicasets', { replicas: 2, selector }),
  ReplicationController: templated('v1', (ns, name) => core('replicationcontrollers', ns, name), { replicas: 2, selector: labels }),
  Job: templated('batch/v1', (ns, name) => grouped('batch', 'jobs', ns, name), { backoffLimit: 1 }),
  CronJob: {
    apiVersion: 'batch/v1',
    target: (ns, name) => grouped('batch', 'cronjobs', ns, name),
    path: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    spec: { schedule: '*/5 * * * *', concurrencyPolicy: 'Forbid' },
  },
  PodTemplate: { apiVersion: 'v1', target: (ns, name) => core('podtemplates', ns, name), path: ['template', 'spec'], spec: {} },
};

/** What of a pod may be changed once it runs is its image; of a job, nothing in its template. */
const changeable = new Set<PodKind>([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'CronJob',
  'PodTemplate',
]);
const changing: ReadonlySet<Manner> = new Set(['update', 'merge-patch', 'json-patch', 'apply']);

/** When things were created that an attack finds, and those that it creates. */
export const longAgo = '2026-03-09T09:14:22Z';
export const justNow = '2026-03-11T09:14:22Z';

const harmless: JsonObject = {
  name: 'api',
  image,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true },
};

/** Every way to have one pod run. */
export function podForms(running: Running): Form[] {
  const {
    positions = ['containers', 'initContainers', 'ephemeralContainers'],
    manners = ['create', 'apply-new', 'update', 'merge-patch', 'json-patch', 'apply'],
  } = running;
  const inKinds = (running.kinds ?? (Object.keys(kinds) as PodKind[])).filter((kind) => manners.some((manner) => possible(kind, manner)));
  const first = inKinds[0] ?? 'Pod';
  const manner = manners.find((each) => possible(first, each)) ?? 'create';
  const forms = inKinds.flatMap((kind) => manners.filter((each) => possible(kind, each)).map((each) => podForm(running, kind, each)));
  const spelt = Object.entries(running.spellings ?? {}).map(([name, spelling]) =>
    named(name, podForm({ ...running, ...spelling }, first, manner)),
  );
  const inOther = running.container === undefined ? [] : positions.filter((position) => position !== 'containers');
  const placed = inOther.flatMap((position) =>
    position === 'ephemeralContainers'
      ? ephemeralForms(running)
      : [named('in an init container', podForm(running, first, manner, position))],
  );
  const last =
    running.beside === true || running.container === undefined
      ? []
      : [named('last of three containers', podForm(running, first, manner, 'containers', 2))];
  const generated = manner !== 'create' ? [] : [named('generateName', podForm(running, first, 'create', 'containers', 0, true))];
  return [...forms, ...spelt, ...placed, ...last, ...generated];
}

function possible(kind: PodKind, manner: Manner): boolean {
  return !changing.has(manner) || changeable.has(kind);
}

const named = (name: string, form: Form): Form => ({ ...form, name });

function podForm(
  running: Running,
  kind: PodKind,
  manner: Manner,
  position: Position = 'containers',
  harmlessBefore = 0,
  generated = false,
): Form {
  const { namespace = 'shop', name = 'api' } = running;
  const guilty = podSpec(running, position, harmlessBefore);
  const object = objectOf(kind, running, guilty.spec, generated ? { generateName: `${name}-` } : { name });
  const actual = generated ? `${name}-x7k2p` : name;
  const stored = changing.has(manner)
    ? storedOf(kind, running, clean(guilty.spec), actual, 7)
    : storedOf(kind, running, clean(guilty.spec), actual, 1, justNow);
  const plan = kinds[kind];
  const target = plan.target(namespace, manner === 'create' && generated ? undefined : name);
  const beforeSpec = podSpec({ does: 'run' }, 'containers', harmlessBefore).spec;
  const born: Ask = {
    by: deployer,
    verb: 'create',
    target: plan.target(namespace, name),
    query: 'fieldManager=helm',
    sent: objectOf(kind, { ...running, metadata: {} }, beforeSpec, { name }),
    answered: storedOf(kind, { ...running, metadata: {} }, beforeSpec, name, 1),
  };
  const before = changing.has(manner) ? [born] : [];
  return {
    name: `${kind} ${manner}`,
    before,
    asks: [
      written(manner, target, { object, stored, patch: patchOf(kind, guilty.patch), steps: stepsOf(kind, running, guilty.spec, position) }),
    ],
  };
}

/** A write in one of the ways a client has. */
export function written(
  manner: Manner,
  target: Target,
  {
    object,
    stored,
    patch,
    steps,
  }: { readonly object: JsonObject; readonly stored: JsonObject; readonly patch: JsonObject; readonly steps: Json },
): Ask {
  switch (manner) {
    case 'create':
      return { verb: 'create', target, query: 'fieldManager=kubectl-create&fieldValidation=Strict', sent: object, answered: stored };
    case 'apply-new':
      return {
        verb: 'patch',
        target,
        query: 'fieldManager=kubectl&fieldValidation=Strict&force=true',
        code: 201,
        sent: object,
        answered: stored,
      };
    case 'update':
      return { verb: 'update', target, query: 'fieldManager=kubectl-replace', sent: readBefore(stored), answered: stored };
    case 'merge-patch':
      return { verb: 'patch', target, query: 'fieldManager=kubectl-patch', sent: patch, answered: stored };
    case 'json-patch':
      return { verb: 'patch', target, query: 'fieldManager=kubectl-patch', sent: steps, answered: stored };
    case 'apply':
      return { verb: 'patch', target, query: 'fieldManager=kubectl&force=true', sent: object, answered: stored };
  }
}

/** An update sends the version that was read; what it stores has a new one. Only an update that changes nothing keeps it. */
function readBefore(stored: JsonObject): JsonObject {
  return { ...stored, metadata: { ...(stored['metadata'] as JsonObject), resourceVersion: '8731604' } };
}

/** An ephemeral container goes into a pod that runs. */
function ephemeralForms(running: Running): Form[] {
  const { namespace = 'shop' } = running;
  const container = containerOf(running, 'debugger-x7k2p');
  const ephemeral = {
    ...without(container, 'resources', 'ports', 'lifecycle', 'livenessProbe'),
    targetContainerName: 'api',
    stdin: true,
    tty: true,
  };
  const spec = { ...podSpec({ does: 'run' }, 'containers', 0).spec, ephemeralContainers: [clean(ephemeral)] };
  const stored = storedOf('Pod', { does: 'run', namespace }, spec, 'api-6f9d8c7b54-kq2xm', 1);
  const target = core('pods', namespace, 'api-6f9d8c7b54-kq2xm', 'ephemeralcontainers');
  return [
    {
      name: 'ephemeral container patch',
      before: [],
      asks: [{ verb: 'patch', target, sent: { spec: { ephemeralContainers: [ephemeral] } }, answered: stored }],
    },
    { name: 'ephemeral container update', before: [], asks: [{ verb: 'update', target, sent: readBefore(stored), answered: stored }] },
  ];
}

function containerOf({ container = {} }: Running, name: string): JsonObject {
  return { ...harmless, name, ...container };
}

function podSpec(running: Running, position: Position, harmlessBefore: number): { readonly spec: JsonObject; readonly patch: JsonObject } {
  const beside = running.beside === true || position !== 'containers';
  const guilty = containerOf(running, beside ? textOf(running.container?.['name']) || 'setup' : 'api');
  const before = Array.from({ length: harmlessBefore }, (_, at) => ({ ...harmless, name: `side-${String(at)}` }));
  const containers = some(...before, ...(beside ? [harmless] : []), ...(position === 'containers' ? [guilty] : []));
  const spec: JsonObject = {
    ...running.spec,
    containers,
    initContainers: position === 'initContainers' ? [guilty] : undefined,
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  };
  const changed = running.container === undefined ? {} : { [position]: [{ ...(beside ? guilty : { name: 'api' }), ...running.container }] };
  return { spec, patch: { ...running.spec, ...changed } };
}

function objectOf(kind: PodKind, running: Running, spec: JsonObject, names: JsonObject): JsonObject {
  const { namespace = 'shop', metadata = {} } = running;
  return wrapped(kind, { ...names, namespace, labels, ...metadata }, clean(spec));
}

function storedOf(kind: PodKind, running: Running, spec: JsonObject, name: string, generation: number, born = longAgo): JsonObject {
  const { namespace = 'shop', metadata = {} } = running;
  const ids = new Random(`${kind}/${namespace}/${name}`);
  const meta = {
    name,
    namespace,
    uid: ids.uuid(),
    resourceVersion: String(9_000_000 + generation),
    generation: kind === 'Pod' ? undefined : generation,
    creationTimestamp: born,
    labels,
    ...metadata,
    managedFields: [
      {
        manager: 'kubectl',
        operation: 'Update',
        apiVersion: kinds[kind].apiVersion,
        time: '2026-03-11T09:14:22Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': {} },
      },
    ],
  };
  return { ...wrapped(kind, meta, { serviceAccountName: 'default', ...spec }), status: {} };
}

function wrapped(kind: PodKind, metadata: JsonObject, podSpecification: JsonObject): JsonObject {
  const { apiVersion, path, spec } = kinds[kind];
  const template = { metadata: { labels }, spec: podSpecification };
  const body =
    kind === 'Pod'
      ? { spec: podSpecification }
      : kind === 'PodTemplate'
        ? { template }
        : kind === 'CronJob'
          ? { spec: { ...spec, jobTemplate: { spec: { template } } } }
          : { spec: { ...spec, template } };
  if (path.length === 0) throw new Error(kind);
  return { kind, apiVersion, metadata, ...body };
}

function patchOf(kind: PodKind, podSpecification: JsonObject): JsonObject {
  return kinds[kind].path.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), podSpecification);
}

/** RFC 6902 operations with the effect of the patch. */
function stepsOf(kind: PodKind, running: Running, spec: JsonObject, position: Position): Json {
  const path = `/${kinds[kind].path.join('/')}`;
  const host = Object.entries(running.spec ?? {}).map(([key, value]) => ({ op: 'add', path: `${path}/${key}`, value }));
  const containers = (spec[position] ?? []) as readonly JsonObject[];
  const index = containers.length - 1;
  if (running.beside === true)
    return [
      ...host,
      position === 'containers'
        ? { op: 'add', path: `${path}/containers/-`, value: containers[index] }
        : { op: 'add', path: `${path}/${position}`, value: containers },
    ];
  const own = Object.entries(running.container ?? {}).map(([key, value]) => ({
    op: 'replace',
    path: `${path}/${position}/${String(index)}/${key}`,
    value: cleaned(value),
  }));
  return [...host, ...own];
}

function cleaned(value: Json | undefined): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? clean(value as JsonObject) : value;
}

/** Without what a null takes away. */
function clean(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, Array.isArray(member) ? member.map((each: Json) => cleaned(each) ?? null) : cleaned(member)]),
  );
}
