import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { changesOf, factsIn, snapshotOf, stretchOf } from '../../shared/state/entity-graph/documents.ts';
import type { Fact } from '../../shared/state/entity-graph/facts.ts';
import { foldGraphs } from '../../shared/state/entity-graph/folding.ts';
import { EntityGraph } from '../../shared/state/entity-graph/graph.ts';
import { AddressHolders } from '../../shared/state/entity-graph/holders.ts';
import { lateMarkOf, markOf } from '../../shared/state/entity-graph/marks.ts';

const scope = { account: '111122223333', region: 'eu-central-1', cluster: 'quay' };
const start = Date.UTC(2026, 3, 1, 10);

const pod = (uid: string, time: number, ownerName = uid): Fact => ({
  ...{ kind: 'pod', uid, time, namespace: 'shop', name: `${uid}-1`, owner: 'Deployment', ownerName },
  ...{ serviceAccount: 'cart', role: '' },
});

function graphOf(facts: Iterable<Fact>): EntityGraph {
  const graph = new EntityGraph(scope);
  for (const fact of facts) graph.add(fact);
  return graph;
}

const holderIn = (graph: EntityGraph, address: string, time: number): string | undefined => graph.holderOf(address, time)?.entity.name;

const uids = ['a', 'b', 'c'];
const addresses = ['10.0.0.1', '10.0.0.2', '2001:db8::1'];
const nodes = ['ip-10-0-0-9', 'ip-10-0-0-8'];
const times = fc.integer({ min: 0, max: 40 }).map((step) => start + step * 20_000);

const anyFact: fc.Arbitrary<Fact> = fc
  .record({
    uid: fc.constantFrom(...uids),
    node: fc.constantFrom(...nodes),
    address: fc.constantFrom(...addresses),
    time: times,
    kind: fc.constantFrom('pod', 'labels', 'placed', 'pod-address', 'pod-ended', 'node-address', 'node-instance', 'node-ended'),
    word: fc.constantFrom('x', 'y'),
  })
  .map(({ uid, node, address, time, kind, word }): Fact => {
    if (kind === 'pod') return pod(uid, time, word);
    if (kind === 'labels') return { kind, uid, time, labels: { tier: word } };
    if (kind === 'placed') return { kind, uid, time, node };
    if (kind === 'pod-address') return { kind, uid, time, address };
    if (kind === 'pod-ended') return { kind, uid, time };
    if (kind === 'node-address') return { kind, node, time, address };
    if (kind === 'node-instance') return { kind, node, time, instance: `i-${word}` };
    return { kind: 'node-ended', node, time };
  });

/** Everything that anybody can ask of a graph. */
function answers(graph: EntityGraph): unknown {
  const moments = Array.from({ length: 21 }, (_, step) => start + step * 40_000);
  return {
    holders: addresses.map((address) =>
      moments.map((time) => {
        const { labels, ...others } = graph.holderOf(address, time) ?? {};
        return { ...others, labels: [...(labels ?? [])] };
      }),
    ),
    homes: [...uids.map((uid) => graph.homeOfPod(uid)), ...nodes.map((node) => graph.homeOfNode(node))].map(
      (home) => home && { owner: home.owner, home: [...home.home].sort(), instances: [...home.instances].sort() },
    ),
  };
}

describe('the entity graph is a join of facts', () => {
  it('which order and repetition do not change', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyFact, { maxLength: 40 })
          .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }))),
        ([facts, shuffled]) => {
          expect(answers(graphOf(shuffled))).toEqual(answers(graphOf(facts)));
        },
      ),
    );
  });

  it('which a snapshot keeps', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 40 }), (facts) => {
        const snapshot = snapshotOf({ scope, number: 1 }, graphOf(facts).facts(), 0);
        expect(answers(graphOf(snapshot.flatMap(factsIn)))).toEqual(answers(graphOf(facts)));
      }),
    );
  });
});

