import type { RolePlan } from '../simulation/identity.ts';
import { type CronPlan, type Population, type WorkloadPlan, registry } from '../simulation/population.ts';
import type { Random } from '../simulation/random.ts';

/** Somebody with working hours somewhere on earth. */
export interface PersonPlan extends RolePlan {
  readonly team: string;
  /** Hours east of UTC. */
  readonly zone: number;
  /** Where the person usually works from: the first on most days. */
  readonly places: readonly string[];
  /** The home connection gets an address in another network every few days. */
  readonly changingHome: boolean;
}

/** How a team brings its releases into the cluster. */
export interface TeamPlan {
  readonly name: string;
  readonly delivery: 'helm' | 'kubectl' | 'gitops';
  /** Runners of the code host are anywhere; the team's own are in the VPC. */
  readonly hostedRunners: boolean;
}

/** A cluster's population with what only this simulation needs to know of it. */
export interface Town {
  readonly population: Population;
  readonly people: readonly PersonPlan[];
  readonly teams: readonly TeamPlan[];
  /** Some builds make images in a privileged container. */
  readonly privilegedBuilds: boolean;
}

const teamNames = [
  ...['shop', 'payments', 'analytics', 'search', 'orders', 'media', 'identity', 'mail', 'billing', 'catalogue', 'support', 'labs'],
  ...['fraud', 'pricing', 'returns', 'loyalty', 'partners', 'stock'],
];

const tiers = [
  ...['web', 'api', 'worker', 'db', 'cache', 'scheduler', 'gateway', 'events', 'mailer', 'admin', 'exports', 'rates', 'auth', 'feed'],
  ...['webhooks', 'sync', 'batch', 'graph', 'proxy', 'preview'],
];

/** Operators, with their namespaces. */
const operators: readonly (readonly [string, string])[] = [
  ['kube-system', 'coredns'],
  ['kube-system', 'metrics-server'],
  ['kube-system', 'aws-load-balancer-controller'],
  ['karpenter', 'karpenter'],
  ['argocd', 'argocd-application-controller'],
  ['external-secrets', 'external-secrets'],
  ['cert-manager', 'cert-manager'],
  ['cert-manager', 'cert-manager-cainjector'],
  ['monitoring', 'prometheus'],
  ['monitoring', 'kube-state-metrics'],
  ['keda', 'keda-operator'],
  ['ingress-nginx', 'ingress-nginx'],
  ['reloader', 'reloader'],
  ['velero', 'velero'],
  ['ci', 'gitlab-runner'],
];

const clients = [
  'kubectl/v1.33.1 (darwin/arm64) kubernetes/8adc0f0',
  'kubectl/v1.32.2 (linux/amd64) kubernetes/67a30c0',
  'kubectl/v1.31.4 (windows/amd64) kubernetes/a78aa47',
  'k9s/v0.32.7 (darwin/arm64) kubernetes/$Format',
  'kubectl/v1.32.2 (darwin/arm64) kubernetes/67a30c0',
];

const office = '192.0.2.10';
const vpn = '198.51.100.24';

/** A cluster's population: another one for every seed. */
export function townOf(random: Random): Town {
  const teams = random
    .shuffled(teamNames)
    .slice(0, random.int(11, 14))
    .map((name): TeamPlan => {
      const delivery = random.weighted<TeamPlan['delivery']>([
        ['helm', 5],
        ['kubectl', 2],
        ['gitops', 3],
      ]);
      return { name, delivery, hostedRunners: random.chance(0.12) };
    });
  const applications = teams.flatMap(({ name }) => workloadsOf(name, random));
  const people = [
    ...Array.from({ length: 4 }, (_, index) => personOf('platform', index, random)),
    ...teams.flatMap(({ name }) => Array.from({ length: random.int(2, 3) }, (_, index) => personOf(name, index, random))),
  ];
  return {
    people,
    teams,
    privilegedBuilds: random.chance(0.4),
    population: {
      cluster: 'town',
      nodes: random.int(16, 24),
      nodeRole: 'TownNode',
      version: '1.34.2-eks-ecaa3a6',
      workloads: [...applications, ...operators.map(([namespace, name]) => operatorOf(namespace, name, teams))],
      crons: teams.flatMap(({ name }) => cronsOf(name, random)),
      people,
      pipelines: teams.map(({ name }) => pipelineOf(name)),
      edges: [],
      services: [],
    },
  };
}

