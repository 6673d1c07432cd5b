import { relative } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Replay } from '../../cli/replaying.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { quietScreen, replayOptionsFor, samplesIn, samplesRoot } from '../support/samples.ts';
import { deadReadsOf, illicitReadsOf, unmetNeedsOf } from './declared.ts';
import { type AuditReader, Recorder } from './recorder.ts';

/** A detection that EKS's audit policy can never let fire does not build. */

const onAudit = catalogue.flatMap(({ strategy, detection }) =>
  (detection.shape === 'detection' || detection.shape === 'threshold') && detection.source === 'audit'
    ? [{ strategy, id: detection.id, detection: detection as unknown as AuditReader }]
    : [],
);

it('there are detections to hold against the policy', () => {
  expect(onAudit.length).toBeGreaterThan(20);
});

describe.each(onAudit)('$id', ({ strategy, id, detection }) => {
  it('declares to read what somebody can make EKS log', () => {
    expect(deadReadsOf(detection)).toEqual([]);
  });

  test.each(samplesIn(strategy, id).filter(({ fires }) => fires))('$name rests on what EKS logs', async (sample) => {
    const recorder = new Recorder(detection);
    // The others stay: some detections teach what others remember.
    const watching = catalogue.map((one) => (one.detection.id === id ? { strategy, detection: recorder.detection } : one));
    const { alerts } = await new Replay(replayOptionsFor(sample), watching).run(quietScreen);
    const file = relative(samplesRoot, sample.path);
    const readings = recorder.readings();
    const wrong = [...illicitReadsOf(detection, readings), ...unmetNeedsOf(detection, readings)];
    expect(wrong.map((sentence) => `events/samples/${file}: ${sentence}`)).toEqual([]);
    // Watched, it must see what it sees unwatched, or nothing was proven. Where both are silent, `samples.test.ts` fails too.
    const heard = alerts.map(({ speaker }) => speaker.detection);
    expect(heard, `events/samples/${file}: ${id} does not fire`).toContain(id);
  });
});
