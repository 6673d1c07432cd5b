import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/model/finding.ts';
import { type Deed, finders, ordinary, pods, School } from './school.ts';

/** Attempts to teach counters that much is normal, over weeks of nightly recomputation, with the shipped catalogue. */

const hours = [1, 4, 7, 10, 13, 16, 19, 22];
const rounds = (count: (at: number) => number): Deed[] => hours.flatMap((at) => pods(count(at), at));
const sprayed = (findings: readonly Finding[]): Finding[] => findings.filter(({ detection }) => detection === 'container-spraying');
const blindSpots = (strategy: string): string =>
  /## Blind Spots[^\n]*\n([\s\S]*?)\n## /.exec(
    readFileSync(join(import.meta.dirname, `../../shared/detections/${strategy}/ADS.md`), 'utf8'),
  )?.[1] ?? '';

describe('a flood', () => {
  it('every night for five weeks does not lift its own limit', async () => {
    const school = new School();
    const limits: unknown[] = [];
    // On the first day there is no profile yet, and the flood stays below the ceiling: that one is learnt.
    await school.day(...ordinary, ...rounds((at) => 4 + (at % 3)), ...pods(40, 23.5));
    for (let n = 1; n < 35; n += 1) {
      const found = sprayed(await school.day(...ordinary, ...rounds((at) => 4 + ((at + n) % 3)), ...pods(40, 23.5)));
      limits.push(...found.map(({ baseline }) => baseline?.['limit']));
    }
    expect(limits).toEqual(Array.from({ length: 34 }, () => 20));
  });

  it('that fills every window of the day for five weeks is found in each of them', async () => {
    const school = new School();
    await school.days(8, ...ordinary, ...rounds(() => 5));
    for (let n = 0; n < 27; n += 1) expect(sprayed(await school.day(...ordinary, ...rounds(() => 45)))).toHaveLength(hours.length);
  });
});

describe('a ramp of ten percent a day', () => {
  it('is found at the ceiling at the latest', async () => {
    const school = new School();
    const found = new Map<number, boolean>();
    for (let count = 5; count < 70; count = Math.ceil(count * 1.1))
      found.set(count, sprayed(await school.day(...ordinary, ...rounds(() => count))).length > 0);
    const first = [...found].find(([, told]) => told)?.[0];
    expect(first).toBeLessThanOrEqual(60 * 1.1);
    expect([...found].filter(([count, told]) => count >= 60 && !told)).toEqual([]);
  });

  it('is silent below the ceiling, which the strategy says', () => {
    expect(blindSpots('container-spraying')).toMatch(/ten percent a day/);
  });
});

describe('low and slow', () => {
  it('one pod an hour is no burst: the pace is a blind spot that the strategy names', async () => {
    const school = new School();
    await school.days(7, ...ordinary, ...pods(3, 9));
    const hourly = Array.from({ length: 24 }, (_, at) => pods(1, at + 0.5, 'builder', 'hourly')).flat();
    expect(finders(await school.days(3, ...ordinary, ...hourly))).toEqual([]);
    expect(blindSpots('container-spraying')).toMatch(/ten pods an hour/);
  });

  const refused = (from: string): Deed[] =>
    Array.from({ length: 24 }, (_, at) => ({
      ...{ hour: at + 0.4, who: 'reader', from, verb: 'list', resource: 'nodes', namespace: `team-${String(at)}`, name: '', code: 403 },
    }));

  it('refused calls spread over a day and over names are found by the network they come from, if it is new', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    expect(finders(await school.day(...ordinary, ...refused('203.0.113.9')))).toEqual(['identity-from-new-network']);
  });

  it('and from a network that the caller always uses they are a blind spot that the strategy names', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    expect(finders(await school.day(...ordinary, ...refused('192.0.2.10')))).toEqual([]);
    expect(blindSpots('forbidden-requests')).toMatch(/spread over hours/);
  });
});
