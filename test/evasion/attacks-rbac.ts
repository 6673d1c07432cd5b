import type { Json, JsonObject } from '../simulation/go-json.ts';
import { grouped, type Target } from '../simulation/target.ts';
import type { Attack, Manner, Writing } from './attack.ts';
import { workload } from './cast.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;
const all: readonly Manner[] = ['create', 'apply-new', 'update', 'merge-patch', 'json-patch', 'apply'];

type Rest = Pick<Attack, 'least' | 'unfit' | 'by'> & Partial<Pick<Writing, 'before' | 'manners' | 'spellings' | 'patch' | 'generated'>>;

/** An attack that writes one object. */
export function writes(id: string, what: string, rows: readonly string[], target: Target, object: JsonObject, rest: Rest = {}): Attack {
  const { least = 'medium', unfit, by, manners = all, ...deed } = rest;
  const extra = { ...(unfit === undefined ? {} : { unfit }), ...(by === undefined ? {} : { by }) };
  return { id, what, rows, least, deed: { does: 'write', target, object, manners, ...deed }, ...extra };
}

const user = (name: string): JsonObject => ({ kind: 'User', apiGroup: group, name });
const groupOf = (name: string): JsonObject => ({ kind: 'Group', apiGroup: group, name });
const account = (name: string, namespace = 'shop'): JsonObject => ({ kind: 'ServiceAccount', name, namespace });

function binding(
  kind: 'ClusterRoleBinding' | 'RoleBinding',
  name: string,
  role: string,
  subjects: readonly Json[],
  roleKind = 'ClusterRole',
): JsonObject {
  const metadata = kind === 'RoleBinding' ? { name, namespace: 'shop' } : { name };
  return { kind, apiVersion, metadata, subjects, roleRef: { apiGroup: group, kind: roleKind, name: role } };
}

const clusterBinding = (name: string): Target => grouped(group, 'clusterrolebindings', undefined, name);
const roleBinding = (name: string): Target => grouped(group, 'rolebindings', 'shop', name);
const harmlessUser = user('shop-lead');

function grants(
  id: string,
  what: string,
  rows: readonly string[],
  role: string,
  subjects: readonly Json[],
  spellings: Readonly<Record<string, readonly Json[]>> = {},
  rest: Rest = {},
): Attack {
  const name = `${id}-x`;
  return writes(id, what, rows, clusterBinding(name), binding('ClusterRoleBinding', name, role, subjects), {
    before: binding('ClusterRoleBinding', name, role, [harmlessUser]),
    spellings: {
      'beside harmless subjects': binding('ClusterRoleBinding', name, role, [harmlessUser, groupOf('shop-developers'), ...subjects]),
      ...Object.fromEntries(
        Object.entries(spellings).map(([spelling, others]) => [spelling, binding('ClusterRoleBinding', name, role, others)]),
      ),
    },
    generated: true,
    ...rest,
  });
}

function bindsInNamespace(
  id: string,
  what: string,
  rows: readonly string[],
  role: string,
  subjects: readonly Json[],
  rest: Rest = {},
): Attack {
  const name = `${id}-x`;
  return writes(id, what, rows, roleBinding(name), binding('RoleBinding', name, role, subjects), {
    before: binding('RoleBinding', name, role, [harmlessUser]),
    generated: true,
    ...rest,
  });
}

const role = (kind: 'ClusterRole' | 'Role', name: string, rules: readonly Json[], more: JsonObject = {}): JsonObject => ({
  kind,
  apiVersion,
  metadata: { name, ...(kind === 'Role' ? { namespace: 'shop' } : {}), ...more },
  rules,
});

const rule = (
  apiGroups: readonly string[],
  resources: readonly string[],
  verbs: readonly string[],
  resourceNames?: readonly string[],
): JsonObject => ({
  apiGroups,
  resources,
  verbs,
  resourceNames,
});

const reading = rule([''], ['pods'], ['get', 'list']);

