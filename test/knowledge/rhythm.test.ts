import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rhythmOf } from '../../shared/knowledge/rhythm.ts';

/** Minutes at which a program calls that sleeps so many seconds, give or take, between calls. */
function called(seconds: number, jitter: readonly number[]): number[] {
  let time = 0;
  const minutes = jitter.map((each) => {
    const minute = Math.floor(time / 60);
    time += seconds + each;
    return minute;
  });
  return [...new Set(minutes)];
}

describe('a rhythm', () => {
  test('is found whatever the period, with a tenth of jitter', () => {
    const clock = fc
      .integer({ min: 2, max: 90 })
      .chain((minutes) =>
        fc.tuple(fc.constant(minutes), fc.array(fc.integer({ min: -6 * minutes, max: 6 * minutes }), { minLength: 12, maxLength: 60 })),
      );
    fc.assert(
      fc.property(clock, ([minutes, jitter]) => {
        const rhythm = rhythmOf(called(60 * minutes, jitter), new Set());
        expect(Math.abs((rhythm?.period ?? 0) - minutes)).toBeLessThanOrEqual(1 + minutes / 10);
        expect(rhythm?.regular).toBeGreaterThanOrEqual(minutes < 5 ? 0.5 : 0.8);
      }),
    );
  });

  test('of a minute is one call after the other', () => {
    expect(rhythmOf([1, 2, 3, 4, 6, 7], new Set())).toEqual({ period: 1, times: 6, lasts: 6, regular: 0.8 });
  });

  test('is not broken by busy minutes, in which a call may hide', () => {
    expect(rhythmOf([0, 5, 10, 40, 45], new Set([20, 21]))).toEqual({ period: 5, times: 5, lasts: 45, regular: 1 });
    expect(rhythmOf([0, 5, 10, 40, 45], new Set())?.regular).toBe(0.75);
  });

  test('needs more than one call', () => {
    expect(rhythmOf([], new Set())).toBeUndefined();
    expect(rhythmOf([7], new Set())).toBeUndefined();
  });
});
