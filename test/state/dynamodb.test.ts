import { DeleteTableCommand, GetItemCommand, paginateScan, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../../shared/model/hash.ts';
import { DynamoDbAlerts } from '../../shared/adapters/dynamodb-alerts.ts';
import { documentText } from '../../shared/adapters/dynamodb-document.ts';
import { DynamoDbFindings } from '../../shared/adapters/dynamodb-findings.ts';
import { DynamoDbDecisions, scanAlerts } from '../../shared/adapters/dynamodb-decisions.ts';
import { DynamoDbSettings } from '../../shared/adapters/dynamodb-settings.ts';
import { settingsPartitions } from '../../shared/contract/tables.ts';
import { DynamoDbState } from '../../shared/adapters/dynamodb-state.ts';
import { alone, type Merge } from '../../shared/state/store.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import { describeWithDynamoDb, LocalDynamoDb } from '../support/dynamodb.ts';
import { alertOf, findingNamed, groupOf } from '../support/findings.ts';
import { alertStoreContract, findingStoreContract } from './findings.contract.ts';
import { stateStoreContract } from './store.contract.ts';

describeWithDynamoDb('on DynamoDB', () => {
  let local: LocalDynamoDb;
  const overflows: { key: string; why: string }[] = [];
  const openState = () => new DynamoDbState(local.client, 'state', (what) => overflows.push(what));
  const raw = async (table: string, partition: string, sort = alone) =>
    (
      await local.client.send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: partition }, sk: { S: sort } }, ConsistentRead: true }),
      )
    ).Item;

  beforeAll(async () => {
    local = await LocalDynamoDb.start();
    for (const table of ['state', 'findings', 'settings']) await local.createTable(table);
  });
  afterAll(() => {
    local.stop();
  });

  describe('the state table', () => {
    stateStoreContract(openState, 15);
    const day = 86_400_000;
    const merge = (key: string, sets: Merge['sets'], expires = 20_000 * day): Merge => ({ key, sets, expires, cap: 1_000_000 });

    it('keeps the latest expiry, in seconds, whole days', async () => {
      const state = openState();
      const expiry = async () => Number((await raw('state', 'expiring'))?.['expires']?.N);
      await state.merge([merge('expiring', { a: ['1'] }, 20_000 * day - 1)]);
      expect(await expiry()).toBe((20_000 * day) / 1_000);
      await state.merge([merge('expiring', { a: ['2'] }, 20_001 * day)]);
      const after = await state.merge([merge('expiring', { f: ['3'] }, 19_000 * day)]);
      expect(await expiry()).toBe((20_001 * day) / 1_000);
      expect(after.get('expiring')?.sets.get('f')).toEqual(new Set(['3']));
    });

    it('counts an item that is full, keeps what it holds and takes what still fits', async () => {
      const state = openState();
      overflows.length = 0;
      const long = (letter: string, length: number) => Array.from({ length }, (_, number) => letter.repeat(1_000) + String(number));
      await state.merge([merge('heavy', { first: long('a', 300) })]);
      const after = await state.merge([merge('heavy', { second: long('b', 200), small: ['x'] }), merge('light', { a: ['1'] })]);
      expect(overflows).toEqual([{ key: 'heavy', why: 'item-full' }]);
      expect([...(after.get('heavy')?.sets ?? [])].map(([name, members]) => `${name} ${String(members.size)}`).toSorted()).toEqual([
        'first 300',
        'small 1',
      ]);
      expect(after.get('light')?.sets.get('a')).toEqual(new Set(['1']));
    });

    it('counts a document that is too large and writes its neighbours', async () => {
      const state = openState();
      overflows.length = 0;
      const document = (sort: string, text: string) => ({ partition: 'large', sort, document: text, expires: day });
      await state.put([
        document('a', 'fits'),
        document('b', Array.from({ length: 100_000 }, (_, at) => digest(22, [String(at)])).join('')),
        document('c', 'fits'),
      ]);
      expect(overflows).toEqual([{ key: 'large', why: 'document-too-large' }]);
      expect((await state.list('large')).map(({ sort }) => sort)).toEqual(['a', 'c']);
    });

    it('takes half characters, which UTF-8 cannot say', async () => {
      const after = await openState().merge([merge('halves', { a: ['\ud800', '\udfff', '\ufffd', 'x'] })]);
      expect(after.get('halves')?.sets.get('a')).toEqual(new Set(['\ufffd', 'x']));
    });
  });

  describe('findings', () => {
    const all = async () => {
      const groups: FindingGroup[] = [];
      for await (const page of paginateScan({ client: local.client }, { TableName: 'findings' })) {
        for (const item of page.Items ?? [])
          if (item['kind']?.S === 'finding') groups.push(JSON.parse(documentText(item['document']) ?? '') as FindingGroup);
      }
      return groups;
    };
    findingStoreContract(() => ({ store: new DynamoDbFindings(local.client, 'findings'), all }));

    it('keep every id of a storm, whatever else had to be cut', async () => {
      const entity = { kind: 'identity', id: 'storm', name: 'n'.repeat(100_000) } as const;
      const evidence = [{ time: 1, note: 'x'.repeat(900_000), record: 'ü'.repeat(300_000) }];
      const findings = Array.from({ length: 20_000 }, (_, number) =>
        findingNamed(`storm ${String(number)}`, { entity, evidence, summary: 's'.repeat(500_000) }),
      );
      const group = groupOf(...findings);
      const store = new DynamoDbFindings(local.client, 'findings');
      await store.record([group]);
      await store.record([group]);
      const parts = (await all()).filter(({ fingerprint }) => fingerprint === group.fingerprint);
      expect(parts).toHaveLength(3);
      expect(new Set(parts.map(({ key }) => key)).size).toBe(3);
      expect(parts.flatMap(({ ids }) => ids).toSorted()).toEqual(group.ids);
      expect(parts[0]?.speaker.evidence.length).toBeGreaterThan(0);
    });
  });

  describe('alerts', () => {
    alertStoreContract(() => new DynamoDbAlerts(local.client, 'findings'), 10);

    it('that a change returns as they were are not written', async () => {
      const alerts = new DynamoDbAlerts(local.client, 'findings');
      const alert = alertOf(findingNamed('unchanged', { entity: { kind: 'identity', id: 'unchanged', name: 'x' } }));
      await alerts.update(alert.id, () => alert);
      await alerts.update(alert.id, (known) => known ?? alert);
      const item = await raw('findings', `alert#${alert.id}`);
      expect(item).toMatchObject({ version: { N: '1' }, kind: { S: 'alert' } });
    });

    it('are stored however long their texts are', async () => {
      const alerts = new DynamoDbAlerts(local.client, 'findings');
      const long = '\u0001'.repeat(50_000);
      const evidence = Array.from({ length: 20 }, (_, time) => ({ time, note: long, record: long, eventId: long }));
      const baseline = Object.fromEntries(Array.from({ length: 60 }, (_, number) => [`${String(number)} ${long}`, long]));
      const ids = Array.from({ length: 2_000 }, (_, number) => String(number).padStart(16, '0'));
      const entity = { kind: 'identity', id: 'long', name: long } as const;
      const alert = alertOf(findingNamed('long', { entity, evidence, baseline, summary: long, links: [long, long] }), { ids });
      await alerts.update(alert.id, () => alert);
      const stored = await alerts.update(alert.id, (known) => known ?? expect.fail('not stored'));
      expect(stored.ids).toEqual(ids);
      expect(stored.speaker.evidence.map(({ time }) => time)).toEqual([15, 16, 17, 18, 19]);
    });
  });

  it('suppressions are read at most every thirty seconds, and those that cannot be read are told', async () => {
    const suppression = { id: 's1', detection: '*', cluster: 'harbour', entity: 'x', who: 'ada', why: 'a migration', until: 5 };
    const put = (id: string, document: string) =>
      local.client.send(
        new PutItemCommand({
          TableName: 'settings',
          Item: { pk: { S: settingsPartitions.suppressions }, sk: { S: id }, document: { S: document } },
        }),
      );
    const unreadable: string[] = [];
    let now = 0;
    const settings = new DynamoDbSettings(
      local.client,
      'settings',
      (id) => unreadable.push(id),
      () => now,
    );
    expect(await settings.suppressions()).toEqual([]);
    await put('s1', JSON.stringify(suppression));
    await put('s2', '{"detection":');
    now = 29_999;
    expect(await settings.suppressions()).toEqual([]);
    now = 30_000;
    expect(await settings.suppressions()).toEqual([suppression]);
    expect(unreadable).toEqual(['s2']);
  });

  describe('decisions', () => {
    const decided = { detection: 'd', cluster: 'harbour', who: 'ada', why: 'a migration', until: Date.UTC(2026, 3, 1) };
    const suppression = { id: 'w1', ...decided, entity: 'ci/*', severity: 'medium' as const };
    const limit = { id: 'w2', ...decided, limit: 5 };

    it('are written by people and read by those they are for', async () => {
      const decisions = new DynamoDbDecisions(local.client, 'settings', () => undefined);
      const read = async () => {
        const settings = new DynamoDbSettings(local.client, 'settings', () => undefined);
        const mine = ({ id }: { readonly id: string }): boolean => id.startsWith('w');
        return [(await settings.suppressions()).filter(mine), (await settings.limits()).filter(mine)];
      };
      await decisions.put(suppression);
      await decisions.put(limit);
      expect(await read()).toEqual([[suppression], [limit]]);
      expect(await raw('settings', settingsPartitions.limits, 'w2')).toMatchObject({
        expires: { N: String(Date.UTC(2026, 4, 1) / 1_000) },
      });
      await decisions.remove(suppression);
      await decisions.remove(limit);
      expect(await read()).toEqual([[], []]);
    });

    it('hold for ten minutes while the table cannot be read, then silence nothing, and each time it is told', async () => {
      await local.createTable('decided');
      await new DynamoDbDecisions(local.client, 'decided', () => undefined).put(limit);
      const told: string[] = [];
      let now = 0;
      const settings = new DynamoDbSettings(
        local.client,
        'decided',
        (id) => told.push(id),
        () => now,
      );
      expect(await settings.limits()).toEqual([limit]);
      await local.client.send(new DeleteTableCommand({ TableName: 'decided' }));
      now = 30_000;
      expect(await Promise.all([settings.limits(), settings.limits()])).toEqual([[limit], [limit]]);
      now = 59_999;
      expect(await settings.limits()).toEqual([limit]);
      expect(told).toEqual(['limits']);
      now = 600_000;
      expect(await settings.limits()).toEqual([]);
      expect(told).toEqual(['limits', 'limits']);
    });

    it('are tried on every alert there is, and nothing else in the table', async () => {
      await local.createTable('history');
      const alert = alertOf(findingNamed('of the past'));
      await new DynamoDbAlerts(local.client, 'history').update(alert.id, () => alert);
      await new DynamoDbFindings(local.client, 'history').record([groupOf(findingNamed('of the past'))]);
      let units = 0;
      const found: unknown[] = [];
      for await (const each of scanAlerts(local.client, 'history', (charged) => (units += charged))) found.push(each);
      expect(found).toEqual([alert]);
      expect(units).toBeGreaterThan(0);
    });
  });
});
