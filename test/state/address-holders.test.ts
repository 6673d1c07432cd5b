import { expect, test } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import { readFlow } from '../../shared/model/normalise.ts';
import { siteOf } from '../../shared/model/site.ts';
import { changesOf } from '../../shared/state/entity-graph/documents.ts';
import { AddressHolders } from '../../shared/state/entity-graph/holders.ts';
import { markOf } from '../../shared/state/entity-graph/marks.ts';
import { recordsOf, scope } from '../support/records.ts';

/** Whose traffic it is, and how sure that is. */

const start = Date.UTC(2026, 2, 10, 2);
const site = siteOf({ networks: { vpc: ['fd00::/8'], named: { 'nat-a': '10.0.9.0/28' } } });
const seconds = String(start / 1000);

const line = (from: string, to: string, ports: string): string =>
  `2 111122223333 eni-0a ${from} ${to} ${ports} 6 3 600 ${seconds} ${seconds} ACCEPT OK`;

async function attributed(...lines: readonly string[]) {
  const state = new MemoryState();
  const pod = { kind: 'pod', uid: 'a', time: start, namespace: 'shop', name: 'cart-1', owner: 'Deployment', ownerName: 'cart' } as const;
  const { stretch, documents } = changesOf(
    scope,
    [
      { ...pod, serviceAccount: 'cart', role: '' },
      { kind: 'pod-address', uid: 'a', time: start, address: '10.0.1.5' },
      { kind: 'pod-address', uid: 'a', time: start, address: 'fd00::5' },
      { kind: 'node-address', node: 'ip-10-0-1-9', time: start, address: '10.0.1.9' },
    ],
    start,
  );
  await state.put(documents);
  await state.merge([markOf(stretch)]);
  const { traffic } = readFlow(recordsOf(lines), flowFormatOf(defaultFields), scope, site);
  const hits = await new AddressHolders(state).attribute(scope, traffic);
  return { traffic, hits };
}

const defaultFields = 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

test('senders are a pod, a node with all that hides behind it, a gateway that people named, or an address', async () => {
  const senders = ['10.0.1.5', 'fd00::5', '10.0.1.9', '10.0.9.3', '10.0.7.7'];
  const { traffic, hits } = await attributed(...senders.map((address) => line(address, '203.0.113.9', '40000 443')));
  expect(traffic.events.map(({ from: { basis, entity } }) => `${basis} ${entity.name}`)).toEqual([
    'pod shop/deployment/cart',
    'pod shop/deployment/cart',
    'node ip-10-0-1-9',
    'gateway nat-a',
    'interface 10.0.7.7',
  ]);
  expect(hits).toEqual({ asked: 5, named: 4 });
});

test('what comes back belongs to who called, and makes no conversation', async () => {
  const { traffic, hits } = await attributed(line('203.0.113.9', '10.0.1.5', '443 40000'));
  expect(traffic.events).toEqual([]);
  expect(traffic.replies.map(({ from, bytes }) => `${from.entity.name} ${String(bytes)}`)).toEqual(['shop/deployment/cart 600']);
  expect(hits).toEqual({ asked: 0, named: 0 });
});
