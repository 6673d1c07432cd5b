import { describe, expect, it, test } from 'vitest';
import fc from 'fast-check';
import { heardIn, heardKeys, heardMerges, quarter, silenceOf } from '../../shared/coverage/silence.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { joined, type StateItem } from '../../shared/state/store.ts';

/** A log is silent where it usually is not: what is usual, its own days before tell. */

const monday = Date.parse('2026-03-09T00:00:00Z');
const taught = (): boolean => false;

/** Quarters from a time to another in which something came. */
const heardBetween = (from: number, to: number, when: (time: number) => boolean = () => true): Set<number> => {
  const heard = new Set<number>();
  for (let time = from; time < to; time += quarter) if (when(time)) heard.add(time / quarter);
  return heard;
};
const atNight = (time: number): boolean => (time % day) / hour >= 20 || (time % day) / hour < 6;

describe('a mark', () => {
  const scope = { account: '111122223333', region: 'eu-central-1', cluster: 'harbour' };

  test('for each quarter of an hour says the same however records are cut into payloads', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: monday, max: monday + 3 * day }), { maxLength: 40 }), fc.nat(40), (times, cut) => {
        const stored = (parts: readonly number[][]): Map<string, StateItem> => {
          const items = new Map<string, StateItem>();
          for (const part of parts)
            for (const merge of heardMerges(scope, 'audit', part)) items.set(merge.key, joined(items.get(merge.key), merge));
          return items;
        };
        const whole = heardIn(stored([times]).values());
        expect(heardIn(stored([times.slice(cut), times.slice(0, cut), times]).values())).toEqual(whole);
        expect(whole).toEqual(new Set(times.map((time) => Math.floor(time / quarter))));
      }),
    );
  });

  it('is found where it was put', () => {
    const [merge] = heardMerges(scope, 'flow', [monday + 5 * hour]);
    expect(heardKeys(scope, 'flow', monday + 5 * day)).toContain(merge?.key);
    expect(heardKeys(scope, 'audit', monday + 5 * day)).not.toContain(merge?.key);
  });
});

describe('an audit log that always had something', () => {
  const until = monday + 7 * day + 10 * hour;
  const heard = heardBetween(monday, until);

  it.each([15, 20, 24])('is not silent %i minutes after it was last heard: a quarter has to end, and to arrive', (minutes) => {
    expect(silenceOf('audit', heard, until + minutes * minute, taught)).toBeUndefined();
  });

  it('is silent once a whole quarter has passed and would have arrived', () => {
    expect(silenceOf('audit', heard, until + 25 * minute, taught)).toEqual({ since: until, missed: 1, limit: 1, days: 7 });
  });

  it('is silent until it is heard again, however usual its silence becomes', () => {
    const later = until + 4 * day;
    const kept = new Set([...heard].filter((one) => one * quarter > later - 8 * day));
    expect(silenceOf('audit', kept, later, taught, until)).toMatchObject({ since: until });
    expect(
      silenceOf('audit', new Set([...kept, Math.floor((later - hour / 2) / quarter)]), later - 20 * minute, taught, until),
    ).toBeUndefined();
  });
});

describe('a cluster that sleeps every night', () => {
  const evening = monday + 7 * day + 20 * hour;
  const heard = heardBetween(monday, evening, (time) => !atNight(time));

  it('is not silent at night', () => {
    for (let hours = 1; hours < 10; hours += 1) expect(silenceOf('audit', heard, evening + hours * hour, taught)).toBeUndefined();
  });

  it('is silent when it does not wake', () => {
    expect(silenceOf('audit', heard, evening + 10 * hour + 25 * minute, taught)).toMatchObject({ since: evening, missed: 1 });
  });
});

describe('a log with pauses of its own', () => {
  it('is silent only when it pauses longer than it ever did, by far', () => {
    const until = monday + 7 * day + 12 * hour;
    // Once, it paused for an hour and a half.
    const heard = heardBetween(monday, until, (time) => time < monday + 6 * day + 3 * hour || time >= monday + 6 * day + 4.5 * hour);
    expect(silenceOf('audit', heard, until + 3 * hour, taught)).toBeUndefined();
    expect(silenceOf('audit', heard, until + 3.5 * hour, taught)).toMatchObject({ limit: 12 });
  });

  it('does not learn from a time in which it was kept from being heard', () => {
    const until = monday + 7 * day + 12 * hour;
    const blind = (one: number): boolean => one * quarter >= monday + 6 * day + 3 * hour && one * quarter < monday + 6 * day + 4.5 * hour;
    const heard = heardBetween(monday, until, (time) => !blind(time / quarter));
    expect(silenceOf('audit', heard, until + 25 * minute, blind)).toMatchObject({ limit: 1 });
  });

  it('of which nothing is usual is never silent', () => {
    const until = monday + 7 * day;
    const heard = heardBetween(monday, until, (time) => (time / quarter + Math.floor(time / day)) % 2 === 0);
    expect(silenceOf('api', heard, until + 12 * hour, taught)).toBeUndefined();
  });
});

describe('a log that is young', () => {
  const until = monday + 5 * hour;

  it('is silent after an hour, where it was steady', () => {
    const heard = heardBetween(monday, until);
    expect(silenceOf('flow', heard, until + hour, taught)).toBeUndefined();
    expect(silenceOf('flow', heard, until + hour + 20 * minute, taught)).toMatchObject({ since: until, missed: 4, days: 0 });
    expect(silenceOf('api', heard, until + 10 * hour, taught)).toBeUndefined();
  });

  it('is not, where nobody ever heard it', () => {
    expect(silenceOf('audit', new Set(), until, taught)).toBeUndefined();
  });
});
