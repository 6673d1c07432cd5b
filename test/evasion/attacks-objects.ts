import type { JsonObject } from '../simulation/go-json.ts';
import { apps, core, grouped } from '../simulation/target.ts';
import type { Attack, Manner } from './attack.ts';
import { writes } from './attacks-rbac.ts';

const changes: readonly Manner[] = ['update', 'merge-patch', 'json-patch', 'apply'];

const service = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  kind: 'Service',
  apiVersion: 'v1',
  metadata: { name: 'api', namespace: 'shop', ...metadata },
  spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
});

const csr = (name: string, more: JsonObject): JsonObject => ({
  kind: 'CertificateSigningRequest',
  apiVersion: 'certificates.k8s.io/v1',
  metadata: { name },
  spec: { request: Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMIIB').toString('base64'), usages: ['client auth'], ...more },
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

/** Objects that stand for somebody, or stand in for something. */
export const objectAttacks: readonly Attack[] = [
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
