import type { JsonObject } from '../simulation/go-json.ts';
import { apps, core, grouped, type Target } from '../simulation/target.ts';
import type { Ask, Attack } from './attack.ts';
import { deployer, developer, from, wearing } from './cast.ts';
import { asks, get, nodeName, rbac, remove, removeAll } from './requests.ts';

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

/** Requests that take away what guards the cluster, or try to. */
export const removalAttacks: readonly Attack[] = [
  asks(
    'certificate-approved',
    'approves its certificate',
    ['D092'],
    {
      update: [approval('update')],
      patch: [approval('patch')],
    },
    { unfit: ['odd metadata'] },
  ),
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