function widens(
  id: string,
  what: string,
  rows: readonly string[],
  rules: readonly Json[],
  spellings: Readonly<Record<string, readonly Json[]>> = {},
  rest: Rest = {},
): Attack {
  const name = `${id}-x`;
  return writes(id, what, rows, grouped(group, 'clusterroles', undefined, name), role('ClusterRole', name, rules), {
    before: role('ClusterRole', name, [reading]),
    spellings: {
      'after harmless rules': role('ClusterRole', name, [reading, rule(['apps'], ['deployments'], ['get', 'watch']), ...rules]),
      ...Object.fromEntries(Object.entries(spellings).map(([spelling, others]) => [spelling, role('ClusterRole', name, others)])),
    },
    generated: true,
    ...rest,
  });
}

/** Grants of Kubernetes rights. */
export const grantAttacks: readonly Attack[] = [
  grants('grant-to-anonymous', 'lets anybody in', ['D004'], 'view', [user('system:anonymous')], {
    'by group': [groupOf('system:unauthenticated')],
    'without API group': [{ kind: 'User', name: 'system:anonymous' }],
  }),
  bindsInNamespace('grant-to-anonymous-in-namespace', 'lets anybody into a namespace', ['D004'], 'edit', [
    groupOf('system:unauthenticated'),
  ]),
  grants('grant-to-everybody', 'grants to all who are authenticated', ['D005'], 'edit', [groupOf('system:authenticated')], {
    'all accounts': [groupOf('system:serviceaccounts')],
    'accounts of a namespace': [groupOf('system:serviceaccounts:shop')],
    'all nodes': [groupOf('system:nodes')],
    'without API group': [{ kind: 'Group', name: 'system:authenticated' }],
  }),
  grants('bind-cluster-admin', 'makes a user cluster-admin', ['D083'], 'cluster-admin', [user('mallory')], {
    'a group': [groupOf('contractors')],
    'without API group': [{ kind: 'User', name: 'mallory' }],
    'an account': [account('api')],
  }),
  grants('bind-system-role', 'binds a controller role', ['D083', 'D084'], 'system:controller:clusterrole-aggregation-controller', [
    user('mallory'),
  ]),
  bindsInNamespace('bind-admin-in-namespace', 'makes a user admin of a namespace', ['D083'], 'admin', [user('mallory')], { least: 'low' }),
  bindsInNamespace('bind-cluster-admin-in-namespace', 'makes a user cluster-admin of a namespace', ['D083'], 'cluster-admin', [
    user('mallory'),
  ]),
  grants('grant-to-default-account', "grants admin to a namespace's default account", ['D085'], 'cluster-admin', [account('default')], {
    'by user name': [user('system:serviceaccount:shop:default')],
  }),
  grants(
    'grant-to-account',
    'binds an account to a cluster role',
    ['D086'],
    'shop-reader',
    [account('api')],
    { 'by user name': [user('system:serviceaccount:shop:api')] },
    { least: 'low' },
  ),
  bindsInNamespace(
    'grant-to-account-in-namespace',
    'binds an account to a cluster role in a namespace',
    ['D086'],
    'edit',
    [account('api')],
    { least: 'low' },
  ),
  widens('wildcard-role', 'writes a role that may do anything', ['D087'], [rule(['*'], ['*'], ['*'])], {
    'wildcard verb': [rule([''], ['secrets', 'pods'], ['*'])],
    'wildcard resource': [rule(['', 'apps'], ['*'], ['get', 'list', 'create', 'update', 'patch', 'delete'])],
    'wildcard among others': [rule(['', '*'], ['pods', '*'], ['get', '*'])],
    'wildcard subresource': [rule(['*'], ['*/*', '*'], ['get', '*'])],
  }),
  widens(
    'wildcard-path-role',
    'writes a role that may read every path beside the resources',
    ['D087'],
    [reading, { nonResourceURLs: ['*'], verbs: ['*'] }],
    { 'slash and all below': [{ nonResourceURLs: ['/*'], verbs: ['get'] }] },
    { least: 'low' },
  ),
  widens(
    'role-may-escalate',
    'writes a role that may escalate',
    ['D088'],
    [rule([group], ['clusterroles'], ['escalate', 'update'])],
    {
      bind: [rule([group], ['clusterroles'], ['bind'])],
      impersonate: [rule([''], ['users', 'groups'], ['impersonate'])],
      'impersonate accounts': [rule([''], ['serviceaccounts'], ['impersonate'])],
      'write bindings': [rule([group], ['clusterrolebindings'], ['create', 'patch'])],
      exec: [rule([''], ['pods/exec'], ['create'])],
      'exec by get': [rule([''], ['pods/exec'], ['get'])],
      attach: [rule([''], ['pods/attach'], ['create'])],
      'any exec': [rule([''], ['*/exec'], ['create'])],
      'ephemeral containers': [rule([''], ['pods/ephemeralcontainers'], ['patch'])],
      'nodes proxy': [rule([''], ['nodes/proxy'], ['get'])],
      tokens: [rule([''], ['serviceaccounts/token'], ['create'])],
      'token of one account': [rule([''], ['serviceaccounts/token'], ['create'], ['clusterrole-aggregation-controller'])],
      'approve certificates': [
        rule(['certificates.k8s.io'], ['certificatesigningrequests/approval'], ['update']),
        rule(['certificates.k8s.io'], ['signers'], ['approve']),
      ],
      webhooks: [rule(['admissionregistration.k8s.io'], ['mutatingwebhookconfigurations'], ['create'])],
      'read secrets': [rule([''], ['secrets'], ['get', 'list'])],
      'read one secret': [rule([''], ['secrets'], ['get'], ['db'])],
      'group spelled twice': [rule(['', ''], ['pods', 'secrets'], ['watch'])],
      'write workloads': [rule(['apps'], ['daemonsets'], ['create'])],
      'write volumes': [rule([''], ['persistentvolumes'], ['create'])],
    },
    { least: 'low' },
  ),
  writes(
    'role-in-namespace-may-exec',
    'writes a role of a namespace that may exec',
    ['D088'],
    grouped(group, 'roles', 'shop', 'helper'),
    role('Role', 'helper', [rule([''], ['pods/exec', 'pods'], ['get', 'create'])]),
    {
      before: role('Role', 'helper', [reading]),
      least: 'low',
      generated: true,
    },
  ),
  writes(
    'built-in-role-changed',
    'changes a built-in role',
    ['D089'],
    grouped(group, 'clusterroles', undefined, 'system:basic-user'),
    role('ClusterRole', 'system:basic-user', [rule([''], ['secrets'], ['get', 'list'])]),
    {
      before: role('ClusterRole', 'system:basic-user', [rule(['authorization.k8s.io'], ['selfsubjectaccessreviews'], ['create'])]),
      manners: ['update', 'merge-patch', 'json-patch', 'apply'],
    },
  ),
  writes(
    'built-in-binding-changed',
    'joins a built-in binding',
    ['D089', 'D083'],
    clusterBinding('cluster-admin'),
    binding('ClusterRoleBinding', 'cluster-admin', 'cluster-admin', [groupOf('system:masters'), account('default', 'default')]),
    {
      before: binding('ClusterRoleBinding', 'cluster-admin', 'cluster-admin', [groupOf('system:masters')]),
      manners: ['update', 'merge-patch', 'json-patch', 'apply'],
    },
  ),
  writes(
    'role-aggregated',
    'adds rules to a built-in role by label',
    ['D091'],
    grouped(group, 'clusterroles', undefined, 'helper-view'),
    role('ClusterRole', 'helper-view', [rule([''], ['secrets'], ['get', 'list'])], {
      labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
    }),
    {
      before: role('ClusterRole', 'helper-view', [rule([''], ['secrets'], ['get', 'list'])]),
      patch: { metadata: { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } } },
      spellings: {
        'to edit': role('ClusterRole', 'helper-view', [rule([''], ['users', 'groups'], ['impersonate'])], {
          labels: { app: 'x', 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' },
        }),
        'to admin': role('ClusterRole', 'helper-view', [rule([group], ['clusterroles'], ['escalate'])], {
          labels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' },
        }),
        'by selector': {
          ...role('ClusterRole', 'helper-view', []),
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { app: 'helper' } }] },
        },
      },
      least: 'low',
    },
  ),
  writes(
    'rights-written-by-workload',
    'has a workload grant itself rights',
    ['D090'],
    roleBinding('helper'),
    binding('RoleBinding', 'helper', 'edit', [account('api')]),
    {
      before: binding('RoleBinding', 'helper', 'edit', [harmlessUser]),
      by: workload,
      least: 'low',
      generated: true,
    },
  ),
];
