import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { cut } from '../../shared/intake/cutting.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import type { StateItem } from '../../shared/state/store.ts';
import { milliseconds } from '../simulation/clock.ts';
import { scenario } from '../simulation/scenario.ts';
import { itemsIn } from '../support/items.ts';

/**
 * Accounts that send to one hub may have clusters of one name: what one of them does must neither teach nor be counted with
 * the other. The account comes from the payload's owner, which CloudWatch Logs writes.
 */
const group = '/aws/eks/harbour/cluster';
const accounts = ['111122223333', '444455556666'] as const;
const site = siteOf({ networks: { vpc: ['10.0.0.0/16'] } });
const lines = scenario.day.audit.map(({ message, time }, position) => ({
  id: String(position),
  stream: 'kube-apiserver-audit-0a1b',
  time: milliseconds(time),
  message,
}));
const batchesOf = (account: string, of = lines) =>
  cut(of, { account, group }, 0).map(({ data }) => decodeSubscription(data, 'eu-central-1', {}));

async function worldOf(...owners: readonly string[]) {
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
  for (const owner of owners) {
    const pipeline = new Pipeline(catalogue, world);
    for (const batch of batchesOf(owner)) await pipeline.analyse(batch);
  }
  return world;
}

type World = Awaited<ReturnType<typeof worldOf>>;
const idsOf = ({ findings }: World): readonly string[] => findings.all().flatMap((each) => each.ids);

async function allItems({ state }: World): Promise<StateItem[]> {
  const all: StateItem[] = [];
  for await (const item of itemsIn(state)) all.push(item);
  return all;
}

let one: World;
let other: World;
beforeAll(async () => {
  one = await worldOf(accounts[0]);
  other = await worldOf(accounts[1]);
});

describe('two accounts with clusters of one name', () => {
  test('a payload belongs to the account that owns the log group', () => {
    for (const account of accounts)
      for (const { scope } of batchesOf(account)) expect(scope).toEqual({ cluster: 'harbour', account, region: 'eu-central-1' });
  });

  test('the same day in both finds in each what it finds alone, under ids of its own', async () => {
    const both = await worldOf(...accounts);
    expect(idsOf(one)).not.toEqual([]);
    expect(idsOf(one).filter((id) => new Set(idsOf(other)).has(id))).toEqual([]);
    expect(new Set(idsOf(both))).toEqual(new Set([...idsOf(one), ...idsOf(other)]));
  });

  test('they share no item of state but marks of its own', async () => {
    const items = new Map((await allItems(one)).map((item) => [item.key, item]));
    const shared = (await allItems(other)).filter(({ key }) => items.has(key));
    expect(items.size).toBeGreaterThan(100);
    for (const { key, sets } of shared)
      for (const [name, members] of sets) expect([...members].filter((member) => items.get(key)?.sets.get(name)?.has(member))).toEqual([]);
    expect(shared.map(({ key }) => key).sort()).toEqual(['counts-open', 'graph-open']);
  });
});
