import type { JsonObject } from '../simulation/go-json.ts';
import { apps, core, grouped, type Target } from '../simulation/target.ts';
import type { Ask, Asking, Attack } from './attack.ts';
import { developer, deployer, from, node, wearing, workload } from './cast.ts';

type Rest = Pick<Attack, 'least' | 'unfit' | 'by'> & Pick<Asking, 'before'>;

/** An attack of requests. The first form is the base. */
export function asks(
  id: string,
  what: string,
  rows: readonly string[],
  forms: Asking['forms'],
  { least = 'medium', before, unfit, by }: Rest = {},
): Attack {
  const extra = { ...(unfit === undefined ? {} : { unfit }), ...(by === undefined ? {} : { by }) };
  return { id, what, rows, least, deed: { does: 'ask', forms, ...(before === undefined ? {} : { before }) }, ...extra };
}

const list = (target: Target, query?: string): Ask => ({ verb: 'list', target, ...(query === undefined ? {} : { query }) });
const watch = (target: Target, query = 'watch=true'): Ask => ({ verb: 'watch', target, query, lasts: 5_000_000 });
const get = (target: Target, query?: string): Ask => ({ verb: 'get', target, ...(query === undefined ? {} : { query }) });
const remove = (target: Target, sent?: JsonObject): Ask => ({
  verb: 'delete',
  target,
  sent: sent ?? { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
  answered: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' },
});
const removeAll = (target: Target, query?: string): Ask => ({
  verb: 'deletecollection',
  target,
  ...(query === undefined ? {} : { query }),
  sent: { kind: 'DeleteOptions', apiVersion: 'v1' },
});

const secrets = core('secrets');
const rbac = 'rbac.authorization.k8s.io';
const roles = ['clusterroles', 'clusterrolebindings'].map((resource) => grouped(rbac, resource));
const nodeName = 'ip-10-0-31-7.eu-central-1.compute.internal';

/** `proxy` keeps the verb of its method, and its path goes on after it. */
function proxied(resource: string, namespace: string | undefined, name: string, path: string, verb = 'get'): Ask {
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return { verb, path: `/api/v1${place}/${resource}/${name}/proxy${path}`, target: { resource, namespace, name, subresource: 'proxy' } };
}

const token = (namespace: string, name: string, spec: JsonObject = {}): Ask => {
  const request = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {},
    spec: { audiences: null, expirationSeconds: 3600, boundObjectRef: null, ...spec },
  };
  return { verb: 'create', target: core('serviceaccounts', namespace, name, 'token'), sent: request, answered: request };
};

const review = (resource: string, attributes: JsonObject): Ask => ({
  verb: 'create',
  target: grouped('authorization.k8s.io', resource),
  sent: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: attributes },
  answered: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: attributes, status: { allowed: true } },
});
const rulesReview: Ask = review('selfsubjectrulesreviews', { namespace: 'shop' });
const powers = [
  ['', 'secrets', '', 'list'],
  ['', 'pods', 'exec', 'create'],
  ['', 'serviceaccounts', 'token', 'create'],
  ['*', '*', '', '*'],
  [rbac, 'clusterroles', '', 'escalate'],
  [rbac, 'clusterrolebindings', '', 'bind'],
  ['', 'nodes', 'proxy', 'get'],
  ['', 'users', '', 'impersonate'],
  ['apps', 'daemonsets', '', 'create'],
  ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', '', 'create'],
  ['', 'persistentvolumes', '', 'create'],
  ['certificates.k8s.io', 'certificatesigningrequests', 'approval', 'update'],
];
const accessReviews = powers.map(([group = '', resource = '', subresource = '', verb = '']) =>
  review('selfsubjectaccessreviews', { resourceAttributes: { group, resource, subresource, verb } }),
);

const kubeletReview = (user: string, attributes: JsonObject): Ask => {
  const spec = {
    resourceAttributes: { verb: 'create', version: 'v1', resource: 'nodes', name: nodeName, ...attributes },
    user,
    groups: ['system:authenticated'],
  };
  return {
    by: node,
    verb: 'create',
    target: grouped('authorization.k8s.io', 'subjectaccessreviews'),
    sent: { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec },
    answered: { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec, status: { allowed: true } },
  };
};

