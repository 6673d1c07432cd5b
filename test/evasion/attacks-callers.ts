import { execQuery } from '../simulation/audit.ts';
import { component, nobody, roleIdentity, serviceAccount } from '../simulation/identity.ts';
import { apps, core, grouped, type Target } from '../simulation/target.ts';
import type { Ask, Attack } from './attack.ts';
import { developer, from, workload } from './cast.ts';
import { asks, get, list, rbac, remove } from './requests.ts';

const stranger = roleIdentity('person', {
  role: 'AWSReservedSSO_PlatformGuest_0f1e2d3c4b5a6978',
  session: 'guest',
  address: developer.address,
  agent: developer.agent,
  group: 'guests',
});
const newAccount = serviceAccount({ namespace: 'shop', name: 'exporter', address: '10.0.31.140', agent: 'exporter/v0.4.1' });
const newCertificate = component('build-agent', '10.0.12.40', developer.agent);

const pods = core('pods', 'shop');

/** What shows a cluster, one kind after the other. */
const kinds: readonly Target[] = [
  ...['namespaces', 'nodes', 'pods', 'services', 'configmaps', 'serviceaccounts', 'persistentvolumes'].map((resource) => core(resource)),
  ...['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((resource) => grouped(rbac, resource)),
  apps('deployments'),
  apps('daemonsets'),
];

const refused = (target: Target, verb = 'list'): Ask => ({ verb, target, code: 403 });

// Helm makes Secrets every day, and nobody changes one.
const secretChanged: Ask = { verb: 'patch', target: core('secrets', 'payments', 'x') };
const serviceChanged: Ask = {
  verb: 'patch',
  target: core('services', 'shop', 'api'),
  sent: { spec: { externalTrafficPolicy: 'Local' } },
  answered: { kind: 'Service', apiVersion: 'v1', metadata: { name: 'api', namespace: 'shop' }, spec: { externalTrafficPolicy: 'Local' } },
};

const log = (at: number): Ask => ({
  verb: 'get',
  target: core('pods', at % 2 === 0 ? 'shop' : 'payments', `api-6f9d8c7b54-${String(at).padStart(5, 'x')}`, 'log'),
  query: 'container=main&tailLines=100',
});

const enters = (namespace: string, pod: string, command: readonly string[], more: Partial<Ask> = {}): Ask => ({
  verb: 'get',
  target: core('pods', namespace, pod, 'exec'),
  query: execQuery(command, 'main', false),
  code: 101,
  lasts: 2_000_000,
  ...more,
});

const addresses = ['198.51.100.23', '203.0.113.66', '192.0.2.14', '2001:db8:77::9', '2001:db8:4c00::1'];

const lead = { impersonating: { username: 'shop-lead', groups: ['shop-developers', 'system:authenticated'] } };

/** Deeds that anybody may do, by somebody who never did them, or more often than anybody does. */
export const callerAttacks: readonly Attack[] = [
  asks(
    'newcomer',
    'comes with an identity that the cluster never met',
    ['D014'],
    {
      role: [list(pods)],
      'role that writes': [remove(apps('deployments', 'shop', 'api'))],
      account: [{ ...get(core('secrets', 'shop', 'db')), by: newAccount }],
      certificate: [{ ...list(core('nodes')), by: newCertificate }],
    },
    { by: stranger, least: 'low' },
  ),
  asks(
    'login-guessed',
    'shows one credential after the other',
    ['D015'],
    { 'one path': Array.from({ length: 64 }, (): Ask => ({ verb: 'get', path: '/api', code: 401 })) },
    { by: nobody('203.0.113.66', 'Go-http-client/2.0'), unfit: ['impersonat'], least: 'low' },
  ),
  asks(
    'doors-tried-by-workload',
    "tries what a workload's token opens",
    ['D016', 'D031'],
    {
      'by list': kinds.map((target) => refused(target)),
      'some open': kinds.flatMap((target, at) => (at % 3 === 0 ? [refused(target), list(pods)] : [refused(target)])),
      'by verb': ['get', 'create', 'update', 'patch', 'delete'].flatMap((verb) =>
        ['secrets', 'pods', 'configmaps'].map((resource) => refused(core(resource, 'shop', verb === 'create' ? undefined : 'x'), verb)),
      ),
    },
    { by: workload },
  ),
  asks(
    'impersonated-by-newcomer',
    'acts as a colleague',
    ['D020'],
    {
      list: [{ ...list(pods), ...lead }],
      write: [{ ...remove(apps('deployments', 'shop', 'api')), ...lead }],
      'by a workload': [{ ...get(core('secrets', 'shop', 'db')), ...lead, by: workload }],
    },
    { unfit: ['impersonat'], least: 'low' },
  ),
  asks(
    'key-shared',
    'uses one access key from many places',
    ['D021'],
    { reads: addresses.map((address) => ({ ...list(pods), by: from(developer, address) })) },
    { least: 'low' },
  ),
  asks(
    'sweep',
    'lists all there is',
    ['D030'],
    { 'by person': kinds.map((target) => list(target)), 'by account': kinds.map((target) => ({ ...list(target), by: workload })) },
    { least: 'low' },
  ),
  asks(
    'refused-to-new-client',
    'is refused with a client of its own',
    ['D032', 'D033'],
    {
      person: [refused(core('secrets', 'kube-system'))],
      account: [{ ...refused(core('secrets', 'shop')), by: from(workload, workload.address, 'kubeletctl/1.9') }],
    },
    { by: from(developer, developer.address, 'python-requests/2.32.3'), unfit: ['agent'], least: 'low' },
  ),
  asks(
    'unusual-change',
    'changes what it never changed',
    // Somebody makes Secrets in every cluster: there, a new place is told of the Secret's author.
    ['D034', 'D111'],
    {
      patch: [serviceChanged],
      delete: [remove(grouped('batch', 'cronjobs', 'shop', 'backup'))],
      deletecollection: [{ verb: 'deletecollection', target: core('services', 'payments') }],
      secret: [secretChanged],
      'by a workload': [{ ...secretChanged, by: workload }],
    },
    { least: 'low' },
  ),
  asks(
    'logs-read',
    'reads the logs of everything',
    ['D038'],
    {
      many: Array.from({ length: 66 }, (_, at) => log(at)),
      'of a guard': [{ ...log(0), target: core('pods', 'kyverno', 'kyverno-admission-controller-5c8d9f7b6-x2klm', 'log') }],
    },
    { least: 'low' },
  ),
  asks(
    'unusual-exec',
    'enters a container where it never did',
    ['D043'],
    {
      WebSocket: [enters('payments', 'ledger-0', ['id'])],
      SPDY: [enters('payments', 'ledger-0', ['id'], { verb: 'create' })],
      shell: [enters('payments', 'ledger-0', ['sh', '-c', 'id'])],
      'by a workload': [enters('shop', 'db-0', ['id'], { by: workload })],
      attach: [{ ...enters('payments', 'ledger-0', []), target: core('pods', 'payments', 'ledger-0', 'attach'), query: 'stdout=true' }],
    },
    { least: 'low' },
  ),
];
