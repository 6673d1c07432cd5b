import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Scope } from '../../shared/model/base.ts';
import { factsIn } from '../../shared/state/entity-graph/documents.ts';
import { EntityGraph } from '../../shared/state/entity-graph/graph.ts';

const nodeAddress = '{"kind":"node-address"';

/** What a store's entity graph comes to, as texts in an order of its own: payloads may tell the same in other documents. */
export function graphFactsIn(state: MemoryState, scope: Scope): readonly string[] {
  const graph = new EntityGraph(scope);
  for (const entry of state.dump())
    if ('document' in entry && entry.document.partition.startsWith('graph')) for (const fact of factsIn(entry.document)) graph.add(fact);
  const facts = [...graph.facts()].map((fact) => JSON.stringify(fact)).sort();
  // That a node's address is still in use is said now and then, to keep it: only the first moment counts.
  const first = new Map(facts.toReversed().map((fact) => [fact.startsWith(nodeAddress) ? fact.replace(/"time":\d+,/, '') : fact, fact]));
  return [...first.values()].sort();
}
