import { describe, expect, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { samplesIn } from '../support/samples.ts';
import { apt } from './expected.ts';
import { lookAlikes } from './look-alikes.ts';
import { replay } from './replay.ts';
import { replayed } from './samples.ts';

/** What is silent stays silent however its records are dressed and delivered. */
describe('look-alikes of silent samples', () => {
  test.each(catalogue)('$detection.id', async ({ strategy, detection }) => {
    const loud: string[] = [];
    const faults: string[] = [];
    const silent = samplesIn(strategy, detection.id).filter(({ fires }) => !fires);
    for (const sample of silent) {
      const plain = replayed(sample);
      for (const { name, apply } of lookAlikes) {
        const other = apply(plain);
        if (other === undefined) continue;
        // All detections: what one finds may be a step of another.
        const result = await replay(catalogue, other);
        if (result.findings.some((finding) => finding.detection === detection.id)) loud.push(`${detection.id} ${sample.name}, ${name}`);
        faults.push(...result.faults);
      }
    }
    expect(loud).toEqual(Object.keys(apt).filter((key) => key.startsWith(`${detection.id} `)));
    expect(faults).toEqual([]);
  });
});
