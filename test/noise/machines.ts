import { type Micros, day, minute, second } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import type { Pod } from '../simulation/workload.ts';
import { amazon } from './outside.ts';
import type { Town } from './town.ts';
import { type Traffic, controlPlane } from './traffic.ts';
import { type Wires, fixture } from './wires.ts';

const balancers = [fixture('10.0.240.10', 6), fixture('10.0.240.11', 7)];
const triedPorts = [22, 23, 80, 443, 445, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 10250, 30080];

/** What machines say all day: nodes, the control plane, whoever scrapes, balancers, and the internet at the door. */
export class Machines {
  private readonly town: Town;
  private readonly wires: Wires;
  private readonly traffic: Traffic;
  private readonly random: Random;
  /** Nodes in public subnets hear the internet, too. */
  private readonly publicNodes: boolean;
  private before = new Map<string, readonly Pod[]>();

  constructor(town: Town, { wires, traffic }: { wires: Wires; traffic: Traffic }, random: Random) {
    this.town = town;
    this.wires = wires;
    this.traffic = traffic;
    this.random = random;
    this.publicNodes = random.chance(0.25);
  }

  planDay(midnight: Micros): void {
    for (let at = midnight; at < midnight + day; at += 10 * minute) {
      this.town.timeline.at(at, (now) => {
        this.nodes(now);
        this.scrapes(now);
        this.visitors(now);
        this.departed(now);
      });
    }
  }

  private sometime(from: Micros, action: (at: Micros) => void): void {
    this.town.timeline.at(from + this.random.int(0, 599) * second, action);
  }

  private times(perHour: number): number {
    return Math.floor(perHour / 6 + this.random.next());
  }

  private nodes(now: Micros): void {
    const { random, wires, town } = this;
    for (const node of town.nodes) {
      if (random.chance(0.2))
        this.sometime(now, (at) =>
          wires.talk(node, random.pick(controlPlane), { at, port: 443, sent: 30_000, received: 20_000, middle: true }),
        );
      if (random.chance(0.1)) this.sometime(now, (at) => wires.talk(node, amazon.api, { at, sent: 8_000, received: 9_000 }));
      if (random.chance(0.1))
        this.sometime(now, (at) => wires.talk(random.pick(controlPlane), node, { at, port: 10250, sent: 2_000, received: 9_000 }));
    }
    // Admission asks webhooks.
    const webhook = this.traffic.podOf('cert-manager/cert-manager', now);
    if (webhook !== undefined)
      this.sometime(now, (at) => wires.talk(random.pick(controlPlane), webhook, { at, port: 9443, sent: 9_000, received: 2_000 }));
  }

  /** Prometheus asks some of all pods and nodes, metrics-server the kubelets. */
  private scrapes(now: Micros): void {
    const { random, wires, town, traffic } = this;
    const prometheus = traffic.podOf('monitoring/prometheus', now);
    const metrics = traffic.podOf('kube-system/metrics-server', now);
    const workloads = [...town.workloads.keys()];
    for (let count = 0; count < 14 && prometheus !== undefined; count++) {
      this.sometime(now, (at) => {
        const pod = traffic.podOf(random.pick(workloads), at);
        if (pod !== undefined) wires.talk(prometheus, pod, { at, port: 9090, sent: 700, received: 40_000 });
      });
    }
    for (const scraper of [prometheus, metrics]) {
      if (scraper === undefined) continue;
      const node = random.pick(town.nodes);
      const port = scraper === prometheus && random.chance(0.5) ? 9100 : 10250;
      this.sometime(now, (at) => wires.talk(scraper, node, { at, port, sent: 700, received: 60_000 }));
    }
  }

  /** Customers come through the balancer to the ingress and on to what is open; everybody else is refused. */
  private visitors(now: Micros): void {
    const { random, wires, town, traffic } = this;
    const stranger = (): { address: string } => ({ address: `203.0.113.${String(random.int(1, 180))}` });
    const [balancer = fixture('10.0.240.10', 6)] = balancers;
    const fronts = [...town.workloads.values()].filter(({ plan }) => isFront(plan.name));
    for (let count = this.times(18); count > 0; count--) {
      this.sometime(now, (at) => {
        wires.talk(stranger(), balancer, { at, port: 443, sent: 3_000, received: 30_000 });
        const ingress = traffic.podOf('ingress-nginx/ingress-nginx', at);
        if (ingress === undefined) return;
        wires.talk(balancer, ingress, { at: at + second, port: 8080, sent: 3_000, received: 30_000 });
        const front = traffic.podOf(random.pick(fronts).key, at);
        if (front !== undefined) wires.talk(ingress, front, { at: at + second, port: 8080, sent: 3_000, received: 30_000 });
      });
    }
    for (let count = this.times(40); count > 0; count--) {
      const door = this.publicNodes && random.chance(0.5) ? random.pick(town.nodes) : random.pick(balancers);
      this.sometime(now, (at) => wires.talk(stranger(), door, { at, port: random.pick(triedPorts), sent: 44, lasts: 0, rejected: true }));
    }
  }

  /** Whoever called a pod that is gone calls once more, before word gets round. */
  private departed(now: Micros): void {
    const { random, wires, town, traffic } = this;
    for (const [key, { pods, plan }] of town.workloads) {
      for (const gone of this.before.get(key) ?? []) {
        if (pods.includes(gone) || !random.chance(0.3)) continue;
        const visited = isFront(plan.name) && random.chance(0.5);
        const from = traffic.podOf(visited ? 'ingress-nginx/ingress-nginx' : 'monitoring/prometheus', now);
        const probe = { at: now, port: visited ? plan.port : 9090, sent: 120, lasts: 3 * second, unanswered: true };
        if (from !== undefined) wires.talk(from, gone, probe);
      }
    }
    this.before = new Map([...town.workloads].map(([key, { pods }]) => [key, [...pods]]));
  }
}

/** What the ingress sends customers to. */
function isFront(name: string): boolean {
  return /-(?:web|gateway|webhooks)$/.test(name);
}
