import type { MemoryState } from '../../../shared/adapters/memory-state.ts';
import { candidatesIn, quarantineOf } from '../../../shared/triage/quarantine.ts';

/** Keys of what triage keeps beside the memories: what alerts withhold, and which of them may join by themselves. */
const triages: ReadonlySet<string> = new Set(['quarantine', 'novelty']);

/** Whether an item is triage's own: it holds what the findings of alerts withhold, and the memories hold none of it. */
export function isWaiting(key: string): boolean {
  return triages.has(key.slice(0, key.indexOf(':')));
}

/**
 * What waits with each alert, as texts. That an alert is in an incident counts, and not in which one: the incident is
 * called after the first step that was known when the last one came, which order may change.
 */
export async function waitingIn(state: MemoryState): Promise<ReadonlySet<string>> {
  const keys = [...state.dump()].flatMap((entry) => ('merge' in entry && isWaiting(entry.merge.key) ? [entry.merge.key] : []));
  const items = await state.read(keys);
  const texts = keys.flatMap((key) => {
    const [kind, name = ''] = key.split(':');
    if (kind === 'novelty') return candidatesIn(items.get(key)).map((id) => `${id} may join, seen on day ${name}`);
    const { observations, inIncident } = quarantineOf(name, items);
    return [
      ...observations.map((each) => `${name} withholds ${JSON.stringify(each)}`),
      ...(inIncident ? [`${name} is in an incident`] : []),
    ];
  });
  return new Set(texts);
}
