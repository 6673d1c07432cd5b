import type { DynamoDBRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { tellRecords } from '../../functions/telling.ts';
import { logger } from '../../functions/telemetry.ts';
import { triageRecords } from '../../functions/triaging.ts';
import { DynamoDbAlerts } from '../../shared/adapters/dynamodb-alerts.ts';
import { MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { findingNamed, groupOf } from '../support/findings.ts';
import { MemoryTable } from '../support/memory-dynamodb.ts';

logger.setLogLevel('SILENT');

const deployment = () => {
  const table = new MemoryTable(() => Promise.resolve(0));
  const alerts = new DynamoDbAlerts(table.client(), 'findings');
  return { table, alerts, ports: { alerts, settings: new MemorySettings(), state: new MemoryState() } };
};
const named = (name: string, who = 'cart'): FindingGroup =>
  groupOf(findingNamed(name, { entity: { kind: 'identity', id: who, name: who }, links: [] }));
const finding = (number: string, document: string): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: number, NewImage: { kind: { S: 'finding' }, document: { S: document } } },
});
const failures = (numbers: readonly string[]) => ({ batchItemFailures: numbers.map((itemIdentifier) => ({ itemIdentifier })) });
/** As another environment would: it remembers nothing. */
const elsewhere = ({ table }: { readonly table: MemoryTable }) => new DynamoDbAlerts(table.client(), 'findings');

it('groups of one fingerprint that come together are one write', async () => {
  const { table, ports, alerts } = deployment();
  const records = Array.from({ length: 100 }, (_, number) => finding(String(number), JSON.stringify(named(`finding ${String(number)}`))));
  expect(await triageRecords(records, catalogue, ports)).toEqual(failures([]));
  expect(table.writes).toBe(1);
  expect(await alerts.get(named('x').fingerprint)).toMatchObject({ count: 100, telling: { number: 1, reason: 'first seen', count: 100 } });
});

it.each([
  ['that cannot be read', '{'],
  ['that no fold survives', JSON.stringify({ ...named('poison'), ids: null })],
])('a finding %s fails alone: its neighbours of the same fingerprint are counted', async (_, poison) => {
  const { ports, alerts } = deployment();
  const records = [finding('1', JSON.stringify(named('one'))), finding('2', poison), finding('3', JSON.stringify(named('three')))];
  expect(await triageRecords(records, catalogue, ports)).toEqual(failures(['2']));
  expect((await alerts.get(named('one').fingerprint))?.count).toBe(2);
  // It comes again with those after it, until it is given up.
  expect(await triageRecords(records.slice(1), catalogue, ports)).toEqual(failures(['2']));
  expect((await alerts.get(named('one').fingerprint))?.count).toBe(2);
});

it('an order that cannot be read fails alone, and its neighbours are told once however often they come with it', async () => {
  const made = deployment();
  const groups = ['one', 'two', 'three'].map((who) => finding(who, JSON.stringify(named(who, who))));
  await triageRecords(groups, catalogue, made.ports);
  const [first, ...rest] = await made.table.changes();
  const broken = { ...first, dynamodb: { ...first?.dynamodb, NewImage: { ...first?.dynamodb?.NewImage, document: { S: '{' } } } };
  const told: string[] = [];
  const teller = { tell: (alert: Alert) => Promise.resolve(void told.push(alert.speaker.entity.id)) };
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect(await tellRecords([broken as DynamoDBRecord, ...rest], { alerts: elsewhere(made), teller, onTold: () => undefined })).toEqual(
      failures([first?.dynamodb?.SequenceNumber ?? '']),
    );
  expect(told).toEqual(['two', 'three']);
  // Given up, mended, and run again by hand.
  await tellRecords([first as DynamoDBRecord, ...rest], { alerts: elsewhere(made), teller, onTold: () => undefined });
  expect(told).toEqual(['two', 'three', 'one']);
});

it('orders after one that could not be told are told once, in whichever environment the batch comes again', async () => {
  const made = deployment();
  await triageRecords(
    ['one', 'two', 'three'].map((who) => finding(who, JSON.stringify(named(who, who)))),
    catalogue,
    made.ports,
  );
  const batch = await made.table.changes();
  const told: string[] = [];
  const teller = (away: string) => ({
    tell: ({ speaker }: Alert) =>
      speaker.entity.id === away ? Promise.reject(new Error('SNS is away')) : Promise.resolve(void told.push(speaker.entity.id)),
  });
  const { batchItemFailures } = await tellRecords(batch, { alerts: elsewhere(made), teller: teller('two'), onTold: () => undefined });
  const from = batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === batchItemFailures[0]?.itemIdentifier);
  await tellRecords(batch.slice(from), { alerts: elsewhere(made), teller: teller('nobody'), onTold: () => undefined });
  expect(told).toEqual(['one', 'three', 'two']);
});

it('an alert that is known is written in one request, whoever else wrote it before', async () => {
  const { table, ports } = deployment();
  await triageRecords([finding('1', JSON.stringify(named('one')))], catalogue, ports);
  await triageRecords([finding('2', JSON.stringify(named('two')))], catalogue, ports);
  expect([table.reads, table.writes, table.refused]).toEqual([0, 2, 0]);
  const other = { ...ports, alerts: elsewhere({ table }) };
  await triageRecords([finding('3', JSON.stringify(named('three')))], catalogue, other);
  expect([table.reads, table.writes, table.refused]).toEqual([0, 4, 1]);
});
