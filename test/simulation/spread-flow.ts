import { hour, instant, milliseconds, minute, second } from './clock.ts';
import { subscriptionPayload } from './cloudwatch.ts';
import type { Fact } from '../../shared/state/entity-graph/facts.ts';
import { type FlowRecord, flowRecords, type Interface } from './flow.ts';
import { Random } from './random.ts';

const start = instant('2026-03-10T00:00:00Z');
const podsPerNode = 30;
/** Connections that begin in a minute. */
const pace = 400;

/** Flow payloads of so many workloads of one pod, each of which calls some others, and few call an address outside. */
export function spreadFlowPayloads(seed: number, count: number, perPayload: number, workloads: number): readonly string[] {
  const random = new Random(`spread/${String(seed)}/${String(workloads)}`);
  const records: FlowRecord[] = [];
  for (let connection = 0; records.length < count; connection += 1) {
    const caller = random.int(0, workloads - 1);
    const called = (caller * 7 + 1 + random.int(0, 4)) % workloads;
    const at = start + Math.floor((connection * minute) / pace);
    const from = { address: addressOf(caller), port: random.int(32_768, 60_999), through: interfaceOf(caller) };
    const to = random.chance(0.05)
      ? { address: `203.0.113.${String(caller % 200)}`, port: 443 }
      : { address: addressOf(called), port: 8080, through: interfaceOf(called) };
    records.push(...flowRecords({ from, to, at, lasts: second, sent: random.int(400, 4_000), received: random.int(400, 9_000) }));
  }
  const lines = records.slice(0, count);
  return Array.from({ length: Math.ceil(count / perPayload) }, (_, part) => {
    const batch = lines.slice(part * perPayload, (part + 1) * perPayload);
    const times = batch.map(({ time }) => milliseconds(time));
    const messages = batch.map(({ line }) => line);
    return subscriptionPayload('/vpc/quay/flow', 'eni-0a11ce0000000001-all', messages, times);
  });
}

/** What the audit log told of them an hour before: each workload has a pod and its address. */
export function spreadFacts(workloads: number): readonly Fact[] {
  const time = milliseconds(start - hour);
  return Array.from({ length: workloads }, (_, workload): readonly Fact[] => {
    const [uid, ownerName] = [`uid-${String(workload)}`, `app-${String(workload)}`];
    const pod = { namespace: `team-${String(workload % 40)}`, name: `${ownerName}-1`, owner: 'Deployment', ownerName } as const;
    return [
      { kind: 'pod', uid, time, ...pod, serviceAccount: 'default', role: '' },
      { kind: 'labels', uid, time, labels: { app: ownerName } },
      { kind: 'placed', uid, time, node: `node-${String(Math.floor(workload / podsPerNode))}` },
      { kind: 'pod-address', uid, time, address: addressOf(workload) },
    ];
  }).flat();
}

function addressOf(workload: number): string {
  return `10.${String(1 + (workload >> 16))}.${String((workload >> 8) & 255)}.${String(workload & 255)}`;
}

function interfaceOf(workload: number): Interface {
  const node = Math.floor(workload / podsPerNode);
  return {
    id: `eni-0${node.toString(16).padStart(16, '0')}`,
    address: `10.200.${String(node >> 8)}.${String(node & 255)}`,
    instance: `i-0${node.toString(16).padStart(16, '0')}`,
    subnet: 'subnet-02222222222222222',
    vpc: 'vpc-0a1b2c3d4e5f60718',
    zone: 'euc1-az1',
  };
}
