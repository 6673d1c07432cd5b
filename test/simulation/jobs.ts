import { type Micros, millisecond, minute, second, secondStamp } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { JsonObject } from './go-json.ts';
import { type PodShape, podTemplate } from './pod-object.ts';
import { createPod, finishPod, removePod } from './pod-life.ts';
import type { CronPlan } from './population.ts';
import { Random } from './random.ts';
import { grouped } from './target.ts';
import { type Pod, environment } from './workload.ts';
import { type JobFacts, jobObject } from './workload-object.ts';

/** How long finished jobs stay before the TTL controller deletes them. */
const keptFor: Micros = 10 * minute;

/** A CronJob fires: its job makes a pod, which runs to its end and is cleaned away. */
export function runJob(cluster: Cluster, plan: CronPlan, at: Micros): Pod {
  const job = jobOf(plan, at);
  const { shape } = job;
  writeJob(cluster, job, 'create', at, {});
  const creator = { by: cluster.controller('job-controller'), manager: 'kube-controller-manager' };
  const pod = createPod(cluster, shape, creator, at + 70 * millisecond);
  writeJob(cluster, job, 'update', at + 120 * millisecond, {
    startTime: secondStamp(at),
    active: 1,
    ready: 0,
    terminating: 0,
  });
  const ended = pod.ready + cluster.random.amount(plan.lastsSeconds, 0.2) * second;
  cluster.timeline.at(ended, () => {
    finishPod(cluster, pod, ended);
    writeJob(cluster, job, 'update', ended + 2 * second, {
      startTime: secondStamp(at),
      completionTime: secondStamp(ended),
      succeeded: 1,
    });
  });
  cluster.timeline.at(ended + keptFor, (now) => {
    cluster.request({
      by: cluster.controller('ttl-after-finished-controller'),
      at: now,
      verb: 'delete',
      target: grouped('batch', 'jobs', plan.namespace, job.name),
      sent: {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: 'Foreground',
        preconditions: { uid: job.uid },
      },
      answered: jobObject(job, cluster.nextVersion(), at, { succeeded: 1 }),
    });
    removePod(cluster, pod, cluster.controller('generic-garbage-collector'), now + 300 * millisecond);
  });
  return pod;
}

interface Job extends JobFacts {
  readonly shape: PodShape;
}

/** Named after the minute it was due, as the CronJob controller does. */
function jobOf(plan: CronPlan, at: Micros): Job {
  const name = `${plan.name}-${String(Math.floor(at / minute))}`;
  const fixed = new Random(`job/${plan.namespace}/${name}`);
  const uid = fixed.uuid();
  const cron = { name: plan.name, uid: new Random(`cron/${plan.namespace}/${plan.name}`).uuid() };
  const shape: PodShape = {
    namespace: plan.namespace,
    generateName: `${name}-`,
    labels: { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name },
    image: plan.image,
    container: plan.name,
    account: plan.name,
    env: environment(plan.env),
    restart: 'Never',
    owner: { apiVersion: 'batch/v1', kind: 'Job', name, uid },
  };
  return { namespace: plan.namespace, name, uid, cron, template: podTemplate(shape), shape };
}

function writeJob(cluster: Cluster, job: Job, verb: 'create' | 'update', at: Micros, status: JsonObject): void {
  const created = verb === 'create';
  const target = grouped('batch', 'jobs', job.namespace, job.name, created ? undefined : 'status');
  const stored = jobObject(job, cluster.nextVersion(), at, status);
  cluster.request({
    by: cluster.controller(created ? 'cronjob-controller' : 'job-controller'),
    at,
    verb,
    target,
    sent: created ? jobObject(job, undefined, at, {}) : stored,
    answered: stored,
  });
}
