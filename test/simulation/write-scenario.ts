import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { flowFormat } from '../../shared/contract/logs.ts';
import type { AuditLine } from './audit.ts';
import { milliseconds } from './clock.ts';
import { dataMessage } from './cloudwatch.ts';
import type { FlowRecord } from './flow.ts';
import { Random } from './random.ts';
import { type Records, scenario } from './scenario.ts';
import { tell } from './story.ts';

/** Two API servers write one stream each; a client keeps its connection to one of them. */
const streams = ['kube-apiserver-audit-5c1f2f4be03d9a7761c8e2d4b90fa613', 'kube-apiserver-audit-e87d03a69f4415b2ac6e10977f3bd258'];
const batchSize = 200;

/** Audit events as the subscription delivers them, one `DATA_MESSAGE` a line. */
export function auditFile(lines: readonly AuditLine[]): Buffer {
  const batches = streams.flatMap((stream, turn) => {
    const own = lines.filter(({ message }) => serverOf(message) === turn);
    return Array.from({ length: Math.ceil(own.length / batchSize) }, (_, at) => {
      const batch = own.slice(at * batchSize, (at + 1) * batchSize);
      return dataMessage(
        '/aws/eks/harbour/cluster',
        stream,
        batch.map(({ message }) => message),
        batch.map(({ time }) => milliseconds(time)),
      );
    });
  });
  const first = (message: (typeof batches)[number]): number => message.logEvents[0]?.timestamp ?? 0;
  const ordered = batches.sort((one, other) => first(one) - first(other));
  return packed(ordered.map((batch) => JSON.stringify(batch)));
}

function serverOf(message: string): number {
  const user = /"username":"([^"]*)"/.exec(message)?.[1] ?? '';
  return new Random(`server/${user}`).int(0, streams.length - 1);
}

export function flowFile(records: readonly FlowRecord[]): Buffer {
  return packed([flowFormat, ...records.map(({ line }) => line)]);
}

export function apiFile({ api }: Records): string {
  return api.map(({ event }) => `${JSON.stringify(event)}\n`).join('');
}

function packed(lines: readonly string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(''), { level: 9 });
}

function writeRecords(folder: URL, records: Records): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('audit.ndjson.gz', folder), auditFile(records.audit));
  writeFileSync(new URL('flow.log.gz', folder), flowFile(records.flow));
  writeFileSync(new URL('api.ndjson', folder), apiFile(records));
}

if (import.meta.main) {
  const folder = new URL('../../events/scenarios/intrusion/', import.meta.url);
  writeRecords(folder, scenario.day);
  writeRecords(new URL('history/', folder), scenario.history);
  writeFileSync(new URL('story.md', folder), tell(scenario));
}
