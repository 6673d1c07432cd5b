import type { JsonObject } from '../simulation/go-json.ts';
import { core, grouped, type Target } from '../simulation/target.ts';
import type { Ask, Attack } from './attack.ts';
import { node, workload } from './cast.ts';
import { asks, get, list, nodeName, rbac, watch } from './requests.ts';

const secrets = core('secrets');

const roles = ['clusterroles', 'clusterrolebindings'].map((resource) => grouped(rbac, resource));

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

/** Requests that read what should not be read, or reach where nobody should. */
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
];
