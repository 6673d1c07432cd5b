import type { ApiRequest } from './audit.ts';
import { type Micros, hourOfDay } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { IdentityKind } from './identity.ts';
import { accountRefused, accountRoutine, accountSecretRead, longWrite } from './routine-accounts.ts';
import { nodeRoutine, nodeSecretRead } from './routine-nodes.ts';
import { loginExpired, peopleRoutine, personRefused, pipelineSecretRead } from './routine-people.ts';

/** Who causes an audit event: nodes; service accounts and control-plane components; people and pipelines. */
export type Class = 'nodes' | 'accounts' | 'people';

/** What a span of audit log consists of. Shares are of all its events. */
export interface Mix {
  readonly events: number;
  readonly shares: Readonly<Record<Class, number>>;
  readonly long: number;
  readonly refused: number;
  readonly secretReads: number;
}

/** Lines above this many bytes count as long: they carry whole objects. */
export const longLine = 6 * 1024;

export const usualShares: Readonly<Record<Class, number>> = { nodes: 0.45, accounts: 0.37, people: 0.18 };

const classes: Readonly<Record<IdentityKind, Class>> = {
  node: 'nodes',
  'service-account': 'accounts',
  component: 'accounts',
  person: 'people',
  pipeline: 'people',
  nobody: 'people',
};

type Routine = (cluster: Cluster, at: Micros) => ApiRequest;
type Goal = Class | 'long' | 'refused' | 'secretReads';

const steps = 24;

/** Lets the cluster live from one time to another, and adds routine requests until the log has the mix. */
export function simulate(cluster: Cluster, mix: Mix, from: Micros, to: Micros): void {
  Array.from(simulateSteps(cluster, mix, from, to));
}

/** The same in steps: yields the time up to which the log is complete. */
export function* simulateSteps(cluster: Cluster, mix: Mix, from: Micros, to: Micros): Generator<Micros, void> {
  const tally = new Tally(cluster, from, to);
  const edges = Array.from({ length: steps + 1 }, (_, step) => from + Math.floor(((to - from) * step) / steps));
  const human = edges.slice(1).map(workingRate);
  const allHuman = human.reduce((sum, rate) => sum + rate, 0);
  let humanSoFar = 0;
  for (let step = 0; step < steps; step++) {
    const span: Span = { from: edges[step] ?? from, to: edges[step + 1] ?? to };
    cluster.timeline.run(span.to);
    humanSoFar += human[step] ?? 0;
    const even = (step + 1) / steps;
    topUp(cluster, tally, mix, span, { even, human: humanSoFar / allHuman });
    yield span.to;
  }
}

interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** People work from seven to six; pipelines and on-call do a little at night. */
function workingRate(time: Micros): number {
  const at = hourOfDay(time - 1);
  return at >= 7 && at < 18 ? 1 : 0.06;
}

function topUp(cluster: Cluster, tally: Tally, mix: Mix, span: Span, done: { even: number; human: number }): void {
  const { random } = cluster;
  const raise = (goal: Goal, share: number, progress: number, routine: Routine): void => {
    const wanted = Math.round(mix.events * share * progress);
    for (let tries = 3 * wanted; tally.count(goal) < wanted; tries--) {
      if (tries < 0) throw new Error(`the routine does not raise ${goal}`);
      cluster.request(routine(cluster, random.int(span.from, span.to - 1)));
    }
  };
  const secret: Routine = (...given) =>
    random.weighted<Routine>([
      [nodeSecretRead, 3],
      [accountSecretRead, 6],
      [pipelineSecretRead, 1],
    ])(...given);
  const refused: Routine = (...given) =>
    random.weighted<Routine>([
      [accountRefused, 5],
      [personRefused, 2],
      [loginExpired, 3],
    ])(...given);
  raise('secretReads', mix.secretReads, done.even, secret);
  raise('refused', mix.refused, done.even, refused);
  raise('long', mix.long, done.even, longWrite);
  raise('nodes', mix.shares.nodes, done.even, nodeRoutine);
  raise('accounts', mix.shares.accounts, done.even, accountRoutine);
  raise('people', mix.shares.people, done.human, peopleRoutine);
}

/** Counts what the cluster has logged in a span. */
class Tally {
  private readonly counts = new Map<Goal, number>();
  private seen = 0;
  private readonly cluster: Cluster;
  private readonly from: Micros;
  private readonly to: Micros;

  constructor(cluster: Cluster, from: Micros, to: Micros) {
    this.cluster = cluster;
    this.from = from;
    this.to = to;
  }

  count(goal: Goal): number {
    const { audit } = this.cluster;
    for (; this.seen < audit.length; this.seen++) {
      const line = audit[this.seen];
      if (line === undefined || line.time < this.from || line.time >= this.to) continue;
      this.add(classes[line.kind]);
      if (line.message.length > longLine) this.add('long');
      if (/"code":40[13][,}]/.test(line.message)) this.add('refused');
      if (isSecretRead(line.message)) this.add('secretReads');
    }
    return this.counts.get(goal) ?? 0;
  }

  private add(goal: Goal): void {
    this.counts.set(goal, (this.counts.get(goal) ?? 0) + 1);
  }
}

function isSecretRead(message: string): boolean {
  return message.includes('"objectRef":{"resource":"secrets"') && /"verb":"(?:get|list|watch)"/.test(message);
}
