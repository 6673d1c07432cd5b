import type { Deployed } from '../contract/deployed.ts';
import type { Gap } from '../model/coverage.ts';
import { iso } from '../model/time.ts';
import type { StateStore } from '../state/store.ts';
import type { BlindInterval } from './blind.ts';
import { watchedClusters } from './clusters.ts';
import type { Facts } from './facts.ts';
import { type Audible, heardIn, heardKeys, quarter, type Silence, silenceOf } from './silence.ts';

/** A log of a cluster; API events are of none. */
interface Source {
  readonly cluster: string;
  readonly source: Audible;
}

/** When records of a source were last taken in. */
export interface LastHeard extends Source {
  /** The end of the last quarter of an hour with any; absent where there was none for days. */
  readonly at?: number;
}

/** What a check knows before it listens. */
export interface Known {
  readonly deployed: Deployed;
  readonly time: number;
  /** Intervals in which something was not seen. */
  readonly intervals: readonly BlindInterval[];
  /** What it found open just now. */
  readonly gaps: readonly Gap[];
}

/** What was heard, and who says nothing where something is usual. */
export interface Listened {
  readonly heard: readonly LastHeard[];
  readonly gaps: readonly Gap[];
}

/** Listens to every source that should be heard. */
export async function listen(facts: Facts, known: Known, state: StateStore): Promise<Listened> {
  const { deployed, time } = known;
  const listened = await Promise.all(
    sourcesOf(facts, deployed).map(async (source) => {
      const keys = heardKeys({ ...deployed, cluster: source.cluster }, source.source, time);
      const heard = heardIn((await state.read(keys, 'eventual')).values());
      const last: LastHeard = { ...source, ...(heard.size === 0 ? {} : { at: (Math.max(...heard) + 1) * quarter }) };
      const silence = silenceIn(source, heard, known);
      return { last, gaps: silence === undefined ? [] : [gapOf(source, silence, known)] };
    }),
  );
  return { heard: listened.map(({ last }) => last), gaps: listened.flatMap(({ gaps }) => gaps) };
}

function sourcesOf(facts: Facts, deployed: Deployed): Source[] {
  const flowing = new Set(deployed.flowLogs.map(({ cluster }) => cluster));
  return [
    ...watchedClusters(facts, deployed).flatMap((cluster): Source[] => [
      { cluster, source: 'audit' },
      { cluster, source: 'authenticator' },
    ]),
    ...[...flowing].map((cluster): Source => ({ cluster, source: 'flow' })),
    { cluster: '', source: 'api' },
  ];
}

/** Whether what is said of one place holds for a source. */
function concerns({ source, cluster }: Pick<Gap, 'source' | 'cluster'>, listened: Source): boolean {
  return source === listened.source && (cluster === listened.cluster || cluster === '');
}

/** What was blind for another reason teaches no rhythm. */
function silenceIn(source: Source, heard: ReadonlySet<number>, { intervals, time }: Known): Silence | undefined {
  const own = intervals.filter((interval) => concerns(interval, source));
  const since = own.find(({ open, id }) => open && id === 'silent')?.from;
  const caused = own.filter(({ status, id }) => status === 'blind' && id !== 'silent');
  const untaught = (one: number): boolean => caused.some(({ from, until }) => (one + 1) * quarter > from && one * quarter < until);
  return silenceOf(source.source, heard, time, untaught, since);
}

function gapOf(listened: Source, { since, missed, limit, days }: Silence, { deployed: { region }, gaps }: Known): Gap {
  const { cluster, source } = listened;
  const subject = `${source} log${cluster === '' ? '' : ` of ${cluster}`}`;
  const cause = gaps.find((gap) => gap.status === 'blind' && concerns(gap, listened));
  const streams = `aws logs describe-log-streams --region ${region} --log-group-name /aws/eks/${cluster}/cluster --order-by LastEventTime --descending --limit 5`;
  return {
    id: 'silent',
    cluster,
    source,
    subject,
    status: 'blind',
    since,
    why: `nothing of the ${subject} has come since ${iso(since)}; of the quarters of an hour since, ${String(missed)} usually have something, and ${String(limit)} is the limit after ${String(days)} days of listening`,
    fix: ['npm run coverage', ...(cluster === '' ? [] : [streams])],
    explained: cause === undefined ? '' : `the cause is known: ${cause.why}`,
  };
}
