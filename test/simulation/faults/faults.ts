import type { Random } from '../random.ts';
import type { Agenda } from './agenda.ts';
import { type FaultCounts, type FaultKind, noFaults } from './kinds.ts';

/** What a call to a service rejects with. */
export class ServiceError extends Error {}

/** Where a function runs: one invocation at a time, until it is killed. */
export class Environment {
  readonly name: string;
  /** An invocation that failed often enough is spared, as all trouble ends at last. */
  calm = false;
  busy = false;
  private dead = false;
  readonly death: Promise<'dead'>;
  private readonly die: (word: 'dead') => void;

  constructor(name: string) {
    this.name = name;
    const { promise, resolve } = Promise.withResolvers<'dead'>();
    this.death = promise;
    this.die = resolve;
  }

  /** Asked anew after every wait. */
  isDead(): boolean {
    return this.dead;
  }

  kill(): void {
    this.dead = true;
    this.die('dead');
  }
}

/** Effects of a call. */
export interface Effect<T> {
  readonly done: () => Promise<T>;
  /** A part of it, where it is no single write. */
  readonly inPart?: () => Promise<unknown>;
}

const never = new Promise<never>(() => {});
/** Milliseconds: mostly fast, at times not. */
const latency = [1, 5, 20, 100, 500, 2_000, 4_000];

/** Draws what goes wrong, counts it and writes it down. */
export class Faults {
  readonly counts: FaultCounts = noFaults();
  /** Every fault in the order in which they happened. */
  readonly steps: string[] = [];
  /** Every call, as a number: equal runs have equal ones. */
  fingerprint = 0;
  readonly random: Random;
  private readonly agenda: Agenda;
  private readonly start: number;

  constructor(random: Random, agenda: Agenda) {
    this.random = random;
    this.agenda = agenda;
    this.start = agenda.now;
  }

  note(kind: FaultKind, where: string): void {
    this.counts[kind] += 1;
    this.steps.push(`${((this.agenda.now - this.start) / 1000).toFixed(3)}s ${kind}: ${where}`);
  }

  /** A call of a function to a service: it takes its time, and may go wrong in every way. */
  async call<T>(where: Environment, label: string, effect: Effect<T>): Promise<T> {
    await this.inTransit(where);
    const name = `${where.name} ${label}`;
    this.mark(name);
    // A request may arrive although its sender died meanwhile.
    if (where.isDead()) {
      if (this.random.chance(0.5)) await effect.done();
      return never;
    }
    switch (where.calm ? 'none' : this.drawn()) {
      case 'throttled':
        this.note('throttled', name);
        throw new ServiceError('throttled');
      case 'timed out before':
        this.note('timed out before', name);
        await this.agenda.wait(3_000);
        throw new ServiceError('timed out');
      case 'timed out after':
        this.note('timed out after', name);
        await effect.done();
        await this.agenda.wait(3_000);
        throw new ServiceError('timed out');
      case 'took effect later':
        this.note('took effect later', name);
        this.agenda.at(this.agenda.now + this.random.int(100, 15_000), () => void effect.done());
        throw new ServiceError('connection lost');
      case 'took effect in part':
        if (effect.inPart === undefined) break;
        this.note('took effect in part', name);
        await effect.inPart();
        throw new ServiceError('some items were not written');
      case 'crashed before':
        this.note('crashed before', name);
        where.kill();
        return never;
      case 'crashed after':
        this.note('crashed after', name);
        await effect.done();
        where.kill();
        return never;
      case 'none':
    }
    const result = await effect.done();
    await this.inTransit(where);
    return where.isDead() ? never : result;
  }

  private async inTransit(where: Environment): Promise<void> {
    if (where.isDead()) return never;
    await this.agenda.wait(this.random.pick(latency));
  }

  private drawn(): (typeof outcomes)[number][0] {
    return this.random.weighted(outcomes);
  }

  private mark(name: string): void {
    let sum = this.fingerprint ^ this.agenda.now;
    for (let at = 0; at < name.length; at += 1) sum = Math.imul(sum ^ name.charCodeAt(at), 0x01000193);
    this.fingerprint = sum >>> 0;
  }
}

const outcomes = [
  ['none', 90],
  ['throttled', 2],
  ['timed out before', 1],
  ['timed out after', 2],
  ['took effect later', 1],
  ['took effect in part', 2],
  ['crashed before', 1],
  ['crashed after', 1.5],
] as const;
