import { type Micros, day, hour, second } from '../simulation/clock.ts';
import { registry } from '../simulation/population.ts';
import type { Random } from '../simulation/random.ts';
import type { Pod } from '../simulation/workload.ts';
import { type Outside, amazon } from './outside.ts';
import type { Town } from './town.ts';
import type { Traffic } from './traffic.ts';
import { type Party, type Talk, type Wires, fixture } from './wires.ts';

/** The code host's runner service, in a VPC that is peered. */
const forge = fixture('10.20.3.5', 5);

/** What is fetched and sent once: images, what builds need, what jobs carry, the nightly backup. */
export class Errands {
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

  /** A pod was made: its node pulls the image if it lacks it, and what runs once does what it is for. */
  welcome(pod: Pod): void {
    if (this.random.chance(0.4)) this.pull(pod);
    if (pod.shape.namespace === 'ci') this.buildIn(pod);
    else if (pod.shape.owner?.kind === 'Job') this.work(pod);
  }

  /** Every night Velero sends what changed to its bucket. */
  planDay(midnight: Micros): void {
    this.town.timeline.at(midnight + 3.3 * hour, (at) => {
      const pod = this.traffic.podOf('velero/velero', at);
      if (pod === undefined) return;
      const weekly = Math.floor(midnight / day) % 7 === 3;
      const sent = this.random.amount(weekly ? 5_000_000_000 : 1_500_000_000, 0.2);
      this.town.tell('scheduled backups', () =>
        this.wires.talk(pod, amazon.s3, { at, lasts: (weekly ? 40 : 20) * 60 * second, sent, received: sent / 150 }),
      );
    });
  }

  private pull({ node, shape, created }: Pod): void {
    const size = this.random.amount(70_000_000, 0.8);
    const talk = { at: created + second, sent: size / 1_500, received: size, lasts: 4 * second };
    if (!shape.image.startsWith(registry) && !shape.image.includes('.amazonaws.com/')) {
      this.wires.talk(node, this.outside.images, talk);
      return;
    }
    this.wires.talk(node, amazon.ecr, { ...talk, received: 40_000, sent: 12_000 });
    this.wires.talk(node, amazon.s3, talk);
  }

  /** A build asks for names, fetches code and packages, and some push an image or call somebody that no other build does. */
  private buildIn(pod: Pod): void {
    const { outside, random } = this;
    const packages = random.pick(outside.packages);
    const talk = (after: number, to: Party, given: Omit<Talk, 'at'>): void => {
      this.later(pod, after, to, given);
    };
    const server = this.traffic.podOf('kube-system/coredns', pod.ready);
    if (server !== undefined) talk(2, server, { port: 53, protocol: 17, sent: 95, received: 210 });
    talk(3, random.chance(0.7) ? forge : outside.codeHost, { port: 443, sent: 20_000, received: random.amount(8_000_000, 1) });
    for (let count = random.int(1, 3); count > 0; count--)
      talk(6 + 5 * count, packages, { sent: random.amount(60_000), received: random.amount(30_000_000, 1) });
    if (random.chance(0.25)) {
      const size = random.amount(120_000_000, 0.7);
      talk(40, amazon.ecr, { sent: size, received: size / 400, lasts: 8 * second });
    }
    if (random.chance(0.04)) talk(30, outside.private(pod.name), { sent: random.amount(4_000), received: random.amount(3_000_000, 1.2) });
  }

  /** A scheduled job reads its team's database, and reports go to a bucket or by mail. */
  private work(pod: Pod): void {
    const { namespace, container } = pod.shape;
    const { random } = this;
    const database = this.traffic.podOf(`${namespace}/${namespace}-db`, pod.ready);
    if (database !== undefined)
      this.later(pod, 2, database, { port: 5432, sent: random.amount(40_000), received: random.amount(9_000_000, 0.6) });
    if (!container.endsWith('-reports')) return;
    const size = random.amount(30_000_000, 0.5);
    this.later(pod, 20, amazon.s3, { sent: size, received: size / 200, lasts: 3 * second });
    this.later(pod, 30, amazon.mail, { sent: random.amount(90_000), received: 4_000 });
  }

  private later(pod: Pod, after: number, to: Party, talk: Omit<Talk, 'at'>): void {
    const at = pod.ready + after * second;
    this.town.timeline.at(at, () => this.wires.talk(pod, to, { at, ...talk }));
  }
}
