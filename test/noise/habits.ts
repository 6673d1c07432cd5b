import type { Random } from '../simulation/random.ts';
import type { Workload } from '../simulation/workload.ts';
import { type Outside, type OutsideService, amazon } from './outside.ts';
import type { Fixture } from './wires.ts';

/** Whom a workload calls, how often, and how much is said. */
export interface Habit {
  /** A workload by its key, or somebody who is no pod. */
  readonly to: string | OutsideService | Fixture;
  readonly port?: number;
  /** Of a working hour: what a flow log sums up in minutes is thinned to some. */
  readonly perHour: number;
  readonly sent: number;
  readonly received: number;
  /** Pushes and heartbeats keep a rhythm instead. */
  readonly everyMinutes?: number;
}

/** Which tiers of its own team a tier calls. */
const calls: Readonly<Record<string, readonly string[]>> = {
  web: ['api', 'gateway', 'auth'],
  gateway: ['api', 'graph', 'auth', 'feed'],
  graph: ['api', 'cache'],
  api: ['db', 'cache', 'events'],
  worker: ['db', 'events', 'cache'],
  scheduler: ['worker', 'db'],
  events: ['db'],
  mailer: ['db'],
  admin: ['db', 'api'],
  exports: ['db'],
  rates: ['cache'],
  auth: ['db', 'cache'],
  feed: ['cache', 'db'],
  webhooks: ['events', 'api'],
  sync: ['db', 'api'],
  batch: ['db'],
  proxy: ['api'],
  preview: ['api'],
  cache: [],
  db: [],
};

/** What a service begins with that is no tier. */
const callsOfNew: readonly string[] = ['db', 'cache', 'api'];

/** What can be called. */
export interface Neighbourhood {
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly outside: Outside;
  /** Databases that AWS runs, in the VPC. */
  readonly managed: readonly Fixture[];
}

/** Some habits are of every minute, some of twice a week. */
function rate(random: Random): number {
  return random.chance(0.02) ? 0.02 : random.amount(0.5, 0.6);
}

function inside(to: string, random: Random): Habit {
  return { to, perHour: rate(random), sent: random.amount(3_000, 0.6), received: random.amount(12_000, 0.9) };
}

function beyond(to: OutsideService, random: Random): Habit {
  return { to, perHour: rate(random), sent: random.amount(5_000, 0.8), received: random.amount(9_000, 0.8) };
}

/** What a workload of a team does all day. */
export function habitsOf({ plan: { namespace, name } }: Workload, { workloads, outside, managed }: Neighbourhood, random: Random): Habit[] {
  const tier = name.slice(namespace.length + 1);
  const own = (calls[tier] ?? callsOfNew.filter(() => random.chance(0.6)))
    .map((other) => `${namespace}/${namespace}-${other}`)
    .filter((key) => workloads.has(key) && random.chance(0.85));
  const others = [...workloads.values()].filter(({ plan }) => plan.namespace !== namespace && plan.name === `${plan.namespace}-api`);
  const foreign = tier !== 'db' && tier !== 'cache' && others.length > 0 && random.chance(0.2) ? [random.pick(others).key] : [];
  const habits = [...own, ...foreign].map((key) => inside(key, random));
  if (tier === 'db') return habits;
  if (random.chance(0.08)) habits.push({ ...inside('', random), to: random.pick(managed), port: 5432 });
  if (random.chance(0.35)) habits.push(beyond(random.pick(outside.partners), random));
  if (random.chance(0.1)) habits.push(beyond(random.pick(outside.partners), random));
  if (random.chance(0.3)) habits.push(beyond(amazon.api, random));
  if (random.chance(0.2))
    habits.push({ ...beyond(amazon.s3, random), sent: random.amount(400_000, 1.2), received: random.amount(900_000, 1.2) });
  if (random.chance(0.02)) habits.push(beyond(outside.time, random));
  if (tier === 'mailer') habits.push(beyond(amazon.mail, random));
  return [...habits, ...pushes(outside, random)];
}

/** Metrics and heartbeats, most to where everybody sends them. */
function pushes(outside: Outside, random: Random): Habit[] {
  const push = (everyMinutes: number): Habit => {
    const to = random.chance(0.7) ? outside.metrics : random.pick(outside.partners);
    return { to, perHour: 0, everyMinutes, sent: random.amount(1_500, 0.4), received: 420 };
  };
  return [...(random.chance(0.02) ? [push(1)] : []), ...(random.chance(0.06) ? [push(5)] : [])];
}

/** What a release may add: a call of another workload, or of somebody outside that the company knows or does not know yet. */
export function dependency({ key, plan }: Workload, { workloads, outside }: Neighbourhood, random: Random): Habit {
  const manner = random.weighted([
    ['own team', 35],
    ['other team', 20],
    ['known service', 30],
    ['new service', 15],
  ] as const);
  if (manner === 'known service') return beyond(random.pick(outside.partners), random);
  if (manner === 'new service') return beyond(outside.partner(`new-${key}`, random), random);
  const candidates = [...workloads.values()].filter(
    (other) =>
      other.key !== key &&
      other.plan.apiAgent === undefined &&
      (manner === 'own team') === (other.plan.namespace === plan.namespace) &&
      (manner === 'own team' || !other.plan.name.endsWith('-db')),
  );
  return inside(random.pick(candidates).key, random);
}

/** What operators call beside the API server. */
export function habitsOfOperator({ key }: Workload, { outside }: Neighbourhood, random: Random): Habit[] {
  const known: Readonly<Record<string, readonly OutsideService[]>> = {
    'argocd/argocd-application-controller': [outside.codeHost],
    'external-secrets/external-secrets': [amazon.api],
    'karpenter/karpenter': [amazon.api],
    'kube-system/aws-load-balancer-controller': [amazon.api],
    'cert-manager/cert-manager': [outside.packages[1] ?? outside.codeHost],
    'velero/velero': [amazon.s3],
    'ci/gitlab-runner': [outside.codeHost],
  };
  return (known[key] ?? []).map((service) => ({ ...beyond(service, random), perHour: 0.8 }));
}