describe('an address', () => {
  const first = [pod('old', start), { kind: 'pod-address', uid: 'old', time: start, address: '10.0.0.1' } as const];

  it('is the pod’s that had it when the traffic flowed, though another has it half a minute later', () => {
    const end = start + 10 * minute;
    const graph = graphOf([
      ...first,
      { kind: 'pod-ended', uid: 'old', time: end },
      pod('new', end + 30_000),
      { kind: 'pod-address', uid: 'new', time: end + 30_000, address: '10.0.0.1' },
    ]);
    expect(holderIn(graph, '10.0.0.1', end - 5 * minute)).toBe('shop/deployment/old');
    expect(holderIn(graph, '10.0.0.1', end - minute)).toBe('shop/deployment/old');
    expect(holderIn(graph, '10.0.0.1', end + minute)).toBe('shop/deployment/new');
  });

  it('is nobody’s long before its first mention, and long after its holder ended', () => {
    const graph = graphOf([...first, { kind: 'pod-ended', uid: 'old', time: start + hour }]);
    expect(holderIn(graph, '10.0.0.1', start - 5 * minute)).toBeUndefined();
    expect(holderIn(graph, '10.0.0.1', start - 2 * minute)).toBe('shop/deployment/old');
    expect(holderIn(graph, '10.0.0.1', start + hour + 2 * minute)).toBe('shop/deployment/old');
    expect(holderIn(graph, '10.0.0.1', start + hour + 5 * minute)).toBeUndefined();
  });

  it('is the node’s where a pod runs on the host network, though its report tells its address alone', () => {
    const address = '10.0.0.9';
    const onHost: Fact[] = [
      { kind: 'node-address', node: 'ip-10-0-0-9', time: start, address },
      pod('agent', start),
      { kind: 'placed', uid: 'agent', time: start, node: 'ip-10-0-0-9' },
      { kind: 'pod-address', uid: 'agent', time: start + minute, address },
    ];
    expect(holderIn(graphOf(onHost), address, start + 2 * minute)).toBe('ip-10-0-0-9');
  });

  it('is a node’s again when a machine of the same name comes after one that is gone', () => {
    const graph = graphOf([
      { kind: 'node-address', node: 'ip-10-0-0-9', time: start, address: '10.0.0.9' },
      { kind: 'node-ended', node: 'ip-10-0-0-9', time: start + hour },
    ]);
    expect(holderIn(graph, '10.0.0.9', start + 2 * hour)).toBeUndefined();
    graph.add({ kind: 'node-address', node: 'ip-10-0-0-9', time: start + 2 * hour, address: '10.0.0.9' });
    expect(holderIn(graph, '10.0.0.9', start + 3 * hour)).toBe('ip-10-0-0-9');
  });
});

it('a pod has the labels of the time that is asked for', () => {
  const graph = graphOf([
    pod('a', start),
    { kind: 'pod-address', uid: 'a', time: start, address: '10.0.0.1' },
    { kind: 'labels', uid: 'a', time: start, labels: { tier: 'front' } },
    { kind: 'labels', uid: 'a', time: start + hour, labels: { tier: 'back' } },
  ]);
  expect(graph.holderOf('10.0.0.1', start + 10 * minute)?.labels?.get('tier')).toBe('front');
  expect(graph.holderOf('10.0.0.1', start + 2 * hour)?.labels?.get('tier')).toBe('back');
});

