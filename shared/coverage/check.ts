import type { Deployed } from '../contract.ts';
import { type Gap, gapKind } from '../model/coverage.ts';
import { object, parseJson, text } from '../model/json.ts';
import { day, iso, minute } from '../model/time.ts';
import type { StateDocument, StateStore } from '../state/store.ts';
import { advance, type BlindInterval, blindPartition, intervalDocument, intervalIn } from './blind.ts';
import type { Facts } from './facts.ts';
import { watchedClusters } from './clusters.ts';
import { judge } from './judge.ts';
import type { Note } from './gap.ts';
import { newDigests, type KnownDigests } from './own.ts';
import { type Audible, heardIn, heardKeys, quarter, silenceOf } from './silence.ts';

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

/** When records of a source were last taken in. */
export interface LastHeard {
  readonly cluster: string;
  readonly source: Audible;
  /** The end of the last quarter of an hour with any; absent where there was none for days. */
  readonly at?: number;
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
  const { heard, gaps: silent } = await listen(facts, deployed, time, state, known, judged.gaps);
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

/** Who says nothing where something is usual. */
async function listen(
  facts: Facts,
  deployed: Deployed,
  time: number,
  state: StateStore,
  known: readonly BlindInterval[],
  gaps: readonly Gap[],
): Promise<{ readonly heard: readonly LastHeard[]; readonly gaps: readonly Gap[] }> {
  const { account, region, flowLogs } = deployed;
  const clusters = watchedClusters(facts, deployed);
  const listened: { readonly cluster: string; readonly source: Audible }[] = [
    ...clusters.flatMap((cluster) => [{ cluster, source: 'audit' } as const, { cluster, source: 'authenticator' } as const]),
    ...[...new Set(flowLogs.map(({ cluster }) => cluster))].map((cluster) => ({ cluster, source: 'flow' }) as const),
    { cluster: '', source: 'api' },
  ];
  const found = await Promise.all(
    listened.map(async ({ cluster, source }) => {
      const keys = heardKeys({ account, region, cluster }, source, time);
      const heard = heardIn((await state.read(keys, 'eventual')).values());
      const own = known.filter((one) => one.source === source && (one.cluster === cluster || one.cluster === ''));
      const open = own.find((one) => one.open && one.id === 'silent')?.from;
      const caused = own.filter((one) => one.status === 'blind' && one.id !== 'silent');
      const untaught = (one: number): boolean => caused.some(({ from, until }) => (one + 1) * quarter > from && one * quarter < until);
      const silence = silenceOf(source, heard, time, untaught, open);
      const last: LastHeard = { cluster, source, ...(heard.size === 0 ? {} : { at: (Math.max(...heard) + 1) * quarter }) };
      if (silence === undefined) return { last, gaps: [] };
      const cause = gaps.find((gap) => gap.status === 'blind' && gap.source === source && (gap.cluster === cluster || gap.cluster === ''));
      const gap: Gap = {
        ...{
          id: 'silent',
          cluster,
          source,
          subject: `${source} log${cluster === '' ? '' : ` of ${cluster}`}`,
          status: 'blind',
          since: silence.since,
        },
        why: `nothing of the ${source} log${cluster === '' ? '' : ` of ${cluster}`} has come since ${iso(silence.since)}; of the quarters of an hour since, ${String(silence.missed)} usually have something, and ${String(silence.limit)} is the limit after ${String(silence.days)} days of listening`,
        fix: [
          'npm run coverage',
          ...(cluster === ''
            ? []
            : [
                `aws logs describe-log-streams --region ${region} --log-group-name /aws/eks/${cluster}/cluster --order-by LastEventTime --descending --limit 5`,
              ]),
        ],
        explained: cause === undefined ? '' : `the cause is known: ${cause.why}`,
      };
      return { last, gaps: [gap] };
    }),
  );
  return { heard: found.map(({ last }) => last), gaps: found.flatMap((one) => one.gaps) };
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
