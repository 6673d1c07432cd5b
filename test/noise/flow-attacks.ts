import { type Micros, hour, minute, second } from '../simulation/clock.ts';
import type { FlowRecord } from '../simulation/flow.ts';
import type { Random } from '../simulation/random.ts';
import type { Workload } from '../simulation/workload.ts';
import type { Outside } from './outside.ts';
import type { Town } from './town.ts';
import type { Traffic } from './traffic.ts';
import type { Wires } from './wires.ts';

/** What an intruder does who is in a pod and leaves nothing in the audit log. */
export class FlowAttacks {
  private readonly town: Town;
  private readonly outside: Outside;
  private readonly wires: Wires;
  private readonly traffic: Traffic;
  private readonly random: Random;

  constructor(town: Town, outside: Outside, { wires, traffic }: { wires: Wires; traffic: Traffic }, random: Random) {
    this.town = town;
    this.outside = outside;
    this.wires = wires;
    this.traffic = traffic;
    this.random = random;
  }

  /** Each on a day of its own, where there are enough; hours of beacons end with the day. */
  planDays(firstMidnight: Micros, days: number, length: Micros): void {
    const deeds = (['beacon', 'upload', 'sweep', 'raid'] as const).map((name) => (at: Micros): void => {
      this[name](at);
    });
    const when = this.random.shuffled(Array.from({ length: days }, (_, number) => number));
    deeds.forEach((deed, index) => {
      const number = when[index % when.length] ?? 0;
      this.town.timeline.at(firstMidnight + number * length + this.random.int(30, 17 * 60) * minute, (at) => {
        deed(at);
      });
    });
  }

  private beacon(at: Micros): void {
    const home = this.outside.private('command and control');
    const victim = this.victim('api');
    let [implanted] = victim.pods;
    const records = this.deed('beacon', 'calls home every minute', at, home.networks);
    for (let time = at; time < at + 5 * hour; time += (54 + this.random.int(0, 12)) * second)
      this.during(
        'beacon',
        time,
        (now) => {
          // Who is in a pod stays in it while it lives.
          if (implanted !== undefined && !victim.pods.includes(implanted)) implanted = this.traffic.podOf(victim.key, now);
          return implanted === undefined ? [] : this.wires.talk(implanted, home, { at: now, sent: 1_180, received: 840 });
        },
        records,
      );
  }

  private upload(at: Micros): void {
    const drop = this.outside.private('drop');
    const { key } = this.victim('api');
    const records = this.deed('exfiltration', 'uploads 2 GB', at, drop.networks);
    this.during(
      'exfiltration',
      at,
      (now) => {
        const pod = this.traffic.podOf(key, now);
        return pod === undefined
          ? []
          : this.wires.talk(pod, drop, { at: now, lasts: 10 * minute, sent: 2_000_000_000, received: 15_000_000 });
      },
      records,
    );
  }

  private sweep(at: Micros): void {
    const { key } = this.victim('web');
    const records = this.deed('sweep', 'tries Redis at 240 addresses', at);
    const pod = this.traffic.podOf(key, at);
    if (pod === undefined) return;
    for (let index = 0; index < 240; index++) {
      const address = `10.0.${String(Math.floor(index / 4))}.${String(10 + (index % 4) * 40)}`;
      const probe = { port: 6379, sent: 44, lasts: 0, unanswered: true };
      this.during('sweep', at + index * 500_000, (now) => this.wires.talk(pod, { address }, { at: now, ...probe }), records);
    }
  }

  private raid(at: Micros): void {
    const attacker = this.victim('web');
    const { plan } = this.victim('db', (workload) => workload.plan.namespace !== attacker.plan.namespace);
    const records = this.deed('database raid', 'copies a database of another team', at);
    for (let index = 0; index < 6; index++)
      this.during(
        'database raid',
        at + index * 90 * second,
        (now) => {
          const from = this.traffic.podOf(attacker.key, now);
          const to = this.traffic.podOf(`${plan.namespace}/${plan.name}`, now);
          if (from === undefined || to === undefined) return [];
          return this.wires.talk(from, to, { at: now, port: 5432, lasts: 40 * second, sent: 60_000, received: 300_000_000 });
        },
        records,
      );
  }

  /** A workload of a tier that has a pod. */
  private victim(tier: string, fits: (workload: Workload) => boolean = () => true): Workload {
    const of = [...this.town.workloads.values()].filter(({ plan, pods }) => plan.name === `${plan.namespace}-${tier}` && pods.length > 0);
    return this.random.pick(of.filter(fits));
  }

  private deed(attack: string, what: string, time: Micros, networks: readonly string[] = []): Set<string> {
    const records = new Set<string>();
    for (const network of networks) this.town.mark(network, attack);
    this.town.deeds.push({ attack, what, time, records, networks });
    return records;
  }

  private during(attack: string, at: Micros, act: (now: Micros) => readonly FlowRecord[], records: Set<string>): void {
    this.town.timeline.at(at, (now) => {
      this.town.tell(attack, () => {
        for (const { line } of act(now)) records.add(line);
      });
    });
  }
}
