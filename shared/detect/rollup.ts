import type { Tick } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import { minute } from '../model/time.ts';
import {
  type Bucket,
  bucketLength,
  bucketOf,
  closedBuckets,
  openBuckets,
  openBucketsKey,
  sumVolumes,
  type Volume,
} from '../state/ledger.ts';
import type { StateStore } from '../state/store.ts';
import { type FindingStore, groupFindings } from './finding-group.ts';
import { authorNamed } from './author.ts';
import { findingOf, podLink, type Registered } from './finding.ts';
import type { Detection, Rollup } from './kit.ts';

/**
 * Judges every hour of the volume ledger that the watermark has passed. An hour leaves the list of open ones only
 * after its findings are stored: a crash judges it again and finds the same ids.
 */
export async function judgeClosedBuckets(
  catalogue: readonly Registered<Detection>[],
  tick: Tick,
  state: StateStore,
  findings: FindingStore,
): Promise<readonly Finding[]> {
  const rollups = catalogue.filter((registered): registered is Registered<Rollup> => registered.detection.shape === 'rollup');
  const open = (await state.read([openBucketsKey], 'strong')).get(openBucketsKey);
  const found: Finding[] = [];
  for (const name of closedBuckets(open, tick.watermark)) {
    const bucket = bucketOf(name);
    const volumes = sumVolumes(await state.list(name));
    const inBucket = bucket === undefined ? [] : rollups.flatMap((rollup) => judgeBucket(rollup, bucket, volumes));
    if (inBucket.length > 0) await findings.record(groupFindings(inBucket, new Map()));
    await state.remove([{ key: openBucketsKey, sets: { [openBuckets]: [name] } }]);
    found.push(...inBucket);
  }
  return found;
}

function judgeBucket(registered: Registered<Rollup>, { scope, start }: Bucket, volumes: readonly Volume[]): Finding[] {
  return volumes.flatMap((volume) => {
    const verdict = registered.detection.judge({ ...volume, cluster: scope.cluster }, { start, minutes: bucketLength / minute });
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
