import { type Micros, hour, millisecond, minute, second } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { Connection, End } from './flow.ts';
import type { Identity } from './identity.ts';
import { dropHost, intruderHost } from './intrusion-credentials.ts';
import type { Intruder } from './intruder.ts';
import type { Pod } from './workload.ts';

function endOf(pod: Pod, port: number): End {
  return { address: pod.address, port, through: pod.node.eni };
}

/** 02:55 to 08:55: the download, then a small call home every five minutes. */
export function callHome(intruder: Intruder, pod: Pod, midnight: Micros): void {
  const { random } = intruder;
  const start = midnight + 2 * hour + 55 * minute + 10 * second;
  const from = endOf(pod, random.int(32_768, 60_999));
  const fetch: Connection = {
    from,
    to: { address: dropHost, port: 80 },
    at: start,
    lasts: 2 * second,
    sent: 610,
    received: 3_078_000,
  };
  intruder.connectAll(`the pod contacts ${dropHost} for the first time`, ['D131'], [fetch]);
  const calls = Array.from({ length: 72 }, (_, index): Connection => ({
    from: endOf(pod, random.int(32_768, 60_999)),
    to: { address: dropHost, port: 443 },
    at: start + (index + 1) * 5 * minute + random.int(0, 900) * millisecond,
    lasts: second,
    sent: 1_180 + random.int(0, 40),
    received: 840 + random.int(0, 30),
  }));
  intruder.connectAll('calls home every five minutes for six hours', ['D134'], calls);
}

const commonPorts = [
  21, 22, 23, 25, 80, 111, 139, 443, 445, 1433, 2375, 2379, 3306, 5432, 5601, 5672, 6379, 8080, 9200, 10250, 11211, 27017,
];

/** 03:10: every port of one pod, then one port of everybody. */
export function scan(cluster: Cluster, intruder: Intruder, pod: Pod, midnight: Micros): void {
  const { random } = intruder;
  const victim = neighbour(cluster, pod, ['shop/shop-db', 'payments/payments-db', 'shop/api'], midnight);
  const at = midnight + 3 * hour + 10 * minute;
  const ports = [...commonPorts, ...Array.from({ length: 180 }, (_, index) => 1_024 + index * 47)];
  const knocks = ports.map((port, index): Connection => ({
    from: endOf(pod, random.int(32_768, 60_999)),
    to: endOf(victim, port),
    at: at + index * 400 * millisecond,
    lasts: 0,
    sent: 44,
    received: 0,
    unanswered: true,
  }));
  intruder.connectAll(`scans ${String(ports.length)} ports of ${victim.shape.namespace}/${victim.name}`, ['D135'], knocks);
  const hosts = Array.from({ length: 240 }, (_, index) => `10.0.${String(Math.floor(index / 20))}.${String(2 + (index % 20) * 12)}`);
  const sweep = hosts.map((address, index): Connection => ({
    from: endOf(pod, random.int(32_768, 60_999)),
    to: { address, port: 5432 },
    at: at + 6 * minute + index * 300 * millisecond,
    lasts: 0,
    sent: 44,
    received: 0,
    unanswered: true,
  }));
  intruder.connectAll('sweeps 240 addresses of 10.0.0.0/16 for databases', ['D136'], sweep);
  const kubelets = cluster.nodes
    .filter((node) => node !== pod.node)
    .map((node, index): Connection => ({
      from: endOf(pod, random.int(32_768, 60_999)),
      to: { address: node.address, port: 10_250, through: node.eni },
      at: at + 8 * minute + index * 3 * second,
      lasts: second,
      sent: 720,
      received: 1_900,
    }));
  intruder.connectAll('tries the kubelets of the other nodes', ['D143'], kubelets);
}

/** 03:22: the reports database, with the credentials from its secret. */
export function raidDatabase(cluster: Cluster, intruder: Intruder, pod: Pod, midnight: Micros): void {
  const database = neighbour(cluster, pod, ['analytics/reports-db'], midnight);
  const at = midnight + 3 * hour + 22 * minute;
  const queries = Array.from({ length: 8 }, (_, index): Connection => ({
    from: endOf(pod, intruder.random.int(32_768, 60_999)),
    to: endOf(database, 5_432),
    at: at + index * 3 * minute,
    lasts: 100 * second,
    sent: 60_000,
    received: 690_000_000,
  }));
  intruder.connectAll('connects to analytics/reports-db, which payments never did, and copies it', ['D145'], queries);
}

/** 03:50 to 04:50: what was copied leaves. */
export function exfiltrate(intruder: Intruder, pod: Pod, midnight: Micros): void {
  const from = endOf(pod, intruder.random.int(32_768, 60_999));
  const to = { address: dropHost, port: 443 };
  const at = midnight + 3 * hour + 50 * minute;
  const upload: Connection = { from, to, at, lasts: 60 * minute, sent: 5_600_000_000, received: 31_000_000 };
  intruder.connectAll(`uploads 5.6 GB to ${dropHost}`, ['D133'], [upload]);
}

/** Only what another node runs is seen in a flow log. */
function neighbour(cluster: Cluster, pod: Pod, workloads: readonly string[], time: Micros): Pod {
  const found = workloads.flatMap((name) => cluster.readyPods(name, time)).find((other) => other.node !== pod.node);
  if (found === undefined) throw new Error(`none of ${workloads.join(', ')} runs on another node`);
  return found;
}

/** 12:45: the logs. The first call is refused; the others hit copies, so that these logs go on. */
export function blindLogs(intruder: Intruder, by: Identity, midnight: Micros): void {
  if (by.aws === undefined) return;
  const caller = {
    by: by.aws,
    address: intruderHost,
    agent: 'aws-cli/2.17.9 md/awscrt#0.20.11 ua/2.0 os/linux#6.8.11 lang/python#3.11.8',
  };
  const at = midnight + 12 * hour + 45 * minute + 3 * second;
  const role = `arn:aws:sts::111122223333:assumed-role/${by.aws.role}/${by.aws.session}`;
  const cluster = 'arn:aws:eks:eu-central-1:111122223333:cluster/harbour';
  intruder.call('tries to switch the audit log off and is refused', ['D115'], {
    ...caller,
    at,
    service: 'eks',
    name: 'UpdateClusterConfig',
    parameters: {
      name: 'harbour',
      logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator'], enabled: false }] },
    },
    error: {
      code: 'AccessDeniedException',
      message: `User: ${role} is not authorized to perform: eks:UpdateClusterConfig on resource: ${cluster}`,
    },
  });
  intruder.call('deletes the flow log that fills the archive', ['D116'], {
    ...caller,
    at: at + 87 * second,
    service: 'ec2',
    name: 'DeleteFlowLogs',
    parameters: { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0c5e1d7a9b3f24680', tag: 1 } } },
    answered: { DeleteFlowLogsResponse: { requestId: intruder.random.uuid(), unsuccessful: '' } },
  });
  intruder.call('deletes the archive’s subscription to the audit log', ['D116'], {
    ...caller,
    at: at + 172 * second,
    service: 'logs',
    name: 'DeleteSubscriptionFilter',
    parameters: { logGroupName: '/aws/eks/harbour/cluster', filterName: 'archive' },
  });
}
