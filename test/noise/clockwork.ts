import { type Micros, day, hour, minute, second } from '../simulation/clock.ts';
import { execQuery } from '../simulation/audit.ts';
import { runJob } from '../simulation/jobs.ts';
import { scale } from '../simulation/rollout.ts';
import { accountRefused, accountRoutine, accountSecretRead, longWrite } from '../simulation/routine-accounts.ts';
import { nodeRoutine, nodeSecretRead } from '../simulation/routine-nodes.ts';
import { apps, core, grouped } from '../simulation/target.ts';
import type { Town } from './town.ts';
import { read, write } from './writing.ts';

/** Requests of machines on a day that say nothing: a real cluster of this size has a hundred times as many. */
const routineRequests = { nodes: 2_600, accounts: 2_600, secrets: 260, long: 120, refused: 6 };

/** What machines do all day: thinned, for it is all the same. */
export function planRoutine(town: Town, midnight: Micros): void {
  const { random, timeline } = town;
  for (let start = midnight; start < midnight + day; start += hour) {
    timeline.at(start, () => {
      const some = (perDay: number, make: typeof nodeRoutine): void => {
        for (let count = 0; count < perDay / 24; count++) town.request(make(town, start + random.int(0, 3_599) * second));
      };
      some(routineRequests.nodes, nodeRoutine);
      some(routineRequests.accounts, accountRoutine);
      some(routineRequests.secrets * 0.7, accountSecretRead);
      some(routineRequests.secrets * 0.3, nodeSecretRead);
      some(routineRequests.long, longWrite);
      watchSecrets(town, start);
      if (random.chance(routineRequests.refused / 24)) town.request(accountRefused(town, start + random.int(0, 3_599) * second));
    });
  }
}

/** Every job at its minute. */
export function planCrons(town: Town, midnight: Micros): void {
  town.population.crons.forEach((plan, index) => {
    const first = ((index * 37) % plan.everyMinutes) * minute;
    for (let time = first; time < day; time += plan.everyMinutes * minute) {
      town.timeline.at(midnight + time, (now) => {
        town.tell('scheduled jobs', () => runJob(town, plan, now));
      });
    }
  });
}

/** Load rises and falls: the autoscaler follows, on some days further than ever. */
export function planScaling(town: Town, midnight: Micros): void {
  const { random, timeline } = town;
  const fronts = [...town.workloads.values()].filter(({ plan }) => /-(?:web|api|gateway|worker)$/.test(plan.name));
  for (const workload of fronts) {
    if (random.chance(0.4)) continue;
    const usual = workload.plan.replicas;
    const peak = usual + random.int(1, 5) + (random.chance(0.01) ? 30 : 0);
    const steps: readonly (readonly [number, number])[] = [
      [6 + random.next() * 4, peak],
      [19 + random.next() * 4, usual],
    ];
    for (const [at, replicas] of steps) {
      timeline.at(midnight + at * hour, (now) => {
        town.tell('autoscaling', () => {
          scale(town, workload, replicas, now);
        });
      });
    }
  }
}

const backedUp = [
  core('namespaces'),
  core('configmaps'),
  core('secrets'),
  core('serviceaccounts'),
  core('persistentvolumes'),
  core('services'),
  apps('deployments'),
  apps('statefulsets'),
  grouped('rbac.authorization.k8s.io', 'clusterroles'),
  grouped('rbac.authorization.k8s.io', 'rolebindings'),
  grouped('apiextensions.k8s.io', 'customresourcedefinitions'),
];

/** Every night everything is listed; on Sundays databases are asked to hold still for it. */
export function planBackup(town: Town, midnight: Micros): void {
  town.timeline.at(midnight + 3.2 * hour, (now) => {
    const by = town.workload('velero/velero').identity;
    if (by === undefined) return;
    town.tell('scheduled backups', () => {
      backedUp.forEach((target, index) => read(town, by, now + index * 2 * second, target, 'limit=500'));
      if (Math.floor(midnight / day) % 7 !== 3) return;
      for (const workload of town.workloads.values()) {
        const [pod] = workload.pods;
        if (pod === undefined || !workload.plan.name.endsWith('-db')) continue;
        const target = core('pods', workload.plan.namespace, pod.name, 'exec');
        const command = ['/bin/bash', '-c', 'pg_dump -U postgres -d app -f /backup/app.sql'];
        const query = execQuery(command, workload.plan.name, false);
        town.request({ by, at: now + minute, verb: 'create', target, query, code: 101, lasts: 40 * second });
      }
    });
  });
}

/** Secrets are refreshed where they changed at their source. */
export function planSecretSync(town: Town, midnight: Micros, share: number): void {
  const { random } = town;
  for (const { plan } of town.workloads.values()) {
    if (plan.apiAgent !== undefined || !random.chance(share)) continue;
    town.timeline.at(midnight + random.next() * day, (now) => {
      const by = town.workload('external-secrets/external-secrets').identity;
      if (by === undefined) return;
      const target = core('secrets', plan.namespace, `${plan.name}-credentials`);
      town.tell('secret rotation', () => {
        read(town, by, now, target);
        write(town, { by, at: now + second, verb: 'update', target, manager: 'external-secrets' });
      });
    });
  }
}

/** Operators whose informers hold every Secret: they begin their watch anew all day. */
const holders = [
  'argocd/argocd-application-controller',
  'cert-manager/cert-manager',
  'external-secrets/external-secrets',
  'monitoring/prometheus',
];

function watchSecrets(town: Town, start: Micros): void {
  for (const key of holders) {
    const by = town.workload(key).identity;
    const at = start + town.random.int(0, 3_599) * second;
    const query = 'allowWatchBookmarks=true&timeoutSeconds=540&watch=true';
    if (by !== undefined) town.request({ by, at, verb: 'watch', target: core('secrets'), query, lasts: 9 * minute });
  }
}