const authMap: Target = core('configmaps', 'kube-system', 'aws-auth');
const mapRoles = (groups: string): JsonObject => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'aws-auth', namespace: 'kube-system' },
  data: {
    mapRoles: `- rolearn: arn:aws:iam::111122223333:role/harbour-node\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [system:bootstrappers, system:nodes]\n${groups}`,
  },
});
const backdoor = mapRoles('- rolearn: arn:aws:iam::444455556666:role/x\n  username: cluster-lead\n  groups:\n  - system:masters\n');
const mapped = (sent: JsonObject, verb: string): Ask => ({ verb, target: authMap, sent, answered: backdoor });

/** Requests that read what should not be read, or take from the cluster what guards it. */
export const requestAttacks: readonly Attack[] = [
  asks('secrets-of-cluster-listed', 'lists all Secrets', ['D105'], {
    list: [list(secrets)],
    'in pages': [list(secrets, 'limit=500'), list(secrets, 'continue=eyJ2IjoibWV0YSJ9&limit=500')],
    watch: [watch(secrets)],
    'watch with the objects before': [
      watch(secrets, 'allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&watch=1'),
    ],
    'selected by type': [list(secrets, 'fieldSelector=type%3Dkubernetes.io%2Fservice-account-token')],
    'by the old watch path': [{ verb: 'watch', path: '/api/v1/watch/secrets', target: secrets, lasts: 5_000_000 }],
    'as a table': [list(secrets, 'limit=500&includeObject=Object')],
  }),
  asks(
    'secrets-of-system-namespace-listed',
    'lists the Secrets of kube-system',
    ['D106'],
    {
      list: [list(core('secrets', 'kube-system'))],
      watch: [watch(core('secrets', 'kube-system'))],
      'in pages': [list(core('secrets', 'kube-system'), 'limit=10')],
    },
    { least: 'low' },
  ),
  asks(
    'rbac-read',
    'reads who may do what',
    ['D039'],
    { list: roles.map((target) => list(target)), watch: roles.map((target) => watch(target)) },
    { least: 'low' },
  ),
  asks(
    'identity-map-read',
    'reads the map of IAM identities',
    ['D040', 'D094'],
    {
      get: [get(authMap)],
      'list by name': [list({ ...authMap }, 'fieldSelector=metadata.name%3Daws-auth')],
      'watch by name': [watch({ ...authMap }, 'fieldSelector=metadata.name%3Daws-auth&watch=true')],
    },
    { least: 'low' },
  ),
  asks('kubelet-reached-through-node', 'reaches the kubelet through the API server', ['D035'], {
    pods: [proxied('nodes', undefined, nodeName, '/pods')],
    'running pods': [proxied('nodes', undefined, nodeName, '/runningpods/')],
    run: [proxied('nodes', undefined, nodeName, '/run/shop/api-6f9d8c7b54-kq2xm/api?cmd=id', 'create')],
    'exec by GET': [proxied('nodes', undefined, nodeName, '/exec/shop/api-6f9d8c7b54-kq2xm/api?command=id&output=1')],
    'by its port': [proxied('nodes', undefined, `https:${nodeName}:10250`, '/pods')],
    'path encoded': [proxied('nodes', undefined, nodeName, '/%70%6fds')],
    logs: [proxied('nodes', undefined, nodeName, '/containerLogs/kube-system/coredns-66bc5c9577-hntp6/coredns')],
  }),
  asks(
    'kubelet-asked-directly',
    'asks the kubelet with the token of a workload',
    ['D036'],
    {
      proxy: [kubeletReview('system:serviceaccount:shop:api', { subresource: 'proxy' })],
      'read only': [kubeletReview('system:serviceaccount:shop:api', { subresource: 'proxy', verb: 'get' })],
      anonymously: [kubeletReview('system:anonymous', { subresource: 'proxy' })],
      pods: [kubeletReview('system:serviceaccount:shop:api', { subresource: 'pods', verb: 'get' })],
      logs: [kubeletReview('system:serviceaccount:shop:api', { subresource: 'log', verb: 'get' })],
      checkpoint: [kubeletReview('system:serviceaccount:shop:api', { subresource: 'checkpoint' })],
    },
    { unfit: ['impersonat', 'agent'], least: 'low' },
  ),
  asks(
    'pod-reached-through-proxy',
    'tunnels to a pod through the API server',
    ['D037'],
    {
      get: [proxied('pods', 'shop', 'db-0', '/')],
      post: [proxied('pods', 'shop', 'db-0', '/query', 'create')],
      'by port': [proxied('pods', 'shop', 'http:db-0:9200', '/_search')],
      'a service': [proxied('services', 'shop', 'db:5432', '/')],
      'a service over TLS': [proxied('services', 'kube-system', 'https:metrics-server:', '/')],
    },
    { least: 'low' },
  ),
  asks(
    'port-forwarded',
    'forwards a port of a pod',
    ['D051'],
    {
      WebSocket: [{ verb: 'get', target: core('pods', 'shop', 'db-0', 'portforward'), query: 'ports=5432', code: 101, lasts: 9_000_000 }],
      SPDY: [{ verb: 'create', target: core('pods', 'shop', 'db-0', 'portforward'), code: 101, lasts: 9_000_000 }],
    },
    { least: 'low' },
  ),
  asks(
    'rights-asked',
    'asks what it may do',
    ['D029'],
    { 'rules by account': [rulesReview], 'single rights by account': accessReviews },
    { by: workload, least: 'low' },
  ),
  asks(
    'token-minted',
    'mints a token of a controller',
    ['D099'],
    {
      short: [token('kube-system', 'clusterrole-aggregation-controller')],
      'for years': [token('kube-system', 'clusterrole-aggregation-controller', { expirationSeconds: 315_360_000 })],
      'for another audience': [token('shop', 'api', { audiences: ['sts.amazonaws.com'], expirationSeconds: 86_400 })],
      'bound to a Secret': [
        token('kube-system', 'generic-garbage-collector', { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 'x' } }),
      ],
      'bound to a pod': [
        token('kube-system', 'generic-garbage-collector', {
          boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'x', uid: '1597f658-a966-40db-8679-94edc3e1cdb9' },
        }),
      ],
    },
    { least: 'low' },
  ),
  asks('certificate-approved', 'approves its certificate', ['D092'], {
    update: [approval('update')],
    patch: [approval('patch')],
  }),
  asks(
    'identity-map-changed',
    'maps a foreign role into the cluster',
    ['D093'],
    {
      update: [mapped(backdoor, 'update')],
      patch: [mapped({ data: backdoor['data'] }, 'patch')],
      'update after read': [get(authMap), mapped(backdoor, 'update')],
      delete: [remove(authMap)],
    },
    { before: [{ by: deployer, verb: 'update', target: authMap, sent: mapRoles(''), answered: mapRoles('') }] },
  ),
  asks(
    'identity-map-created',
    'creates the map of IAM identities anew',
    ['D094'],
    { create: [{ verb: 'create', target: authMap }] },
    { least: 'low' },
  ),
  asks('policy-removed', 'removes a NetworkPolicy', ['D119'], {
    delete: [remove(grouped('networking.k8s.io', 'networkpolicies', 'shop', 'default-deny'))],
    'delete at once': [
      remove(grouped('networking.k8s.io', 'networkpolicies', 'shop', 'default-deny'), {
        kind: 'DeleteOptions',
        apiVersion: 'meta.k8s.io/__internal',
        gracePeriodSeconds: 0,
      }),
    ],
    deletecollection: [removeAll(grouped('networking.k8s.io', 'networkpolicies', 'shop'))],
    'deletecollection by label': [removeAll(grouped('networking.k8s.io', 'networkpolicies', 'shop'), 'labelSelector=app%3Dapi')],
  }),
  asks(
    'quota-removed',
    'removes a quota',
    ['D120'],
    {
      delete: [remove(core('resourcequotas', 'shop', 'shop'))],
      deletecollection: [removeAll(core('resourcequotas', 'shop'))],
      'limit range': [remove(core('limitranges', 'shop', 'shop'))],
      'limit ranges': [removeAll(core('limitranges', 'shop'))],
    },
    { least: 'low' },
  ),
  asks('webhook-removed', 'removes the policy webhook', ['D102'], {
    delete: [
      remove(
        grouped('admissionregistration.k8s.io', 'validatingwebhookconfigurations', undefined, 'kyverno-resource-validating-webhook-cfg'),
      ),
    ],
    deletecollection: [removeAll(grouped('admissionregistration.k8s.io', 'validatingwebhookconfigurations'))],
    'mutating ones': [removeAll(grouped('admissionregistration.k8s.io', 'mutatingwebhookconfigurations'))],
  }),
  asks(
    'policy-engine-object-removed',
    'removes a policy of the policy engine',
    ['D103'],
    {
      Kyverno: [remove({ ...grouped('kyverno.io', 'clusterpolicies', undefined, 'no-privileged') })],
      Gatekeeper: [
        remove({ ...grouped('constraints.gatekeeper.sh', 'k8spspprivilegedcontainer', undefined, 'no-privileged'), version: 'v1beta1' }),
      ],
      'admission policy': [remove(grouped('admissionregistration.k8s.io', 'validatingadmissionpolicies', undefined, 'no-privileged'))],
      'all of Kyverno': [removeAll({ ...grouped('kyverno.io', 'clusterpolicies') })],
    },
    { least: 'low' },
  ),
  asks('sensor-removed', 'removes the sensor', ['D118'], {
    delete: [remove(apps('daemonsets', 'amazon-guardduty', 'aws-guardduty-agent'))],
    deletecollection: [removeAll(apps('daemonsets', 'amazon-guardduty'))],
    namespace: [remove(core('namespaces', 'amazon-guardduty', 'amazon-guardduty'))],
    Falco: [remove(apps('daemonsets', 'falco', 'falco'))],
  }),
  asks(
    'built-in-binding-removed',
    'removes a built-in binding',
    ['D089'],
    {
      delete: [remove(grouped(rbac, 'clusterrolebindings', undefined, 'system:node-proxier'))],
      role: [remove(grouped(rbac, 'clusterroles', undefined, 'system:coredns'))],
      deletecollection: [removeAll(grouped(rbac, 'clusterrolebindings'))],
    },
    { least: 'low' },
  ),
  asks(
    'forbidden-burst',
    'tries what it may not from outside',
    ['D016', 'D017'],
    {
      'one by one': forbidden(14, 'get'),
      'by list': forbidden(14, 'list'),
    },
    { by: from(wearing(developer, { groups: ['system:authenticated'] }), '203.0.113.66') },
  ),
  asks(
    'forbidden-create',
    'tries to create what it may not',
    ['D062'],
    {
      pod: [{ verb: 'create', target: core('pods', 'kube-system', 'helper'), code: 403 }],
      binding: [{ verb: 'create', target: grouped(rbac, 'clusterrolebindings', undefined, 'helper'), code: 403 }],
      workload: [{ verb: 'create', target: apps('daemonsets', 'kube-system', 'helper'), code: 403 }],
    },
    { least: 'low' },
  ),
  asks(
    'pod-bound-to-node',
    'binds a pod to a node as the scheduler would',
    ['D066'],
    {
      binding: [
        {
          verb: 'create',
          target: core('pods', 'shop', 'helper', 'binding'),
          sent: bindingOf(),
          answered: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
        },
      ],
    },
    { least: 'low' },
  ),
];

