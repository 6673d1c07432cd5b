import { type Micros, day, hour, hourOfDay, minute, second } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import type { Pod, Workload } from '../simulation/workload.ts';
import { type Habit, type Neighbourhood, dependency, habitsOf, habitsOfOperator } from './habits.ts';
import type { Outside } from './outside.ts';
import type { Town } from './town.ts';
import { type Wires, fixture } from './wires.ts';

/** Interfaces of the control plane in the VPC. */
export const controlPlane = [fixture('10.0.252.21', 1), fixture('10.0.252.37', 2)];

const step = 10 * minute;
const dns = 'kube-system/coredns';
/** A release that changes what a workload calls. */
const changes = 0.05;

interface Life {
  image: string;
  readonly habits: { readonly habit: Habit; readonly story: string }[];
}

/** What workloads say to each other and to the world. Everything is part of the story in which it began. */
export class Traffic {
  private readonly town: Town;
  private readonly wires: Wires;
  private readonly random: Random;
  private readonly neighbourhood: Neighbourhood;
  private readonly lives = new Map<string, Life>();

  constructor(town: Town, outside: Outside, wires: Wires, random: Random) {
    this.town = town;
    this.wires = wires;
    this.random = random;
    this.neighbourhood = { workloads: town.workloads, outside, managed: [fixture('10.0.250.14', 3), fixture('10.0.250.77', 4)] };
  }

  /** A pod of a workload is there: of a new one, of a new release, or one more. */
  welcome({ shape }: Pod): void {
    const workload = this.town.workloads.get(`${shape.namespace}/${shape.container}`);
    if (workload === undefined) return;
    const life = this.lives.get(workload.key);
    if (life === undefined) this.begin(workload);
    else if (life.image !== workload.image) {
      life.image = workload.image;
      if (workload.plan.apiAgent === undefined && this.random.chance(changes))
        this.adopt(life, dependency(workload, this.neighbourhood, this.random));
    }
  }

  /** The calls of a day: every ten minutes some of each habit, and every push at its time. */
  planDay(midnight: Micros): void {
    const { timeline } = this.town;
    for (let at = midnight; at < midnight + day; at += step) {
      timeline.at(at, (now) => {
        const pace = paceAt(now);
        for (const [key, { habits }] of this.lives) for (const one of habits) this.sometimes(key, one, now, pace);
      });
    }
    timeline.at(midnight, () => {
      for (const [key, { habits }] of this.lives) for (const one of habits) this.planPushes(key, one, midnight);
    });
  }

  private begin(workload: Workload): void {
    const random = this.random.fork(`habits/${workload.key}`);
    const life: Life = { image: workload.image, habits: [] };
    this.lives.set(workload.key, life);
    if (workload.key === dns) return;
    const operator = workload.plan.apiAgent !== undefined;
    const habits = operator ? habitsOfOperator(workload, this.neighbourhood, random) : habitsOf(workload, this.neighbourhood, random);
    for (const habit of habits) this.adopt(life, habit);
    this.adopt(life, { to: dns, port: 53, perHour: 0.4, sent: 95, received: 190 });
    if (operator) for (const to of controlPlane) this.adopt(life, { to, port: 443, perHour: 0.6, sent: 6_000, received: 40_000 });
  }

  private adopt(life: Life, habit: Habit): void {
    life.habits.push({ habit, story: this.town.story });
  }

  private sometimes(key: string, { habit, story }: Life['habits'][number], from: Micros, pace: number): void {
    if (habit.everyMinutes !== undefined || !this.random.chance((habit.perHour * pace * step) / hour)) return;
    this.town.timeline.at(from + this.random.int(0, 599) * second, (now) => {
      this.town.tell(story, () => {
        this.call(key, habit, now);
      });
    });
  }

  private planPushes(key: string, { habit, story }: Life['habits'][number], midnight: Micros): void {
    if (habit.everyMinutes === undefined) return;
    const offset = this.random.int(0, 59);
    for (let at = midnight; at < midnight + day; at += habit.everyMinutes * minute) {
      this.town.timeline.at(at + (offset + this.random.int(0, 2)) * second, (now) => {
        this.town.tell(story, () => {
          this.call(key, habit, now);
        });
      });
    }
  }

  private call(key: string, { to, port, sent, received }: Habit, at: Micros): void {
    const { town, wires, random } = this;
    const from = this.podOf(key, at);
    const called = typeof to === 'string' ? this.podOf(to, at) : to;
    if (from === undefined || called === undefined) return;
    const known = typeof to === 'string' ? (port ?? town.workloads.get(to)?.plan.port) : port;
    const protocol = known === 53 ? 17 : undefined;
    // Pools of connections stay open: most pieces of them show no beginning.
    const middle = typeof to === 'string' && protocol === undefined && random.chance(0.4);
    wires.talk(from, called, { at, port: known, protocol, middle, sent: random.amount(sent), received: random.amount(received) });
  }

  /** Any pod of a workload that is ready; the town's own randomness stays as it is. */
  podOf(key: string, at: Micros): Pod | undefined {
    const pods = this.town.workloads.get(key)?.pods.filter(({ ready }) => ready <= at) ?? [];
    return pods.length === 0 ? undefined : this.random.pick(pods);
  }
}

/** Less at night. */
function paceAt(time: Micros): number {
  const at = hourOfDay(time);
  return at > 6 && at < 20 ? 1 : 0.4;
}
