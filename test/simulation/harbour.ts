import { type EdgePlan, type Population, type WorkloadPlan, outsideServices, registry } from './population.ts';

const own = (name: string): string => `${registry}/${name}`;

const applications: readonly WorkloadPlan[] = [
  { namespace: 'shop', name: 'frontend', replicas: 4, port: 8080, image: own('shop/frontend'), tag: '3.18.0', env: 3 },
  { namespace: 'shop', name: 'api', replicas: 4, port: 8080, image: own('shop/api'), tag: '1.42.0', env: 6 },
  { namespace: 'shop', name: 'shop-db', replicas: 1, port: 5432, image: own('mirror/postgres'), tag: '16.4', env: 3 },
  {
    namespace: 'payments',
    name: 'payments-api',
    replicas: 2,
    port: 8443,
    image: own('payments/api'),
    tag: '2.7.1',
    env: 7,
  },
  {
    namespace: 'payments',
    name: 'payments-db',
    replicas: 1,
    port: 5432,
    image: own('mirror/postgres'),
    tag: '16.4',
    env: 3,
  },
  {
    namespace: 'analytics',
    name: 'reports',
    replicas: 1,
    port: 8080,
    image: own('analytics/reports'),
    tag: '0.9.3',
    env: 4,
  },
  {
    namespace: 'analytics',
    name: 'reports-db',
    replicas: 1,
    port: 5432,
    image: own('mirror/postgres'),
    tag: '16.4',
    env: 3,
  },
];

const operators: readonly WorkloadPlan[] = [
  operator('kube-system', 'coredns', 'coredns/v0.0.0 (linux/amd64) kubernetes/$Format', 53),
  operator('kube-system', 'metrics-server', 'metrics-server/v0.7.2 (linux/amd64) kubernetes/$Format', 10250),
  operator('kube-system', 'cluster-autoscaler', 'cluster-autoscaler/v1.33.0 (linux/amd64) kubernetes/$Format', 8085),
  operator('kube-system', 'aws-load-balancer-controller', 'elbv2.k8s.aws/v2.13.0 aws-sdk-go-v2/1.32.7', 9443),
  operator('argocd', 'argocd-application-controller', 'argocd-application-controller/v0.0.0 (linux/amd64) kubernetes/$Format', 8082),
  {
    ...operator('external-secrets', 'external-secrets', 'external-secrets/v0.14.2 (linux/amd64) kubernetes/$Format', 8080),
    reads: ['shop', 'payments', 'analytics'],
  },
  operator('monitoring', 'prometheus', 'Prometheus/3.1.0', 9090),
  operator('monitoring', 'kube-state-metrics', 'kube-state-metrics/v2.15.0 (linux/amd64) kubernetes/$Format', 8080),
];

function operator(namespace: string, name: string, apiAgent: string, port: number): WorkloadPlan {
  return { namespace, name, replicas: 1, port, image: own(`mirror/${name}`), tag: 'stable', env: 2, apiAgent };
}

const edges: readonly EdgePlan[] = [
  { from: 'balancer', to: 'shop/frontend', perHour: 14, sent: 2_400, received: 38_000 },
  { from: 'shop/frontend', to: 'shop/api', perHour: 16, sent: 3_100, received: 9_400 },
  { from: 'shop/api', to: 'shop/shop-db', perHour: 16, sent: 2_200, received: 12_000 },
  { from: 'shop/api', to: 'payments/payments-api', perHour: 8, sent: 1_900, received: 2_600 },
  { from: 'payments/payments-api', to: 'payments/payments-db', perHour: 8, sent: 1_800, received: 6_100 },
  { from: 'payments/payments-api', to: 'payment-provider', perHour: 7, sent: 2_900, received: 4_200 },
  { from: 'analytics/reports', to: 'analytics/reports-db', perHour: 5, sent: 2_600, received: 48_000 },
  { from: 'shop/api', to: 's3', perHour: 5, sent: 90_000, received: 4_000 },
  { from: 'analytics/reports', to: 's3', perHour: 2, sent: 400_000, received: 6_000 },
  { from: 'argocd/argocd-application-controller', to: 'kubernetes', perHour: 4, sent: 9_000, received: 60_000 },
  { from: 'external-secrets/external-secrets', to: 'kubernetes', perHour: 4, sent: 3_000, received: 14_000 },
  { from: 'monitoring/prometheus', to: 'shop/api', perHour: 4, sent: 900, received: 21_000 },
  { from: 'monitoring/prometheus', to: 'shop/frontend', perHour: 4, sent: 900, received: 17_000 },
  { from: 'monitoring/prometheus', to: 'payments/payments-api', perHour: 4, sent: 900, received: 15_000 },
];

const office = '192.0.2.10';
const vpn = '192.0.2.24';

/** The small shop that the shipped scenario plays in. */
export const harbour: Population = {
  cluster: 'harbour',
  nodes: 3,
  nodeRole: 'HarbourNode',
  version: '1.34.2-eks-ecaa3a6',
  workloads: [...applications, ...operators],
  crons: [
    {
      namespace: 'shop',
      name: 'stock-sync',
      image: `${own('shop/stock-sync')}:1.4.2`,
      everyMinutes: 60,
      lastsSeconds: 40,
      env: 4,
    },
    {
      namespace: 'payments',
      name: 'settlement',
      image: `${own('payments/settlement')}:2.7.1`,
      everyMinutes: 120,
      lastsSeconds: 95,
      env: 5,
    },
    {
      namespace: 'analytics',
      name: 'nightly-export',
      image: `${own('analytics/export')}:0.9.3`,
      everyMinutes: 1440,
      lastsSeconds: 1500,
      env: 4,
    },
  ],
  people: [
    person('PlatformEngineer', 'engineer-1', office, 'kubectl/v1.32.2 (darwin/arm64) kubernetes/67a30c0', 'harbour:platform'),
    person('PlatformEngineer', 'engineer-2', vpn, 'k9s/v0.32.7 (linux/amd64) kubernetes/$Format', 'harbour:platform'),
    person('ShopDeveloper', 'developer-1', office, 'kubectl/v1.31.4 (linux/amd64) kubernetes/a78aa47', 'harbour:shop'),
    person('ShopDeveloper', 'developer-2', vpn, 'kubectl/v1.32.2 (windows/amd64) kubernetes/67a30c0', 'harbour:shop'),
    person('PaymentsDeveloper', 'developer-3', office, 'kubectl/v1.32.2 (darwin/arm64) kubernetes/67a30c0', 'harbour:payments'),
    person('DataAnalyst', 'analyst-1', vpn, 'kubectl/v1.30.8 (darwin/arm64) kubernetes/cc30bf5', 'harbour:analytics'),
  ],
  pipelines: [person('HarbourDeploy', 'pipeline', '10.20.4.17', 'kubectl/v1.32.2 (linux/amd64) kubernetes/67a30c0', 'harbour:deploy')],
  edges,
  services: outsideServices,
};

function person(role: string, session: string, address: string, agent: string, group: string): Population['people'][number] {
  return { role, session, address, agent, group };
}
