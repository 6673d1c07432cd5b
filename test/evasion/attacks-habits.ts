import type { JsonObject } from '../simulation/go-json.ts';
import { apps, core, grouped, type Target } from '../simulation/target.ts';
import type { Ask, Attack } from './attack.ts';
import { writes } from './attacks-rbac.ts';
import { component, nodeIdentity } from '../simulation/identity.ts';
import { deployer, developer, image, node, workload } from './cast.ts';
import { asks, get, list, remove, removeAll, watch } from './requests.ts';

const born: Pick<Attack, 'least'> = { least: 'low' };
const creating = ['create', 'apply-new'] as const;

const secret = (namespace: string, name?: string): Target => core('secrets', namespace, name);

function many(count: number, ask: (at: number) => Ask): Ask[] {
  return Array.from({ length: count }, (_, at) => ask(at));
}

const tokens = component(
  'system:kube-controller-manager',
  '172.16.38.129',
  'kube-controller-manager/v1.33.1 (linux/amd64) kubernetes/3c3f1c9/tokens-controller',
);

const stranger = nodeIdentity(
  { name: 'ip-10-0-66-6.eu-central-1.compute.internal', instance: 'i-0badc0ffee0badc0f', address: '10.0.66.6' },
  'helper-instance',
  '1.33.1',
);

function joining(by: Ask['by'], name: string, instance: string): Ask {
  const object = {
    kind: 'Node',
    apiVersion: 'v1',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec: { providerID: `aws:///eu-central-1a/${instance}` },
  };
  return { ...(by === undefined ? {} : { by }), verb: 'create', target: core('nodes', undefined, name), sent: object, answered: object };
}

const namespace = (name: string, created: string): JsonObject => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata: { name, creationTimestamp: created },
  status: { phase: 'Active' },
});

function namespaceMade(name: string, by: Ask['by'] = developer): Ask {
  return {
    by,
    verb: 'create',
    target: core('namespaces', name, name),
    sent: { kind: 'Namespace', apiVersion: 'v1', metadata: { name } },
    answered: namespace(name, '2026-03-11T09:14:22Z'),
  };
}

function scaled(name: string, replicas: number, verb = 'patch', by: Ask['by'] = developer): Ask {
  const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name, namespace: 'shop' }, spec: { replicas } };
  return {
    by,
    verb,
    target: apps('deployments', 'shop', name, 'scale'),
    sent: verb === 'patch' ? { spec: { replicas } } : scale,
    answered: scale,
  };
}

/** A pod like any other, on its own or of a job. */
function started(kind: 'Pod' | 'Job', space: string, name: string, verb: 'create' | 'patch' = 'create'): Ask {
  const pod = { containers: [{ name: 'main', image }], restartPolicy: 'Never' };
  const metadata = { name, namespace: space };
  const object =
    kind === 'Pod'
      ? { kind, apiVersion: 'v1', metadata, spec: pod }
      : { kind, apiVersion: 'batch/v1', metadata, spec: { template: { spec: pod } } };
  const target = kind === 'Pod' ? core('pods', space, name) : grouped('batch', 'jobs', space, name);
  return {
    verb,
    target,
    sent: object,
    answered: object,
    code: 201,
    ...(verb === 'patch' ? { query: 'fieldManager=kubectl&force=true' } : {}),
  };
}

const plausible = ['sync', 'migrate', 'report', 'resize', 'indexer', 'probe'];
const teams = ['shop', 'payments', 'orders', 'mail', 'media', 'search', 'stock', 'labs', 'billing', 'support'];
const pick = (from: readonly string[], at: number): string => from[at % from.length] ?? '';

