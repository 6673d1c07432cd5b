import { type Micros, day, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { runJob } from './jobs.ts';
import { rollOut, scale } from './rollout.ts';
import type { Workload } from './workload.ts';

/** Jobs, rollouts and autoscaling that together create about `podsPerDay` pods. */
export function startChurn(cluster: Cluster, from: Micros, podsPerDay: number): void {
  const before = cluster.podsCreated;
  cluster.timeline.every(
    from + minute,
    (time) => time + 20 * second,
    (time) => {
      const due = before + ((time - from) / day) * podsPerDay;
      while (cluster.podsCreated < due) createSome(cluster, time + cluster.random.int(0, 19) * second);
    },
  );
}

function createSome(cluster: Cluster, at: Micros): void {
  const { random } = cluster;
  const applications = [...cluster.workloads.values()].filter(({ plan }) => plan.apiAgent === undefined);
  random.weighted([
    [() => runJob(cluster, random.pick(cluster.population.crons), at), 20],
    [
      () => {
        redeploy(cluster, random.pick(applications), at);
      },
      2,
    ],
    [
      () => {
        burst(cluster, random.pick(applications), at);
      },
      1,
    ],
  ])();
}

function redeploy(cluster: Cluster, workload: Workload, at: Micros): void {
  const image = `${workload.plan.image}:${workload.plan.tag}-${String(workload.generation + 1)}`;
  rollOut(cluster, workload, image, { by: cluster.random.pick(cluster.pipelines), style: 'apply' }, at);
}

/** Load comes and goes: more pods for a quarter of an hour. */
function burst(cluster: Cluster, workload: Workload, at: Micros): void {
  const { replicas } = workload.plan;
  scale(cluster, workload, replicas + cluster.random.int(2, 6), at);
  cluster.timeline.at(at + 15 * minute, (now) => {
    scale(cluster, workload, replicas, now);
  });
}
