import type { Deployed } from '../contract/deployed.ts';
import { type Gap, gapKind } from '../model/coverage.ts';
import { object, parseJson, text } from '../model/json.ts';
import { day, iso, minute } from '../model/time.ts';
import type { StateDocument, StateStore } from '../state/store.ts';
import { advance, type BlindInterval, blindPartition, intervalDocument, intervalIn } from './blind.ts';
import type { Facts } from './facts.ts';
import { judge } from './judge.ts';
import type { Note } from './gap.ts';
import { type LastHeard, listen } from './listening.ts';
import { newDigests, type KnownDigests } from './own.ts';

/** What one check came to. */
export interface Checked {
  readonly gaps: readonly Gap[];
  readonly notes: readonly Note[];
  /** Gaps that this check opened or closed: lines for the pipeline. */
  readonly lines: readonly string[];
  /** What is to be kept, once the lines are judged: tell first, learn last. */
  keep(): Promise<void>;
  /** When each source was last heard. */
  readonly heard: readonly LastHeard[];
}

/** Sort keys of what is not an interval. */
const checkSort = 'check';
const digestSort = 'digest ';
const keptFor = 400 * day;

/** Calls that come in quick succession start one check. */
const soonest = minute;

/** Whether something that happened at a time has to be looked at still: no check came after it, nor just before. */
export async function isDue(deployed: Deployed, time: number, state: StateStore): Promise<boolean> {
  return time - lastCheckIn(await state.list(blindPartition(deployed)), 0) >= soonest;
}

function lastCheckIn(documents: readonly StateDocument[], otherwise: number): number {
  return Number(documents.find(({ sort }) => sort === checkSort)?.document ?? otherwise);
}

/** Looks at everything there is to see, and at what is heard of it, and compares with what is known. */
export async function check(facts: Facts, deployed: Deployed, time: number, state: StateStore): Promise<Checked> {
  const documents = await state.list(blindPartition(deployed));
  const known = documents.flatMap((document) => intervalIn(document) ?? []);
  const lastCheck = lastCheckIn(documents, time);
  const digests: KnownDigests = new Map(
    documents.flatMap(({ sort, document }) =>
      sort.startsWith(digestSort) ? [[sort.slice(digestSort.length), digestIn(document)] as const] : [],
    ),
  );
  const judged = judge(facts, deployed, digests, time);
  const { heard, gaps: silent } = await listen(facts, { deployed, time, intervals: known, gaps: judged.gaps }, state);
  const gaps = [...judged.gaps, ...silent];
  const { opened, closed, changed } = advance(known, gaps, time, lastCheck);
  return {
    gaps,
    notes: judged.notes,
    heard,
    lines: [...opened, ...closed].map((interval) => lineOf(interval, deployed, time)),
    keep: async () => {
      const partition = blindPartition(deployed);
      const fresh = [...newDigests(facts.own, deployed, digests)].map(([code, digest]) => ({
        partition,
        sort: `${digestSort}${code}`,
        document: JSON.stringify({ digest }),
        expires: time + keptFor,
      }));
      const checked = { partition, sort: checkSort, document: String(time), expires: time + keptFor, generation: time };
      await state.put([...changed.map((interval) => intervalDocument(deployed, interval, time)), ...fresh, checked]);
    },
  };
}

function digestIn(document: string): string {
  return text(object(parseJson(document))?.['digest']) ?? '';
}

/** A gap, or its end, as a line that the pipeline reads. */
function lineOf(
  { id, cluster, source, subject, status, why, fix, explained, from, until, open }: BlindInterval,
  { account, region }: Deployed,
  time: number,
): string {
  const where = { account, region, cluster, source, subject };
  const when = { time: iso(time), since: iso(from), ...(open ? {} : { until: iso(until) }) };
  return JSON.stringify({ kind: gapKind, ...when, gap: id, ...where, status, why, fix, explained });
}