function workloadsOf(namespace: string, random: Random): WorkloadPlan[] {
  return random
    .shuffled(tiers)
    .slice(0, random.int(10, 18))
    .map((tier, at) => ({
      namespace,
      name: `${namespace}-${tier}`,
      replicas: tier === 'db' || tier === 'scheduler' ? 1 : random.int(1, 3),
      port: tier === 'db' ? 5432 : 8080,
      image: tier === 'db' ? `${registry}/mirror/postgres` : `${registry}/${namespace}/${tier}`,
      tag: tier === 'db' ? '16.4' : `1.${String(random.int(1, 60))}.0`,
      env: 2 + (at % 6),
    }));
}

function operatorOf(namespace: string, name: string, teams: readonly TeamPlan[]): WorkloadPlan {
  const reads = name === 'external-secrets' || name === 'cert-manager' ? { reads: teams.map((team) => team.name) } : {};
  const apiAgent = `${name}/v1.14.0 (linux/amd64) kubernetes/$Format`;
  return { namespace, name, replicas: 1, port: 8080, image: `${registry}/mirror/${name}`, tag: 'v1.14.0', env: 2, apiAgent, ...reads };
}

function cronsOf(namespace: string, random: Random): CronPlan[] {
  const cron = (name: string, everyMinutes: number, lastsSeconds: number): CronPlan => ({
    namespace,
    name: `${namespace}-${name}`,
    image: `${registry}/${namespace}/${name}:1.4.${String(random.int(0, 9))}`,
    everyMinutes,
    lastsSeconds,
    env: 3,
  });
  return [cron('reports', 1_440, 900), cron('tidy', random.pick([180, 360, 720]), 60)];
}

function personOf(team: string, index: number, random: Random): PersonPlan {
  const session = `${team}-dev-${String(index + 1)}`;
  const home = homeNetwork(session, 0);
  const places = random.weighted<readonly string[]>([
    [[office, vpn], 4],
    [[vpn, office], 4],
    [[home, office], 2],
    [[home], 1],
  ]);
  const zone = random.weighted([
    [1, 6],
    [0, 2],
    [2, 2],
    [5.5, 2],
    [-5, 2],
    [-8, 1],
  ]);
  const role = team === 'platform' ? 'PlatformEngineer' : `${capital(team)}Developer`;
  const common = { role, session, address: places[0] ?? office, agent: random.pick(clients), group: `town:${team}` };
  return { ...common, team, zone, places, changingHome: places[0] === home && random.chance(0.3) };
}

function pipelineOf(team: string): RolePlan {
  return { role: `${capital(team)}Deploy`, session: 'pipeline', address: '10.20.4.17', agent: 'Helm/3.17.1', group: `town:${team}-deploy` };
}

/** A connection at home: an IPv6 network, because documentation has only few IPv4 ones. */
export function homeNetwork(session: string, turn: number): string {
  let hash = 7;
  for (const sign of `${session}/${String(turn)}`) hash = (hash * 31 + sign.charCodeAt(0)) % 0xefff;
  return `2001:db8:${(0x1000 + hash).toString(16)}::2a`;
}

/** A name with its first letter large, as roles have it. */
export function capital(name: string): string {
  return `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
}

/** Some people as a team, for a team that joins later. */
export function newcomers(team: string, count: number, random: Random): PersonPlan[] {
  return Array.from({ length: count }, (_, index) => personOf(team, index, random));
}

/** The workloads of a team that joins later. */
export function newWorkloads(team: string, random: Random): WorkloadPlan[] {
  return workloadsOf(team, random).slice(0, 5);
}
