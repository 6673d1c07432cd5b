import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attributes, writeAll } from '../../shared/adapters/dynamodb-batch.ts';
import { expiryOf, keyAttributes, setAttribute } from '../../shared/adapters/dynamodb-item.ts';
import { DynamoDbState } from '../../shared/adapters/dynamodb-state.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { day } from '../../shared/model/time.ts';
import { planRecomputation, recompute, recomputeShard, shardsOfTable } from '../../shared/state/recompute.ts';
import { keyAt, type Merge } from '../../shared/state/store.ts';
import { stateTable } from '../bench/state-table.ts';
import { describeWithDynamoDb, LocalDynamoDb } from '../support/dynamodb.ts';

const now = Date.parse('2026-03-30T02:30:00Z');
const keys = 10_000;

describeWithDynamoDb('recomputation on DynamoDB', () => {
  let local: LocalDynamoDb;
  const merges: Merge[] = [];

  beforeAll(async () => {
    local = await LocalDynamoDb.start();
    await local.createTable('state');
    const items: Attributes[] = [];
    for (const { partition, sort, sets } of stateTable(catalogue, keys, 'local', now)({ segment: 0, of: 1 })) {
      if (sets === undefined) continue;
      const members = Object.fromEntries([...sets].map(([name, some]) => [name, [...some]]));
      merges.push({ key: keyAt(partition, sort), sets: members, expires: now + day, cap: 1_000 });
      items.push({
        ...keyAttributes({ partition, sort }),
        expires: { N: String(expiryOf(now + day)) },
        ...Object.fromEntries(Object.entries(members).map(([name, some]) => [setAttribute(name), { SS: some }])),
      });
    }
    await writeAll(local.client, 'state', items);
  });
  afterAll(() => {
    local.stop();
  });

  it('of ten thousand keys, shard by shard and in pieces, makes the profiles that memory makes in one piece', async () => {
    const memory = new MemoryState();
    await memory.merge(merges);
    const expected = await recompute(catalogue, now, memory);

    const overflows: unknown[] = [];
    const state = new DynamoDbState(local.client, 'state', (what) => overflows.push(what));
    const queue = planRecomputation(now, shardsOfTable);
    let profiles = 0;
    let parents = 0;
    let resumed = 0;
    for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
      // A look at the clock for every item: each shard is cut in two or three.
      let looks = 500;
      const done = await recomputeShard(catalogue, order, state, () => (order.from === undefined && looks-- <= 0 ? 0 : Infinity));
      profiles += done.profiles;
      parents += done.parents ?? 0;
      if (done.rest === undefined) continue;
      queue.push(done.rest);
      resumed += 1;
    }
    expect(resumed).toBeGreaterThan(shardsOfTable / 2);
    expect({ profiles, parents }).toEqual({ profiles: expected.profiles, parents: expected.parents });

    const made = [...memory.dump()].flatMap((entry) =>
      'document' in entry && !entry.document.partition.startsWith('recompute:') ? [entry.document] : [],
    );
    expect(made).toHaveLength(expected.profiles + expected.parents);
    const stored = await state.read(
      made.map(({ partition }) => partition),
      'strong',
    );
    for (const { partition, document } of made) expect(stored.get(partition)?.document).toBe(document);
    expect(overflows).toEqual([]);
  });
});
