import type { AuditLine } from './audit.ts';
import { quay } from './benchmark-population.ts';
import { startChurn } from './churn.ts';
import { type Micros, day, hour, instant, milliseconds, minute } from './clock.ts';
import { subscriptionPayload } from './cloudwatch.ts';
import { Cluster } from './cluster.ts';
import type { FlowRecord } from './flow.ts';
import { type Mix, simulateSteps, usualShares } from './mix.ts';
import { Random } from './random.ts';
import { boot } from './rollout.ts';
import { startTraffic } from './traffic.ts';

/** A day of the benchmark has this many audit events, and this many pods are created in it. */
const eventsPerDay = 100_000;
const podsPerDay = 5_000;

const mix: Mix = { events: eventsPerDay, shares: usualShares, long: 0.1, refused: 0.002, secretReads: 0.01 };

const start = instant('2026-03-10T00:00:00Z');

function clusterSince(seed: number): Cluster {
  const cluster = new Cluster(quay, new Random(`benchmark/${String(seed)}`));
  boot(cluster, start - 30 * minute);
  startChurn(cluster, start, podsPerDay);
  return cluster;
}

/** The first `count` audit events from a midnight on. The mix holds for whole days; nights have fewer people. */
function benchmarkAuditLines(seed: number, count: number): readonly AuditLine[] {
  const cluster = clusterSince(seed);
  for (let midnight = start; ; midnight += day) {
    for (const until of simulateSteps(cluster, mix, midnight, midnight + day)) {
      if (cluster.audit.length < count) continue;
      const lines = inOrder(cluster.audit);
      if ((lines[count - 1]?.time ?? Infinity) < until) return lines.slice(0, count);
    }
  }
}

/** Audit log messages of a mid-sized cluster: 45 % nodes, 37 % service accounts, 18 % people and pipelines. */
export function benchmarkAudit(seed: number, count: number): readonly string[] {
  return benchmarkAuditLines(seed, count).map(({ message }) => message);
}

function benchmarkFlowRecords(seed: number, count: number): readonly FlowRecord[] {
  const cluster = clusterSince(seed);
  startTraffic(cluster, start, () => 1);
  for (let until = start + hour; cluster.flow.length < count * 1.05; until += hour) cluster.timeline.run(until);
  return inOrder(cluster.flow).slice(0, count);
}

/** Flow log lines of the same cluster, in the format of the contract. */
export function benchmarkFlow(seed: number, count: number): readonly string[] {
  return benchmarkFlowRecords(seed, count).map(({ line }) => line);
}

function inOrder<T extends { readonly time: Micros }>(records: readonly T[]): readonly T[] {
  return records.filter(({ time }) => time >= start).sort((one, other) => one.time - other.time);
}

/** The audit events, or some of them by their position, as `awslogs.data` of subscription payloads, each of one log stream. */
export function benchmarkAuditPayloads(
  seed: number,
  count: number,
  perPayload: number,
  keep: (position: number) => boolean = () => true,
): readonly string[] {
  const lines = benchmarkAuditLines(seed, count).filter((_, position) => keep(position));
  return auditPayloads(lines, perPayload);
}

function auditPayloads(lines: readonly AuditLine[], perPayload: number): readonly string[] {
  return payloads(
    '/aws/eks/quay/cluster',
    ['kube-apiserver-audit-1f0c6a3de1b94f52', 'kube-apiserver-audit-9ab27c41f03e8d65'],
    lines.map(({ time, message }) => ({ time, text: message })),
    perPayload,
  );
}

function flowPayloads(records: readonly FlowRecord[], perPayload: number): readonly string[] {
  const lines = records.map(({ time, line }) => ({ time, text: line }));
  return payloads('/vpc/quay/flow', ['eni-0a11ce0000000001-all', 'eni-0a11ce0000000002-all'], lines, perPayload);
}

export function benchmarkFlowPayloads(seed: number, count: number, perPayload: number): readonly string[] {
  return flowPayloads(benchmarkFlowRecords(seed, count), perPayload);
}

/**
 * Both logs of the same hours of one cluster. Its audit log begins with the start of its pods and tells of theirs and all later ones, and is
 * without the requests that a mix adds: they tell nothing of addresses.
 */
export function benchmarkBothLogs(
  seed: number,
  hours: number,
  perPayload: { readonly audit: number; readonly flow: number },
): { readonly audit: readonly string[]; readonly flow: readonly string[] } {
  const cluster = clusterSince(seed);
  const until = start + hours * hour;
  startTraffic(cluster, start, () => 1);
  cluster.timeline.run(until);
  const told = cluster.audit.toSorted((one, other) => one.time - other.time);
  return {
    audit: auditPayloads(told, perPayload.audit),
    flow: flowPayloads(
      inOrder(cluster.flow).filter(({ time }) => time < until),
      perPayload.flow,
    ),
  };
}

interface Line {
  readonly time: Micros;
  readonly text: string;
}

/** Two streams take turns, as the lines of two API servers interleave. */
function payloads(group: string, streams: readonly [string, string], lines: readonly Line[], perPayload: number): readonly string[] {
  return streams.flatMap((stream, turn) => {
    const own = lines.filter((_, at) => at % streams.length === turn);
    return Array.from({ length: Math.ceil(own.length / perPayload) }, (_, at) => {
      const batch = own.slice(at * perPayload, (at + 1) * perPayload);
      return subscriptionPayload(
        group,
        stream,
        batch.map(({ text }) => text),
        batch.map(({ time }) => milliseconds(time)),
      );
    });
  });
}
