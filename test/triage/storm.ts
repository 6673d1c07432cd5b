import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { tellRecords } from '../../functions/telling.ts';
import { triageRecords } from '../../functions/triaging.ts';
import { DynamoDbAlerts } from '../../shared/adapters/dynamodb-alerts.ts';
import { documentText } from '../../shared/adapters/dynamodb-document.ts';
import { DynamoDbFindings } from '../../shared/adapters/dynamodb-findings.ts';
import { MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { itemKind } from '../../shared/contract/tables.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { KnownUnions } from '../../shared/state/known-unions.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { Meter } from '../bench/meter.ts';
import { MeteredState } from '../cost/metered-state.ts';
import { RoundTrips } from '../cost/round-trips.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';
import { MemoryTable } from '../support/memory-dynamodb.ts';

/** A storm: one deed over and over, by one identity or by several. */
export interface Storm {
  readonly name: string;
  readonly payloads: number;
  readonly perPayload: number;
  /** Identities that take turns, a payload each. */
  readonly identities: number;
  readonly deed: (number: number, at: number, who: string) => string;
}

/** Requests without a name that are answered: nothing is remembered of them, and nothing withheld. */
export const anonymousLists: Storm['deed'] = (number, at, who) =>
  auditLine({ at, id: idOf(number), resource: 'pods', verb: 'list', name: '' })
    .replace(/"user":\{.*?\},"sourceIPs"/, `"user":{"username":"system:anonymous","groups":["system:unauthenticated"]},"sourceIPs"`)
    .replaceAll('"namespace":"default"', `"namespace":"${who}"`);

/** Shells in pods of the cluster's own namespace: a step of sequences, and every event withholds what it would have taught. */
export const shells: Storm['deed'] = (number, at, who) =>
  auditLine({
    at,
    id: idOf(number),
    who,
    verb: 'create',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'kube-system',
    name: 'coredns',
    code: 101,
  }).replace(/"requestURI":"([^"]*)"/, '"requestURI":"$1?command=sh\\u0026stdin=true\\u0026tty=true"');

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const start = Date.parse('2026-03-02T03:00:00Z');

/** What a storm came to. */
export interface Outcome {
  readonly alerts: readonly Alert[];
  readonly messages: readonly { readonly id: string; readonly number: number; readonly reason: string; readonly count: number }[];
  /** Findings in all groups that were recorded. */
  readonly recorded: number;
  /** Requests that write: groups and alerts, what triage keeps of them in the state table, and what the analysis learns. */
  readonly writes: { readonly findings: number; readonly triage: number; readonly analysis: number; readonly refused: number };
  /** Round trips, one after the other, from the payload with the first finding until the first message was published. */
  readonly tripsToFirst: number;
  readonly largestItem: number;
}

/** A findings table and its stream. */
export interface Table {
  client(): DynamoDBClient;
  changes(): Promise<readonly DynamoDBRecord[]>;
}

/** A deployment of one warm environment for each function. Payloads come one after the other, and streams follow `lag` payloads behind. */
export class StormRun {
  private readonly trips = new RoundTrips();
  readonly memory = new MemoryTable(async () => {
    await this.trips.take(1);
    return this.trips.passed;
  });
  private readonly state = new MemoryState();
  private readonly analysisMeter = new Meter();
  private readonly triageMeter = new Meter();
  private readonly table: Table;
  private readonly alerts: DynamoDbAlerts;
  private readonly pipeline: Pipeline;
  private readonly ports;
  private readonly messages: Outcome['messages'][number][] = [];
  private readonly brought: DynamoDBRecord[] = [];
  private readonly fingerprints = new Set<string>();
  private tripsToFirst = 0;
  /** Round trips that the stream did not wait for: what functions do after the write that it brings. */
  private aside = 0;
  private recorded = 0;

  constructor(table?: Table) {
    this.table = table ?? this.memory;
    this.alerts = new DynamoDbAlerts(this.table.client(), 'findings');
    const metered = (meter: Meter): MeteredState => new MeteredState(this.state, meter, this.trips);
    this.pipeline = new Pipeline(catalogue, {
      state: metered(this.analysisMeter),
      findings: new DynamoDbFindings(this.table.client(), 'findings'),
      site: siteOf(),
    });
    this.ports = { alerts: this.alerts, settings: new MemorySettings(), state: new KnownUnions(metered(this.triageMeter)) };
  }

