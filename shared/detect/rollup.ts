import type { Tick } from '../model/event.ts';
import { atLeast, type Finding } from '../model/finding.ts';
import { minute } from '../model/time.ts';
import { type Bucket, bucketLength, bucketOf, closedBuckets, openBuckets, openBucketsKeys } from '../state/ledger.ts';
import { sumHour } from '../state/ledger-hour.ts';
import { pairKey } from '../state/ledger-pair.ts';
import { Past } from '../state/ledger-past.ts';
import { hoursBefore, pastPartition, summaryDocument } from '../state/ledger-summary.ts';
import type { StateDocument, StateStore } from '../state/store.ts';
import { authorNamed } from './author.ts';
import { type Fault, guarded } from './faults.ts';
import { type FindingStore, groupFindings } from './finding-group.ts';
import { findingOf, type Registered } from './finding.ts';
import { type HourView, type Subject, type Subjects, viewHour } from './hour-view.ts';
import type { Detection, Rollup } from './kit.ts';
import { entityLinks, podLink } from './links.ts';
import { sceneOfTraffic } from './scene.ts';

/** What a tick came to. */
export interface Closed {
  readonly findings: readonly Finding[];
  /** Judges that failed; everything else was judged all the same. */
  readonly faults: readonly Fault[];
}

/**
 * Judges every hour of the volume ledger that the watermark has passed, the oldest first, and keeps what it came to: the hours
 * after it are compared with it. What a finding of medium or graver is about does not show what is usual, but where `allTeach`. The marks that an
 * hour is open go last: a crash judges it again and finds the same ids.
 */
export async function judgeClosedBuckets(
  catalogue: readonly Registered<Detection>[],
  tick: Tick,
  { state, findings }: { readonly state: StateStore; readonly findings: FindingStore },
  allTeach = false,
): Promise<Closed> {
  const rollups = catalogue.filter((registered): registered is Registered<Rollup> => registered.detection.shape === 'rollup');
  const open = await state.read(openBucketsKeys, 'strong');
  const pasts = new Map<string, StateDocument[]>();
  const found: Finding[] = [];
  const faults: Fault[] = [];
  for (const [name, marks] of closedBuckets(open.values(), tick.watermark)) {
    const bucket = bucketOf(name);
    if (bucket !== undefined) {
      const partition = pastPartition(bucket.scope);
      const past = pasts.get(partition) ?? [...(await state.list(partition))];
      pasts.set(partition, past);
      // After the marks were read: whatever they stand for is in the list.
      const judged = judgeHour(rollups, bucket, await state.list(name), past, { faults, allTeach });
      if (judged.findings.length > 0) await findings.record(groupFindings(judged.findings, new Map()));
      await state.put([judged.summary]);
      past.push(judged.summary);
      found.push(...judged.findings);
    }
    const byItem = Map.groupBy(marks, ({ key }) => key);
    await state.remove([...byItem].map(([key, some]) => ({ key, sets: { [openBuckets]: some.map(({ member }) => member) } })));
  }
  return { findings: found, faults };
}

/** What an hour came to, and what is kept of it. */
interface Judged {
  readonly findings: readonly Finding[];
  readonly summary: StateDocument;
}

function judgeHour(
  rollups: readonly Registered<Rollup>[],
  { scope, start }: Bucket,
  documents: readonly StateDocument[],
  kept: readonly StateDocument[],
  { faults, allTeach }: { readonly faults: Fault[]; readonly allTeach: boolean },
): Judged {
  const sums = sumHour(documents, scope.cluster);
  const hours = hoursBefore(kept, scope, start);
  const view = viewHour(scope, start, sums, hours, new Past(hours, start));
  const untaught = new Set<string>();
  const findings = rollups.flatMap((registered) =>
    subjectsFor(registered.detection, view).flatMap((each) => {
      const finding = judge(registered, { scope, start }, each, faults);
      if (finding === undefined) return [];
      if (!allTeach && atLeast(finding.severity, 'medium')) for (const member of each.members) untaught.add(pairKey(member));
      return [finding];
    }),
  );
  return { findings, summary: summaryDocument(scope, start, sums, untaught) };
}

function subjectsFor({ per }: Rollup, view: HourView): readonly Subject<keyof Subjects>[] {
  return view[per];
}

function judge(
  registered: Registered<Rollup>,
  { scope, start }: Bucket,
  each: Subject<keyof Subjects>,
  faults: Fault[],
): Finding | undefined {
  const { detection } = registered;
  const hour = { start, minutes: bucketLength / minute };
  const verdict = guarded(faults, detection.id, () => detection.judge(each.subject as never, hour));
  if (verdict === undefined) return undefined;
  const time = start + bucketLength;
  const { from } = each;
  return findingOf(registered, verdict, {
    scope,
    time,
    key: String(start),
    evidence: [{ time, note: each.note, ...(each.deed === undefined ? {} : { deed: each.deed }) }],
    ...sceneOfTraffic(from, each.pods, verdict.entity),
    links: [...(from?.kind === 'workload' ? entityLinks(scope, from) : []), ...each.pods.map((pod) => podLink(scope, pod))],
    ...(from === undefined ? {} : { by: [authorNamed(scope, from)] }),
    late: false,
  });
}
