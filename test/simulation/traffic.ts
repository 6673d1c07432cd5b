import { type Micros, hour, millisecond, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { type End, type Interface, quietRecord } from './flow.ts';
import type { EdgePlan } from './population.ts';

/** The load balancer's interfaces; the second one stands by. */
const balancers: readonly Interface[] = [0, 1].map((index) => ({
  id: `eni-0ba1a9ce0000000${String(index)}0`,
  address: `10.0.240.${String(10 + index)}`,
  instance: '-',
  subnet: 'subnet-02222222222222222',
  vpc: 'vpc-0a1b2c3d4e5f60718',
  zone: 'euc1-az2',
}));

/** Every edge connects at random times around its rate. `pace` thins or thickens all of them. */
export function startTraffic(cluster: Cluster, from: Micros, pace: (time: Micros) => number): void {
  for (const edge of cluster.population.edges) {
    const next = (time: Micros): Micros => time + cluster.random.interval(hour / (edge.perHour * pace(time)));
    cluster.timeline.every(next(from), next, (time) => {
      connect(cluster, edge, time);
    });
  }
  cluster.timeline.every(
    from,
    (time) => time + hour,
    (time) => {
      const standby = balancers[1];
      if (standby !== undefined) cluster.flow.push(quietRecord(standby, time));
    },
  );
}

function connect(cluster: Cluster, edge: EdgePlan, at: Micros): void {
  const { random } = cluster;
  const from = sourceEnd(cluster, edge.from, at);
  const to = destinationEnd(cluster, edge.to, at);
  if (from === undefined || to === undefined || staysOnNode(from, to)) return;
  if (random.chance(0.3)) resolveName(cluster, from, at - 20 * millisecond);
  const lasts = random.chance(0.85) ? random.int(0, 3) * second : random.int(20, 150) * second;
  cluster.connect({ from, to, at, lasts, sent: random.amount(edge.sent), received: random.amount(edge.received) });
  if (random.chance(0.006)) lateSegment(cluster, to, from, at + lasts + minute);
}

/** Traffic between pods of one node never reaches its interface. */
export function staysOnNode(from: End, to: End): boolean {
  return from.through !== undefined && from.through === to.through;
}

/** A packet after the connection was closed meets no state and is refused. */
function lateSegment(cluster: Cluster, from: End, to: End, at: Micros): void {
  cluster.connect({ from, to, at, lasts: 0, sent: 52, received: 0, rejected: true });
}

function resolveName(cluster: Cluster, from: End, at: Micros): void {
  const server = podEnd(cluster, 'kube-system/coredns', 53, at);
  if (server === undefined || staysOnNode(from, server)) return;
  const { random } = cluster;
  const asker = { ...from, port: random.int(32_768, 60_999) };
  cluster.connect({
    from: asker,
    to: server,
    at,
    lasts: 0,
    sent: random.int(70, 110),
    received: random.int(120, 260),
    protocol: 17,
  });
}

function sourceEnd(cluster: Cluster, name: string, at: Micros): End | undefined {
  const port = cluster.random.int(32_768, 60_999);
  const balancer = balancers[0];
  if (name === 'balancer') return balancer && { address: balancer.address, port, through: balancer };
  return podEnd(cluster, name, port, at);
}

function destinationEnd(cluster: Cluster, name: string, at: Micros): End | undefined {
  const service = cluster.population.services.find((one) => one.name === name);
  if (service !== undefined) return { address: cluster.random.pick(service.addresses), port: service.port, service: service.aws };
  return podEnd(cluster, name, cluster.workload(name).plan.port, at);
}

/** A pod's end of a connection; the packet carries the pod's address, as with external SNAT. */
function podEnd(cluster: Cluster, workload: string, port: number, at: Micros): End | undefined {
  const pods = cluster.readyPods(workload, at);
  if (pods.length === 0) return undefined;
  const pod = cluster.random.pick(pods);
  return { address: pod.address, port, through: pod.node.eni };
}
