import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Scope } from '../../shared/model/base.ts';
import { factsIn } from '../../shared/state/entity-graph/documents.ts';
import { EntityGraph } from '../../shared/state/entity-graph/graph.ts';

/** What a store's entity graph comes to, as texts in an order of its own: payloads may tell the same in other documents. */
export function graphFactsIn(state: MemoryState, scope: Scope): readonly string[] {
  const graph = new EntityGraph(scope);
  for (const entry of state.dump())
    if ('document' in entry && entry.document.partition.startsWith('graph')) for (const fact of factsIn(entry.document)) graph.add(fact);
  return [...graph.facts()].map((fact) => JSON.stringify(fact)).sort();
}
