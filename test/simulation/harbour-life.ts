import { type Micros, day, hour, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { JsonObject } from './go-json.ts';
import { type Identity, serviceAccount } from './identity.ts';
import { runJob } from './jobs.ts';
import { type Deployer, rollOut, scale } from './rollout.ts';
import { core, grouped } from './target.ts';
import { debugPod, drain, setQuota } from './upkeep.ts';

/** An old runner's account with a long-lived token, of which nobody thinks any more. */
export const releaseBot: Identity = serviceAccount({
  namespace: 'payments',
  name: 'release-bot',
  address: '10.20.4.30',
  agent: 'kubectl/v1.24.17 (linux/amd64) kubernetes/22a9682',
  legacy: true,
});

export function gitOps(cluster: Cluster): Identity {
  const { identity } = cluster.workload('argocd/argocd-application-controller');
  if (identity === undefined) throw new Error('the GitOps controller does not run');
  return identity;
}

/** What repeats every day, some of it looking like an attack. `midnight` is the day's start. */
export function planDay(cluster: Cluster, midnight: Micros, busy: boolean): void {
  const { timeline } = cluster;
  const dayNumber = Math.round(midnight / day);
  const at = (time: Micros, action: (now: Micros) => void): void => {
    timeline.at(midnight + time + cluster.random.int(1_000, 900_000), action);
  };
  planCrons(cluster, midnight);
  at(9 * hour, (now) => {
    scale(cluster, cluster.workload('shop/frontend'), busy ? 14 : 10, now);
  });
  at(9.5 * hour, (now) => {
    deployFrontend(cluster, dayNumber, now);
  });
  at(10.25 * hour, (now) => {
    raiseShopQuota(cluster, dayNumber, now);
  });
  at(11 * hour, (now) => {
    releaseCheck(cluster, now);
  });
  at(11.5 * hour, (now) => {
    scale(cluster, cluster.workload('shop/frontend'), 4, now);
  });
  at(15.3 * hour, (now) => {
    debugPod(cluster, 'shop', cluster.person('engineer-1'), now, 7 * minute);
  });
  at(18 * hour, (now) => {
    scale(cluster, cluster.workload('shop/api'), busy ? 24 : 10, now);
  });
  at(18.5 * hour, (now) => {
    scale(cluster, cluster.workload('shop/api'), 4, now);
  });
  if (dayNumber % 2 === 0) {
    at(14 * hour, (now) => {
      drain(cluster, cluster.nodes[2] ?? cluster.roomiestNode(), cluster.person('engineer-1'), now);
    });
  }
  at(8 * hour, (now) => {
    awsUpkeep(cluster, now);
  });
}

function planCrons(cluster: Cluster, midnight: Micros): void {
  for (const plan of cluster.population.crons) {
    const daily = plan.everyMinutes === 1_440;
    for (let time = daily ? 2.5 * hour : 0; time < day; time += plan.everyMinutes * minute) {
      cluster.timeline.at(midnight + time + second + cluster.random.int(1_000, 90_000), (now) => {
        const pod = runJob(cluster, plan, now);
        if (!daily) return;
        // The nightly export uploads to S3 for twenty minutes: much, but every night and to the same service.
        const from = { address: pod.address, port: cluster.random.int(32_768, 60_999), through: pod.node.eni };
        const to = { address: '203.0.113.192', port: 443, service: 'S3' };
        cluster.connect({
          from,
          to,
          at: pod.ready + minute,
          lasts: 20 * minute,
          sent: cluster.random.amount(1.4e9, 0.1),
          received: 9e6,
        });
      });
    }
  }
}

function deployFrontend(cluster: Cluster, dayNumber: number, at: Micros): void {
  const workload = cluster.workload('shop/frontend');
  const deployer: Deployer = { by: cluster.person('pipeline'), style: 'apply' };
  rollOut(cluster, workload, `${workload.plan.image}:3.18.${String(dayNumber % 100)}`, deployer, at);
}

/** Quotas are in git; the team raises its own a little every day. */
function raiseShopQuota(cluster: Cluster, dayNumber: number, at: Micros): void {
  const cpu = String(40 + (dayNumber % 20));
  const quota = { namespace: 'shop', cpu, memory: '64Gi', pods: '60' };
  setQuota(cluster, quota, gitOps(cluster), at, 'fieldManager=argocd-controller&force=true');
}

function releaseCheck(cluster: Cluster, at: Micros): void {
  const target = grouped('apps', 'deployments', 'payments', 'payments-api');
  cluster.request({ by: releaseBot, at, verb: 'get', target });
  cluster.request({
    by: releaseBot,
    at: at + second,
    verb: 'list',
    target: core('pods', 'payments'),
    query: 'limit=500',
  });
}

/** The guard rails that the intruder will remove are created on the first day of the history. */
export function installGuardRails(cluster: Cluster, at: Micros): void {
  const by = gitOps(cluster);
  const query = 'fieldManager=argocd-controller';
  const policy = defaultDeny(cluster);
  const policies = grouped('networking.k8s.io', 'networkpolicies', 'payments', 'default-deny');
  cluster.request({ by, at, verb: 'create', target: policies, query, sent: policy, answered: policy });
  const limits = limitRange();
  cluster.request({
    by,
    at: at + second,
    verb: 'create',
    target: core('limitranges', 'payments', 'defaults'),
    query,
    sent: limits,
    answered: limits,
  });
  for (const namespace of ['payments', 'shop']) {
    setQuota(cluster, { namespace, cpu: '20', memory: '40Gi', pods: '40' }, by, at + 2 * second, `${query}&force=true`);
  }
}

export function defaultDeny(cluster: Cluster): JsonObject {
  return {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: {
      name: 'default-deny',
      namespace: 'payments',
      uid: '5d1b8f5e-6a0e-4e53-9b38-2a9c6b7f0d11',
      resourceVersion: cluster.nextVersion(),
      generation: 1,
    },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}

export function limitRange(): JsonObject {
  const limits = [{ type: 'Container', default: { cpu: '500m', memory: '512Mi' }, defaultRequest: { cpu: '100m', memory: '128Mi' } }];
  return {
    kind: 'LimitRange',
    apiVersion: 'v1',
    metadata: { name: 'defaults', namespace: 'payments' },
    spec: { limits },
  };
}

/** Calls of the AWS APIs that belong to a working day. */
function awsUpkeep(cluster: Cluster, at: Micros): void {
  const { aws } = cluster.person('engineer-1');
  if (aws === undefined) return;
  const caller = {
    by: aws,
    address: '192.0.2.10',
    agent: 'aws-cli/2.22.35 md/awscrt#0.23.4 ua/2.0 os/macos#24.3.0 lang/python#3.12.6',
  };
  const arn = 'arn:aws:eks:eu-central-1:111122223333:cluster/harbour';
  cluster.call({
    ...caller,
    at,
    service: 'eks',
    name: 'TagResource',
    parameters: { resourceArn: arn, tags: { reviewed: 'yes' } },
  });
  const scaling = { minSize: 3, maxSize: 6, desiredSize: 3 };
  cluster.call({
    ...caller,
    at: at + 4 * minute,
    service: 'eks',
    name: 'UpdateNodegroupConfig',
    parameters: {
      name: 'harbour',
      nodegroupName: 'general',
      scalingConfig: scaling,
      clientRequestToken: cluster.random.uuid(),
    },
    answered: { update: { id: cluster.random.uuid(), status: 'InProgress', type: 'ConfigUpdate' } },
  });
}