  /** The payloads of a storm; each can be made again. */
  *payloads({ payloads, perPayload, identities, deed }: Storm): Iterable<{ readonly name: string; readonly lines: readonly string[] }> {
    for (let payload = 0; payload < payloads; payload += 1) {
      const who = `storm-${String(payload % identities)}`;
      const lines = Array.from({ length: perPayload }, (_, n) => {
        const number = payload * perPayload + n;
        return deed(number, start + number * 10, who);
      });
      yield { name: `payload ${String(payload)}`, lines };
    }
  }

  async analyse({ name, lines }: { readonly name: string; readonly lines: readonly string[] }): Promise<void> {
    await this.pipeline.analyse(auditBatch(recordsOf(lines, name)));
    if (this.messages.length === 0) this.aside = this.trips.passed - this.memory.lastWrite;
  }

  /** What the stream brings goes to both functions, until it brings nothing more. */
  async follow(): Promise<void> {
    for (let changes = await this.table.changes(); changes.length > 0; changes = await this.table.changes()) {
      this.brought.push(...changes);
      await this.deliver(changes);
    }
  }

  /** Everything that the stream brought comes again. */
  async redeliver(): Promise<void> {
    await this.deliver(this.brought.slice());
    await this.follow();
  }

  async outcome(): Promise<Outcome> {
    const alerts = await Promise.all([...this.fingerprints].map(async (id) => (await this.alerts.get(id)) ?? []));
    const { memory, triageMeter, analysisMeter, recorded, messages, tripsToFirst } = this;
    return {
      alerts: alerts.flat(),
      messages,
      recorded,
      writes: { findings: memory.writes, triage: triageMeter.bill.writes, analysis: analysisMeter.bill.writes, refused: memory.refused },
      tripsToFirst,
      largestItem: memory.largestItem,
    };
  }

  private async deliver(changes: readonly DynamoDBRecord[]): Promise<void> {
    for (let at = 0; at < changes.length; at += 100) {
      const batch = changes.slice(at, at + 100);
      const findings = batch.filter(({ dynamodb }) => dynamodb?.NewImage?.[itemKind.attribute]?.S === itemKind.finding);
      for (const { dynamodb } of findings) {
        const { fingerprint, ids } = JSON.parse(documentText(dynamodb?.NewImage?.['document']) ?? '') as {
          fingerprint: string;
          ids: string[];
        };
        this.fingerprints.add(fingerprint);
        this.recorded += ids.length;
      }
      const alerts = batch.filter(({ dynamodb }) => dynamodb?.NewImage?.[itemKind.attribute]?.S === itemKind.alert);
      const triaged = await triageRecords(findings, catalogue, this.ports);
      if (this.messages.length === 0) this.aside += this.trips.passed - this.memory.firstOrder;
      const teller = { tell: (alert: Alert) => this.tell(alert) };
      const told = await tellRecords(alerts, { alerts: this.alerts, teller, onTold: () => undefined });
      for (const { batchItemFailures } of [triaged, told])
        if (batchItemFailures.length > 0) throw new Error(JSON.stringify(batchItemFailures));
    }
  }

  private async tell(alert: Alert): Promise<void> {
    await this.trips.take(1);
    if (this.messages.length === 0) this.tripsToFirst = this.trips.passed - this.aside;
    this.fingerprints.add(alert.id);
    const { number = 0, reason = '' } = alert.telling ?? {};
    this.messages.push({ id: alert.id, number, reason, count: alert.count });
  }
}

/** Lets a storm pass: the stream is followed after every so many payloads. */
export async function pass(storm: Storm, every: number, run = new StormRun()): Promise<StormRun> {
  let behind = 0;
  for (const payload of run.payloads(storm)) {
    await run.analyse(payload);
    if ((behind += 1) % every === 0) await run.follow();
  }
  await run.follow();
  return run;
}