function approval(verb: 'update' | 'patch'): Ask {
  const conditions = [{ type: 'Approved', status: 'True', reason: 'AutoApproved', message: '' }];
  const object = {
    kind: 'CertificateSigningRequest',
    apiVersion: 'certificates.k8s.io/v1',
    metadata: { name: 'helper' },
    spec: { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    status: { conditions },
  };
  return {
    verb,
    target: grouped('certificates.k8s.io', 'certificatesigningrequests', undefined, 'helper', 'approval'),
    sent: verb === 'update' ? object : { status: { conditions } },
    answered: object,
  };
}

function bindingOf(): JsonObject {
  return { kind: 'Binding', apiVersion: 'v1', metadata: { name: 'helper', namespace: 'shop' }, target: { kind: 'Node', name: nodeName } };
}

function forbidden(count: number, verb: 'get' | 'list'): Ask[] {
  const resources = [
    'secrets',
    'configmaps',
    'nodes',
    'pods',
    'serviceaccounts',
    'persistentvolumes',
    'endpoints',
    'services',
    'namespaces',
    'resourcequotas',
  ];
  return Array.from({ length: count }, (_, at) => {
    const resource = resources[at % resources.length] ?? '';
    const namespace = at < resources.length ? 'kube-system' : 'default';
    return { verb, target: core(resource, namespace, verb === 'get' ? `x${String(at)}` : undefined), code: 403 };
  });
}
