import type { Tick } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import { minute } from '../model/time.ts';
import {
  type Bucket,
  bucketLength,
  bucketOf,
  closedBuckets,
  openBuckets,
  openBucketsKeys,
  sumVolumes,
  type Volume,
} from '../state/ledger.ts';
import type { StateStore } from '../state/store.ts';
import { type FindingStore, groupFindings } from './finding-group.ts';
import { authorNamed } from './author.ts';
import { type Fault, guarded } from './faults.ts';
import { findingOf, podLink, type Registered } from './finding.ts';
import type { Detection, Rollup } from './kit.ts';

/** What a tick came to. */
export interface Closed {
  readonly findings: readonly Finding[];
  /** Judges that failed; everything else was judged all the same. */
  readonly faults: readonly Fault[];
}

/**
 * Judges every hour of the volume ledger that the watermark has passed. The marks that an hour is open go only after its
 * findings are stored: a crash judges it again and finds the same ids.
 */
export async function judgeClosedBuckets(
  catalogue: readonly Registered<Detection>[],
  tick: Tick,
  state: StateStore,
  findings: FindingStore,
): Promise<Closed> {
  const rollups = catalogue.filter((registered): registered is Registered<Rollup> => registered.detection.shape === 'rollup');
  const open = await state.read(openBucketsKeys, 'strong');
  const found: Finding[] = [];
  const faults: Fault[] = [];
  for (const [name, marks] of closedBuckets(open.values(), tick.watermark)) {
    const bucket = bucketOf(name);
    // After the marks were read: whatever they stand for is in the list.
    const volumes = sumVolumes(await state.list(name));
    const inBucket = bucket === undefined ? [] : rollups.flatMap((rollup) => judgeBucket(rollup, bucket, volumes, faults));
    if (inBucket.length > 0) await findings.record(groupFindings(inBucket, new Map()));
    const byItem = Map.groupBy(marks, ({ key }) => key);
    await state.remove([...byItem].map(([key, some]) => ({ key, sets: { [openBuckets]: some.map(({ member }) => member) } })));
    found.push(...inBucket);
  }
  return { findings: found, faults };
}

function judgeBucket(registered: Registered<Rollup>, { scope, start }: Bucket, volumes: readonly Volume[], faults: Fault[]): Finding[] {
  const { detection } = registered;
  return volumes.flatMap((volume) => {
    const verdict = guarded(faults, detection.id, () =>
      detection.judge({ ...volume, cluster: scope.cluster }, { start, minutes: bucketLength / minute }),
    );
    if (verdict === undefined) return [];
    const note = `${volume.from.name} sent ${String(volume.bytes)} bytes in ${String(volume.packets)} packets to ${volume.to}`;
    const time = start + bucketLength;
    return [
      findingOf(registered, verdict, {
        scope,
        time,
        key: String(start),
        evidence: [{ time, note }],
        links: [`${volume.from.kind} ${volume.from.id}`, ...volume.pods.map((pod) => podLink(scope, pod))],
        by: [authorNamed(scope, volume.from)],
        late: false,
      }),
    ];
  });
}
