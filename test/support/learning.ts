import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { noFindings } from '../../shared/adapters/memory-findings.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { batchesOf } from '../../shared/history/batches.ts';
import { questionsFor } from '../../shared/history/questions.ts';
import { rendered } from '../../shared/intake/insights-query.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { type Site, siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { answerTo, type StoredLine } from './insights-language.ts';
import { scope } from './records.ts';

/** What history taught, and what was listed instead. */
export interface Learnt {
  /** Members of each set of each item, sorted, by `item set`. */
  readonly memory: ReadonlyMap<string, string>;
  readonly listed: readonly Finding[];
}

/**
 * Counters of thresholds without a profile: what they count is judged against a ceiling within the hour, and a history
 * that raises nothing has no use for them.
 */
const forgetful: ReadonlySet<string> = new Set(
  catalogue.flatMap(({ detection }) => (detection.shape === 'threshold' && detection.limit.profile === undefined ? [detection.id] : [])),
);

/** What a state holds, counters without a use in history aside. */
export function memoryOf(state: MemoryState): ReadonlyMap<string, string> {
  const memory = new Map<string, string>();
  for (const entry of state.dump()) {
    if (!('merge' in entry)) continue;
    const [kind, id = ''] = entry.merge.key.split(':');
    if (kind === 'window' && forgetful.has(id)) continue;
    for (const [name, members] of Object.entries(entry.merge.sets))
      memory.set(`${entry.merge.key} ${name}`, [...members].sort().join('\n'));
  }
  return memory;
}

/** What lines teach as history. */
export async function learn(messages: readonly string[], site: Site = siteOf()): Promise<Learnt> {
  const state = new MemoryState();
  const pipeline = new Pipeline(catalogue, { state, findings: noFindings, site });
  const listed: Finding[] = [];
  const records = messages.map((message, position) => ({ id: String(position), message }));
  for (const batch of batchesOf(records, scope, 'history')) listed.push(...(await pipeline.analyse(batch, 'history')).findings);
  return { memory: memoryOf(state), listed };
}

const { whole, habits } = questionsFor(catalogue);

/** The lines that the questions ask for, of all of a log. */
export function askedOf(lines: readonly StoredLine[]): string[] {
  const answers = [whole, habits].flatMap((question) => answerTo(rendered(question), lines));
  return answers.map((row) => row['@message'] ?? row['line'] ?? '');
}

/** Sets that differ, each with what the one has and the other lacks. */
export function differences(one: Learnt['memory'], other: Learnt['memory']): Record<string, readonly [string, string]> {
  const keys = new Set([...one.keys(), ...other.keys()]);
  const differing = [...keys].filter((key) => one.get(key) !== other.get(key));
  return Object.fromEntries(differing.map((key) => [key, [one.get(key) ?? '', other.get(key) ?? ''] as const]));
}