/** Requests that only what is usual tells from everybody's work. */
export const habitAttacks: readonly Attack[] = [
  asks(
    'stranger-node',
    'registers a node of its own',
    ['D081'],
    {
      'of another role': [joining(stranger, 'ip-10-0-66-6.eu-central-1.compute.internal', 'i-0badc0ffee0badc0f')],
      'as a person': [joining(developer, 'ip-10-0-66-6.eu-central-1.compute.internal', 'i-0badc0ffee0badc0f')],
      'in the name of another': [joining(node, 'ip-10-0-66-6.eu-central-1.compute.internal', 'i-0a1b2c3d4e5f60718')],
      'with another instance': [joining(node, 'ip-10-0-31-7.eu-central-1.compute.internal', 'i-0badc0ffee0badc0f')],
    },
    { least: 'medium', unfit: ['impersonat'] },
  ),
  asks(
    'token-kept',
    'keeps a token that never expires',
    ['D100'],
    {
      created: [
        { verb: 'create', target: secret('shop', 'login') },
        { by: tokens, verb: 'update', target: secret('shop', 'login') },
      ],
      applied: [
        { verb: 'patch', target: secret('shop', 'login'), code: 201 },
        { by: tokens, verb: 'update', target: secret('shop', 'login') },
      ],
      'with a generated name': [
        { verb: 'create', target: secret('shop') },
        { by: tokens, verb: 'update', target: secret('shop', 'login-x7k2p') },
      ],
    },
    { unfit: ['impersonat'] },
  ),
  asks('secrets-read-in-a-row', 'reads Secret after Secret', ['D107'], {
    get: many(45, (at) => get(secret('shop', `s${String(at)}`))),
    'lists of namespaces': many(45, (at) => list(secret(`team-${String(at)}`))),
    'watches of single ones': many(45, (at) =>
      watch(secret('shop', `s${String(at)}`), `fieldSelector=metadata.name%3Ds${String(at)}&watch=1`),
    ),
  }),
  asks('secrets-refused-in-a-row', 'tries Secret after Secret', ['D109'], {
    get: many(25, (at) => ({ ...get(secret('payments', `s${String(at)}`)), code: 403 })),
    list: many(25, (at) => ({ ...list(secret(`team-${String(at)}`)), code: 403 })),
  }),
  asks(
    'secret-read-by-workload',
    "reads a Secret with a workload's token",
    ['D110'],
    {
      get: [get(secret('shop', 'db'))],
      'of another namespace': [get(secret('payments', 'db'))],
      list: [list(secret('shop'))],
      watch: [watch(secret('shop'))],
    },
    { by: workload },
  ),
  asks(
    'secret-written',
    'writes or removes a Secret',
    ['D111'],
    {
      create: [{ verb: 'create', target: secret('payments', 'db') }],
      'by a person': [{ verb: 'create', target: secret('payments', 'db'), by: developer }],
      update: [{ verb: 'update', target: secret('payments', 'db') }],
      patch: [{ verb: 'patch', target: secret('payments', 'db') }],
      delete: [remove(secret('payments', 'db'))],
      'delete all': [removeAll(secret('payments'))],
    },
    { ...born, by: workload },
  ),
  writes(
    'account-imitates',
    'makes an account that is nearly one of the system',
    ['D121'],
    core('serviceaccounts', 'shop', 'c0redns'),
    { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: 'c0redns', namespace: 'shop' } },
    { manners: creating },
  ),
  asks(
    'namespace-made',
    'makes a namespace of its own',
    ['D122'],
    {
      odd: [namespaceMade('helper')],
      'among the system': [namespaceMade('kube-tools')],
      'soon gone': [
        {
          ...remove(core('namespaces', 'helper', 'helper')),
          answered: namespace('helper', '2026-03-11T08:54:22Z'),
        },
      ],
    },
    { ...born, unfit: ['odd metadata'] },
  ),
  asks('data-destroyed', 'deletes what holds data', ['D123'], {
    claims: many(30, (at) => remove(core('persistentvolumeclaims', 'shop', `data-${String(at)}`))),
    namespaces: many(30, (at) => remove(core('namespaces', `team-${String(at)}`, `team-${String(at)}`))),
    'by force': many(30, (at) =>
      remove(core('persistentvolumeclaims', 'shop', `data-${String(at)}`), {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        gracePeriodSeconds: 0,
      }),
    ),
    snapshots: many(30, (at) => remove(grouped('snapshot.storage.k8s.io', 'volumesnapshots', 'shop', `daily-${String(at)}`))),
  }),
  asks('much-deleted', 'deletes application after application', ['D123'], {
    mixed: many(220, (at) =>
      remove(at % 2 === 0 ? apps('deployments', 'shop', `d${String(at)}`) : core('services', 'shop', `s${String(at)}`)),
    ),
  }),
  asks(
    'collection-deleted',
    'deletes all of a kind at once',
    ['D123'],
    {
      claims: [removeAll(core('persistentvolumeclaims', 'shop'))],
      deployments: [removeAll(apps('deployments', 'shop'))],
      pods: [removeAll(core('pods', 'shop'), 'labelSelector=app%3Dapi')],
    },
    born,
  ),
  asks(
    'scaled-to-nothing',
    'stops a workload',
    ['D126'],
    { patch: [scaled('cart', 0)], update: [scaled('cart', 0, 'update')] },
    { ...born, before: [scaled('cart', 3, 'update', deployer)] },
  ),
  asks(
    'replicas-multiplied',
    'multiplies a workload',
    ['D126'],
    { patch: [scaled('cart', 120)], update: [scaled('cart', 120, 'update')] },
    { before: [scaled('cart', 3, 'update', deployer)] },
  ),
  asks('pods-all-hour', 'makes pod after pod, never many at once', ['D063'], {
    'under many names': many(45, (at) => started('Pod', 'shop', `${pick(plausible, at)}-${String(at)}`)),
    'in many namespaces': many(45, (at) => started('Pod', pick(teams, at), `${pick(plausible, at)}-${String(at)}`)),
    'as jobs': many(45, (at) => started('Job', 'shop', `${pick(plausible, at)}-${String(at)}`)),
    applied: many(45, (at) => started(at % 2 === 0 ? 'Pod' : 'Job', 'shop', `${pick(plausible, at)}-${String(at)}`, 'patch')),
  }),
  asks('pods-everywhere', 'makes a pod in namespace after namespace', ['D063'], {
    created: many(10, (at) => started('Pod', pick(teams, at), pick(plausible, at))),
    applied: many(10, (at) => started('Pod', pick(teams, at), pick(plausible, at), 'patch')),
    'as jobs': many(10, (at) => started('Job', pick(teams, at), pick(plausible, at))),
  }),
];
