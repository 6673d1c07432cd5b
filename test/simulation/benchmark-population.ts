import type { RolePlan } from './identity.ts';
import { type CronPlan, type EdgePlan, type Population, type WorkloadPlan, outsideServices, registry } from './population.ts';

const teams = ['shop', 'payments', 'analytics', 'search', 'orders', 'media', 'identity', 'mail', 'billing', 'catalogue', 'support', 'labs'];
const tiers = ['web', 'api', 'worker', 'db'];
const operatorNames = [
  'external-secrets',
  'cert-manager',
  'kube-state-metrics',
  'prometheus',
  'ingress-nginx',
  'argocd-application-controller',
  'keda-operator',
  'velero',
];

const applications: readonly WorkloadPlan[] = teams.flatMap((namespace) =>
  tiers.map((tier, at) => ({
    namespace,
    name: `${namespace}-${tier}`,
    replicas: tier === 'db' ? 1 : 3,
    port: tier === 'db' ? 5432 : 8080,
    image: `${registry}/${namespace}/${tier}`,
    tag: '1.0.0',
    env: 11 + at,
  })),
);

/** Each team runs operators of its own, so that there are many accounts with a stable address. */
const operators: readonly WorkloadPlan[] = teams.flatMap((team, index) =>
  operatorNames.map((name, at) => ({
    namespace: `${team}-system`,
    name,
    replicas: 1,
    port: 8080,
    image: `${registry}/mirror/${name}`,
    tag: 'stable',
    env: 2,
    apiAgent: `${name}/v1.${String(10 + ((index + at) % 7))}.0 (linux/amd64) kubernetes/$Format`,
    ...(name === 'external-secrets' || name === 'cert-manager' ? { reads: [team] } : {}),
  })),
);

const dns: WorkloadPlan = {
  namespace: 'kube-system',
  name: 'coredns',
  replicas: 2,
  port: 53,
  image: `${registry}/mirror/coredns`,
  tag: 'stable',
  env: 0,
  apiAgent: 'coredns/v0.0.0 (linux/amd64) kubernetes/$Format',
};

const crons: readonly CronPlan[] = teams.map((namespace, at) => ({
  namespace,
  name: `${namespace}-sync`,
  image: `${registry}/${namespace}/sync:1.0.0`,
  everyMinutes: 10,
  lastsSeconds: 30 + 10 * at,
  env: 3,
}));

const kubectls = ['v1.33.1 (darwin/arm64)', 'v1.32.2 (linux/amd64)', 'v1.31.4 (windows/amd64)'];

function person(index: number): RolePlan {
  const team = teams[index % teams.length] ?? 'shop';
  return {
    role: `${team[0]?.toUpperCase() ?? ''}${team.slice(1)}Developer`,
    session: `developer-${String(index + 1)}`,
    address: `192.0.2.${String(10 + (index % 9))}`,
    agent: `kubectl/${kubectls[index % kubectls.length] ?? ''} kubernetes/67a30c0`,
    group: `quay:${team}`,
  };
}

function pipeline(index: number): RolePlan {
  const agent = index % 2 === 0 ? 'Helm/3.17.1' : 'kubectl/v1.32.2 (linux/amd64) kubernetes/67a30c0';
  return {
    role: `QuayDeploy${String(index + 1)}`,
    session: 'pipeline',
    address: `10.20.4.${String(17 + index)}`,
    agent,
    group: 'quay:deploy',
  };
}

const edges: readonly EdgePlan[] = teams.flatMap((team, at) => {
  const next = teams[(at + 1) % teams.length] ?? team;
  return [
    { from: 'balancer', to: `${team}/${team}-web`, perHour: 110, sent: 2_400, received: 38_000 },
    { from: `${team}/${team}-web`, to: `${team}/${team}-api`, perHour: 130, sent: 3_100, received: 9_400 },
    { from: `${team}/${team}-api`, to: `${team}/${team}-db`, perHour: 130, sent: 2_200, received: 12_000 },
    { from: `${team}/${team}-worker`, to: `${team}/${team}-db`, perHour: 70, sent: 8_000, received: 30_000 },
    { from: `${team}/${team}-api`, to: `${next}/${next}-api`, perHour: 40, sent: 1_900, received: 2_600 },
    { from: `${team}/${team}-worker`, to: 's3', perHour: 30, sent: 120_000, received: 5_000 },
    { from: `${team}/${team}-api`, to: 'payment-provider', perHour: at === 1 ? 60 : 4, sent: 2_900, received: 4_200 },
  ];
});

/** A mid-sized cluster: 60 nodes, 12 teams, more than 200 identities. */
export const quay: Population = {
  cluster: 'quay',
  nodes: 60,
  nodeRole: 'QuayNode',
  version: '1.34.2-eks-ecaa3a6',
  workloads: [...applications, ...operators, dns],
  crons,
  people: Array.from({ length: 36 }, (_, index) => person(index)),
  pipelines: Array.from({ length: 6 }, (_, index) => pipeline(index)),
  edges,
  services: outsideServices,
};
