import { describe, expect, it, vi } from 'vitest';
import { MemoryState } from '../../../shared/adapters/memory-state.ts';
import { flowFormat } from '../../../shared/contract/logs.ts';
import type { Attribution, Forbidden } from '../../../shared/model/flow.ts';
import { flowFormatOf } from '../../../shared/model/flow-line.ts';
import { readFlow } from '../../../shared/model/normalise.ts';
import { siteOf } from '../../../shared/model/site.ts';
import { day, minute } from '../../../shared/model/time.ts';
import { PolicyBook } from '../../../shared/state/network-policies/book.ts';
import { NamespaceRecord } from '../../../shared/state/network-policies/record.ts';
import { policyFacts } from '../../../shared/state/network-policies/facts.ts';
import { recordsOf, scope } from '../../support/records.ts';
import { namespaceWritten, policyWritten, start, written } from './written.ts';

const site = siteOf({ networks: { vpc: ['10.0.0.0/16', '2001:db8:1::/56'] } });
const format = flowFormatOf(flowFormat);

/** A table that counts how often it is asked, and for how many items. */
class CountedState extends MemoryState {
  reads = 0;

  override read(keys: readonly string[]) {
    this.reads += 1;
    return super.read(keys);
  }
}

const pod = (
  name: string,
  namespace: string,
  labels?: Readonly<Record<string, string>>,
  since: number | 'unknown' = start,
): Attribution => ({
  entity: { kind: 'workload', id: name, name },
  basis: 'pod',
  namespace,
  pod: name,
  serviceAccount: '',
  node: 'node-1',
  ...(labels && { labels: new Map(Object.entries(labels)) }),
  ...(since === 'unknown' ? {} : { since }),
});
const node = (name: string): Attribution => ({ ...pod(name, ''), basis: 'node', pod: '', node: name });

const web = pod('web', 'front', { app: 'web' });
const db = pod('db', 'shop', { app: 'db' });

/** Addresses of who is known. */
const holders: Readonly<Record<string, Attribution>> = {
  '10.0.1.1': web,
  '10.0.1.2': db,
  '10.0.1.3': pod('api', 'shop', { app: 'api' }),
  '10.0.1.4': pod('bare', 'front'),
  '10.0.1.5': pod('new', 'front', { app: 'web' }, start + day - minute),
  '10.0.1.6': pod('ageless', 'front', { app: 'web' }, 'unknown'),
  '10.0.2.1': node('node-1'),
  '10.0.2.2': node('node-2'),
  '2001:db8:1::1': web,
  '2001:db8:1::2': db,
};

interface Call {
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly protocol?: number;
  readonly answered?: boolean;
  readonly rejected?: boolean;
  readonly flags?: number;
  readonly at?: number;
}

function linesOf({ from, to, port = 5432, protocol = 6, answered = true, rejected = false, flags = 3, at = start + day }: Call): string[] {
  const line = (source: string, target: string, ports: string, bits: number, direction: string) =>
    `5 111122223333 eni-1 ${source} ${target} ${ports} ${String(protocol)} 7 5120 ${String(at / 1000)} ${String(at / 1000 + 30)} ${rejected ? 'REJECT' : 'ACCEPT'} OK vpc-1 subnet-1 - ${String(bits)} IPv4 ${source} ${target} az - - ${direction} -`;
  const call = line(from, to, `40000 ${String(port)}`, flags, 'egress');
  return answered ? [call, line(to, from, `${String(port)} 40000`, protocol === 6 ? 19 : 0, 'ingress')] : [call];
}

/** Runs calls through a book, as one payload; says for each conversation what forbids it. */
async function judged(book: PolicyBook, calls: readonly Call[]): Promise<(Forbidden | undefined)[]> {
  const { traffic } = readFlow(recordsOf(calls.flatMap(linesOf)), format, scope, site);
  for (const event of traffic.events) event.attribute(holders[event.initiator.address], holders[event.responder.address]);
  await book.refresh(traffic.events);
  await book.attribute(traffic);
  return traffic.events.map(({ forbidden }) => forbidden);
}