describe('a process that reads the graph from the table', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('tell' as const), facts: fc.array(anyFact, { minLength: 1, maxLength: 5 }), late: fc.boolean() }),
      fc.record({ do: fc.constant('fold' as const), watermark: fc.integer({ min: 0, max: 5 }) }),
    ),
    { maxLength: 12 },
  );

  it('knows all that was told, however it was cut into payloads and whatever was folded meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const state = new MemoryState();
        const told: Fact[] = [];
        let time = 0;
        for (const step of history) {
          time += 1;
          if (step.do === 'fold') {
            const watermark = (stretchOf(start) + step.watermark) * 4 * hour;
            await foldGraphs({ time, watermark }, state);
          } else {
            const facts = step.facts.map((fact) => ({ ...fact, time: start + (fact.time - start) * 80 }));
            const newest = Math.max(...facts.map((fact) => fact.time));
            const { stretch, documents } = changesOf(scope, facts, newest);
            await state.put(documents);
            // Folded meanwhile or not: a payload that comes then is late, and says so by a mark of its own.
            await state.merge([markOf(stretch), ...documents.map(({ sort }) => lateMarkOf(stretch, sort))]);
            told.push(...facts);
          }
        }
        const end = start + 20 * hour;
        const graph = await new AddressHolders(state).graphAt(scope, end);
        // What ended long before the end of its stretch is forgotten by folding: nobody asks for it any more.
        const live = graphOf(told);
        live.forgetBefore(end);
        graph.forgetBefore(end);
        if (!history.some((step) => step.do === 'fold')) expect(answers(graph)).toEqual(answers(live));
        const ended = new Set(told.flatMap((fact) => (fact.kind === 'pod-ended' ? fact.uid : fact.kind === 'node-ended' ? fact.node : [])));
        // What is told of a node after its end begins another one, whose past may have been forgotten.
        const alive = uids.filter((uid) => !ended.has(uid) && !nodes.some((node) => ended.has(node)));
        expect(alive.map((uid) => graph.homeOfPod(uid))).toEqual(alive.map((uid) => live.homeOfPod(uid)));
      }),
    );
  });

  it('reads on from where it was, and sees what came late', async () => {
    const state = new MemoryState();
    const tell = async (facts: Fact[], newest: number): Promise<void> => {
      const { stretch, documents } = changesOf(scope, facts, newest);
      await state.put(documents);
      await state.merge([markOf(stretch)]);
    };
    const holders = new AddressHolders(state);
    await tell([pod('a', start), { kind: 'pod-address', uid: 'a', time: start, address: '10.0.0.1' }], start);
    expect(holderIn(await holders.graphAt(scope, start), '10.0.0.1', start)).toBe('shop/deployment/a');
    await tell([pod('b', start), { kind: 'pod-address', uid: 'b', time: start, address: '10.0.0.2' }], start);
    expect(holderIn(await holders.graphAt(scope, start + 30_000), '10.0.0.2', start)).toBeUndefined();
    expect(holderIn(await holders.graphAt(scope, start + 2 * minute), '10.0.0.2', start)).toBe('shop/deployment/b');
    await tell([pod('c', start), { kind: 'pod-address', uid: 'c', time: start, address: '2001:db8::1' }], start + minute);
    expect(holderIn(await holders.graphAt(scope, start + 12 * minute), '2001:db8::1', start)).toBe('shop/deployment/c');
    // After a silence it begins again.
    expect(holderIn(await holders.graphAt(scope, start + 3 * day), '10.0.0.1', start + 3 * day)).toBe('shop/deployment/a');
  });

  it('is read anew when what is asked for comes near the newest that was read, and soon where that is far ahead', async () => {
    const state = new MemoryState();
    const lists: number[] = [];
    let now = start;
    const list = (...of: Parameters<MemoryState['list']>) => {
      lists.push((now - start) / minute);
      return state.list(...of);
    };
    const holders = new AddressHolders({ read: state.read.bind(state), list });
    const readsAt = async (...minutes: number[]): Promise<readonly number[]> => {
      lists.length = 0;
      for (const each of minutes) await holders.graphAt(scope, (now = start + each * minute));
      return lists;
    };
    const tell = (at: number) => state.put(changesOf(scope, [pod(`at-${String(at)}`, at)], at).documents);
    await tell(start + 6 * minute);
    // The audit log is six minutes ahead: of what is two minutes old nothing is under way.
    expect(await readsAt(0, 1, 2, 3, 4)).toEqual([0]);
    expect(await readsAt(5, 6, 7)).toEqual([5, 6, 7]);
    await tell(start + hour);
    expect(await readsAt(8, 23, 24, 39, 40)).toEqual([8, 24, 40]);
  });
});
