import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { noFindings } from '../../shared/adapters/memory-findings.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { batchesOf } from '../../shared/history/batches.ts';
import { questionsFor, teachable } from '../../shared/history/questions.ts';
import { rendered } from '../../shared/intake/insights-query.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { type Site, siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { cellsIn } from './counts.ts';
import { graphFactsIn } from './graph.ts';
import { meaningOf } from './meaning.ts';
import { answerTo, type StoredLine } from './insights-language.ts';
import { scope } from './records.ts';

/** What history taught, and what was listed instead. */
export interface Learnt {
  /** Members of each set of each item, sorted, by `item set`. */
  readonly memory: ReadonlyMap<string, string>;
  readonly listed: readonly Finding[];
}

/** What a state holds. */
export function memoryOf(state: MemoryState): ReadonlyMap<string, string> {
  const memory = new Map<string, string>();
  for (const entry of state.dump()) {
    // The graph and counts are what their documents come to, however a log was cut.
    if (!('merge' in entry) || entry.merge.key.startsWith('graph') || entry.merge.key.startsWith('counts-open')) continue;
    const isTally = entry.merge.key.startsWith('tally:');
    for (const [name, members] of meaningOf(entry.merge))
      if (!isTally || name === 'f') memory.set(`${entry.merge.key} ${name}`, members.join('\n'));
  }
  for (const fact of graphFactsIn(state, scope)) memory.set(`graph ${fact}`, '');
  // By counter: `window:DETECTION:… minute member`.
  for (const cell of cellsIn(state)) memory.set(cell.slice(cell.indexOf(' ') + 1), '');
  return memory;
}

const taught = teachable(catalogue);
const taughtIds: ReadonlySet<string> = new Set(taught.map(({ detection }) => detection.id));

/** Detections whose counts the answers of a log hold a part of. */
export const uncounted: readonly string[] = catalogue.map(({ detection }) => detection.id).filter((id) => !taughtIds.has(id));

/** All detections; those with a novelty also judge what has been looked at before, as each author's word is compared. */
const everybody = catalogue.map((registered) => taught.find(({ detection }) => detection.id === registered.detection.id) ?? registered);

/** What a whole log teaches as history, all detections judging; counters aside that its answers hold a part of. */
export async function learn(messages: readonly string[], site: Site = siteOf()): Promise<Learnt> {
  const { memory, listed } = await lesson(messages, site, everybody);
  const isCompared = (key: string): boolean => !uncounted.some((id) => key.startsWith(`window:${id}:`) || key.startsWith(`tally:${id}:`));
  return { memory: new Map([...memory].filter(([key]) => isCompared(key))), listed };
}

/** What lines that were asked for teach. */
export async function learnAsked(messages: readonly string[], site: Site = siteOf()): Promise<Learnt> {
  return lesson(messages, site, taught);
}

async function lesson(messages: readonly string[], site: Site, detections: typeof taught): Promise<Learnt> {
  const state = new MemoryState();
  const pipeline = new Pipeline(detections, { state, findings: noFindings, site });
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
