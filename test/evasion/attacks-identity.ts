import { apps, core } from '../simulation/target.ts';
import type { Ask, Attack } from './attack.ts';
import { asks } from './requests.ts';
import { anonymous, developer, from, node, wearing, workload } from './cast.ts';
import { nobody } from '../simulation/identity.ts';

const pods: Ask = { verb: 'list', target: core('pods', 'shop') };
const get = (namespace: string): Ask => ({ verb: 'get', target: core('pods', namespace, 'api-6f9d8c7b54-kq2xm') });
const pod: Ask = {
  verb: 'create',
  target: core('pods', 'shop', 'helper'),
  sent: { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'helper' }, spec: { containers: [{ name: 'helper', image: 'busybox' }] } },
  answered: {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'helper', namespace: 'shop' },
    spec: { containers: [{ name: 'helper', image: 'busybox' }] },
  },
};
const deployment: Ask = {
  verb: 'patch',
  target: apps('deployments', 'shop', 'api'),
  sent: { spec: { replicas: 3 } },
  answered: { kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: 'api', namespace: 'shop' }, spec: { replicas: 3 } },
};

const as = (username: string, groups: readonly string[] = ['system:authenticated']): Pick<Ask, 'impersonating'> => ({
  impersonating: { username, groups },
});
const paths = [
  '/api',
  '/apis',
  '/api/v1/pods',
  '/api/v1/secrets',
  '/api/v1/nodes',
  '/apis/apps/v1/deployments',
  '/api/v1/namespaces',
  '/openapi/v2',
  '/metrics',
  '/api/v1/configmaps',
  '/apis/batch/v1/jobs',
  '/logs',
];
const masters = wearing(developer, { groups: ['system:masters', 'system:authenticated'] });
const unfit = ['impersonat'];

function probing(code: number): Ask[] {
  return paths.map((path) => {
    const resource = /^\/(?:api|apis\/[a-z]+)\/v1\/([a-z]+)$/.exec(path)?.[1];
    const group = /^\/apis\/([a-z]+)\//.exec(path)?.[1];
    return resource === undefined ? { verb: 'get', path, code } : { verb: 'list', target: { resource, group }, code };
  });
}

/** Callers who are not who they seem. */
export const identityAttacks: readonly Attack[] = [
  asks(
    'anonymous-allowed',
    'reads without credentials',
    ['D001'],
    {
      list: [pods],
      get: [get('shop')],
      path: [{ verb: 'get', path: '/metrics' }],
      watch: [{ ...pods, verb: 'watch', query: 'watch=true', lasts: 2_000_000 }],
    },
    { by: anonymous, unfit, least: 'low' },
  ),
  asks('anonymous-write', 'writes without credentials', ['D003'], { pod: [pod], workload: [deployment] }, { by: anonymous, unfit }),
  asks(
    'anonymous-probing',
    'tries many paths without credentials',
    ['D002'],
    { forbidden: probing(403) },
    { by: anonymous, unfit, least: 'low' },
  ),
  asks(
    'probing-refused',
    'tries many paths with credentials that are none',
    ['D002', 'D015'],
    { unauthenticated: probing(401) },
    { by: nobody('203.0.113.66', 'Mozilla/5.0'), unfit, least: 'low' },
  ),
  asks(
    'workload-from-internet',
    "uses a workload's token from the internet",
    ['D008'],
    { list: [pods], get: [get('shop')], write: [deployment] },
    { by: from(workload, '203.0.113.66') },
  ),
  asks(
    'node-from-internet',
    "uses a node's credentials from the internet",
    ['D008'],
    { list: [{ verb: 'list', target: core('pods', undefined, undefined), query: 'limit=500' }], get: [get('shop')] },
    { by: from(node, '203.0.113.66'), unfit },
  ),
  asks(
    'offensive-client',
    'calls with a client made for attacks',
    ['D013'],
    { 'kube-hunter': [pods], write: [deployment] },
    { by: from(developer, developer.address, 'peirates/1.1.20'), unfit: ['agent'], least: 'low' },
  ),
  asks(
    'scripted-client',
    'calls with curl',
    ['D013'],
    { list: [pods], write: [deployment] },
    { by: from(developer, developer.address, 'curl/8.5.0'), unfit: ['agent'], least: 'low' },
  ),
  asks(
    'break-glass-used',
    'uses the masters group',
    ['D018'],
    { list: [pods], write: [deployment], secrets: [{ verb: 'get', target: core('secrets', 'shop', 'db') }] },
    { by: masters, least: 'low' },
  ),
  asks(
    'masters-impersonated',
    'impersonates the masters group',
    ['D019'],
    {
      group: [{ ...pods, ...as('helper', ['system:masters', 'system:authenticated']) }],
      controller: [{ ...pods, ...as('system:serviceaccount:kube-system:clusterrole-aggregation-controller') }],
      node: [{ ...pods, ...as('system:node:ip-10-0-31-7.eu-central-1.compute.internal', ['system:nodes', 'system:authenticated']) }],
      scheduler: [{ ...pods, ...as('system:kube-scheduler') }],
      'group among others': [{ ...deployment, ...as('helper', ['shop-developers', 'system:authenticated', 'system:masters']) }],
      admin: [{ ...deployment, ...as('kubernetes-admin') }],
    },
    { unfit, least: 'medium' },
  ),
  asks(
    'reserved-name-from-iam',
    'appears from IAM under a reserved name',
    ['D022'],
    { list: [pods], write: [deployment], secrets: [{ verb: 'list', target: core('secrets', 'shop') }] },
    { by: wearing(developer, { username: 'system:kube-controller-manager' }) },
  ),
  asks(
    'reserved-account-from-iam',
    'appears from IAM as a controller',
    ['D022'],
    { list: [pods], write: [deployment] },
    { by: wearing(developer, { username: 'system:serviceaccount:kube-system:daemon-set-controller' }) },
  ),
  asks(
    'reserved-group-from-iam',
    'appears from IAM in a reserved group',
    ['D022'],
    { list: [pods], write: [deployment] },
    { by: wearing(developer, { groups: ['system:nodes', 'system:authenticated'] }) },
  ),
];