const closed = { podSelector: {}, policyTypes: ['Ingress'] };
const fromApi = {
  podSelector: { matchLabels: { app: 'db' } },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'api' } } }] }],
};
const inside = {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/16' } }, { ipBlock: { cidr: '2001:db8::/32', except: ['2001:db8:ff::/48'] } }] }],
};
const born = (name: string) => namespaceWritten(start - minute, name, { team: name });
const usual = [
  born('shop'),
  born('front'),
  policyWritten(start, 'closed', closed),
  policyWritten(start, 'from-api', fromApi),
  policyWritten(start, 'inside', inside, 'front'),
];

async function bookOf(
  events: readonly Parameters<typeof policyFacts>[0][] = usual,
  known: readonly string[] = [],
): Promise<{ state: CountedState; book: PolicyBook }> {
  const state = new CountedState();
  for (const event of events) await state.merge(policyFacts(event));
  return { state, book: new PolicyBook(state, siteOf({ policiesKnown: known })) };
}

const shopCloses = { end: 'responder', policies: ['shop/closed', 'shop/from-api'] };
const frontCloses = { end: 'initiator', policies: ['front/inside'] };
const webToDb: Call = { from: '10.0.1.1', to: '10.0.1.2' };

describe('traffic held against policies', () => {
  it.each<[string, Call, unknown]>([
    ['a call that is answered although its pods are closed to it', webToDb, shopCloses],
    ['the same over IPv6', { from: '2001:db8:1::1', to: '2001:db8:1::2' }, shopCloses],
    ['a call that the pods are open to', { from: '10.0.1.3', to: '10.0.1.2' }, undefined],
    ['a call that nobody answered: it was kept from the pod', { ...webToDb, answered: false }, undefined],
    ['what leaves a pod that is closed, answered or not', { from: '10.0.1.1', to: '203.0.113.9', answered: false }, frontCloses],
    ['what leaves it to an excepted range', { from: '2001:db8:1::1', to: '2001:db8:ff::9', port: 443 }, frontCloses],
    ['what leaves it to the rest of that range', { from: '2001:db8:1::1', to: '2001:db8:fe::9', port: 443 }, undefined],
    ['what a security group refused', { from: '10.0.1.1', to: '203.0.113.9', rejected: true, answered: false }, undefined],
    ['a caller outside', { from: '203.0.113.9', to: '10.0.1.2' }, shopCloses],
    ['a node, which probes and forwards', { from: '10.0.2.2', to: '10.0.1.2' }, undefined],
    ['an address of the VPC that nobody has', { from: '10.0.9.9', to: '10.0.1.2' }, undefined],
    ['a pod of unknown labels', { from: '10.0.1.4', to: '10.0.1.2' }, undefined],
    ['a pod that was just made', { from: '10.0.1.5', to: '10.0.1.2' }, undefined],
    ['a pod of unknown age', { from: '10.0.1.6', to: '10.0.1.2' }, undefined],
    ['a connection that was begun before', { ...webToDb, flags: 0 }, undefined],
    [
      'a question to a resolver outside',
      { from: '10.0.1.1', to: '203.0.113.53', protocol: 17, port: 53, answered: false, flags: 0 },
      frontCloses,
    ],
    [
      'clocks, of which nobody knows who asked',
      { from: '10.0.1.1', to: '203.0.113.53', protocol: 17, port: 123, answered: false, flags: 0 },
      undefined,
    ],
    [
      'protocols that policies do not know',
      { from: '10.0.1.1', to: '203.0.113.9', protocol: 1, port: 0, answered: false, flags: 0 },
      undefined,
    ],
  ])('is told or not: %s', async (_, call, expected) => {
    const { book } = await bookOf();
    expect(await judged(book, [call])).toEqual([expected]);
  });

  it('is judged by the policies of its time, whichever were applied within a quarter of an hour before', async () => {
    const change = start + day;
    const deny = (at: number) => policyWritten(at, 'late', closed, 'shop', 2);
    const at = async (events: readonly Parameters<typeof policyFacts>[0][], time: number) =>
      judged((await bookOf([born('shop'), born('front'), ...events])).book, [{ ...webToDb, at: time }]);
    expect(await at([deny(change)], change + 14 * minute)).toEqual([undefined]);
    expect(await at([deny(change)], change + 16 * minute)).toEqual([{ end: 'responder', policies: ['shop/late'] }]);
    const gone = [deny(start), policyWritten(change, 'late')];
    expect(await at(gone, change - 3 * minute)).toEqual([{ end: 'responder', policies: ['shop/late'] }]);
    expect(await at(gone, change - minute)).toEqual([undefined]);
    expect(await at(gone, change + day)).toEqual([undefined]);
    // Touching a policy again and again does not keep it from counting.
    const touched = Array.from({ length: 5 }, (__, turn) => policyWritten(change - turn * minute, 'late', closed, 'shop', turn + 2));
    expect(await at([deny(start), ...touched], change)).toEqual([{ end: 'responder', policies: ['shop/late'] }]);
  });

  it('is not judged where policies may be older than what was read, unless the operator says that none are', async () => {
    const events = [born('front'), policyWritten(start, 'closed', closed), policyWritten(start, 'from-api', fromApi)];
    expect(await judged((await bookOf(events)).book, [webToDb])).toEqual([undefined]);
    expect(await judged((await bookOf(events, ['front'])).book, [webToDb])).toEqual([undefined]);
    expect(await judged((await bookOf(events, ['shop'])).book, [webToDb])).toEqual([shopCloses]);
    expect(await judged((await bookOf(events, ['*'])).book, [webToDb])).toEqual([shopCloses]);
  });

  it('is not judged beside policies whose content is not logged', async () => {
    const other = (resource: string, namespace: string) =>
      written({ at: start, id: resource, resource, namespace, verb: 'create', response: {} }, 'cilium.io');
    expect(await judged((await bookOf([...usual, other('ciliumnetworkpolicies', 'shop')])).book, [webToDb])).toEqual([undefined]);
    expect(await judged((await bookOf([...usual, other('ciliumnetworkpolicies', 'front')])).book, [webToDb])).toEqual([shopCloses]);
    expect(await judged((await bookOf([...usual, other('networkpolicies', 'shop')])).book, [webToDb])).toEqual([undefined]);
    expect(await judged((await bookOf([...usual, other('clusternetworkpolicies', '')])).book, [webToDb])).toEqual([undefined]);
  });

  it('is looked up again before anybody is told, so that a way opened a moment ago is open', async () => {
    const { state, book } = await bookOf();
    await judged(book, [{ ...webToDb, at: start + day - 4 * minute }]);
    const open = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] };
    await state.merge(policyFacts(policyWritten(start + day - minute, 'opened', open)));
    expect(await judged(book, [webToDb])).toEqual([undefined]);
  });

  it('costs a cluster without policies one read in five minutes, and nothing per conversation', async () => {
    const { state, book } = await bookOf([born('shop'), born('front')]);
    for (let turn = 0; turn < 10; turn += 1) await judged(book, [{ ...webToDb, at: start + day + turn * minute }]);
    expect(state.reads).toBe(2);
  });

  it('is judged once in half an hour while no policy changes', async () => {
    const { book } = await bookOf();
    const allowed: Call = { from: '10.0.1.3', to: '10.0.1.2' };
    await judged(book, [allowed]);
    const judging = vi.spyOn(NamespaceRecord.prototype, 'stateAt');
    for (let turn = 1; turn < 30; turn += 1) await judged(book, [{ ...allowed, at: start + day + turn * minute }]);
    expect(judging).not.toHaveBeenCalled();
    await judged(book, [{ ...allowed, at: start + day + 30 * minute }]);
    expect(judging).toHaveBeenCalled();
    judging.mockRestore();
  });

  it('is judged anew when a policy changed, once the change is applied', async () => {
    const { state, book } = await bookOf();
    const call: Call = { from: '10.0.1.3', to: '10.0.1.2' };
    await judged(book, [call]);
    await state.merge(policyFacts(policyWritten(start + day + minute, 'from-api', closed, 'shop', 2)));
    expect(await judged(book, [{ ...call, at: start + day + 10 * minute }])).toEqual([undefined]);
    expect(await judged(book, [{ ...call, at: start + day + 20 * minute }])).toEqual([shopCloses]);
  });

  it('costs two reads in five minutes where policies allow it', async () => {
    const { state, book } = await bookOf();
    const allowed: Call = { from: '10.0.1.3', to: '10.0.1.2' };
    for (let turn = 0; turn < 5; turn += 1) await judged(book, [{ ...allowed, at: start + day + turn * minute }]);
    expect(state.reads).toBe(2);
    for (let turn = 5; turn < 10; turn += 1) await judged(book, [{ ...allowed, at: start + day + turn * minute }]);
    expect(state.reads).toBe(3);
  });
});
