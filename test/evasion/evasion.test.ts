import { describe, expect, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { attacks } from './attacks.ts';
import { blind, unclaimed } from './expected.ts';
import { blindKeyOf, isClaimed, Judge } from './judging.ts';
import { variants } from './variants.ts';

/** Every variant of every attack that a detection claims is found, or stands among the blind spots with a reason. */

const judge = new Judge(catalogue);
const claimed = attacks.filter((attack) => isClaimed(attack, catalogue));

test('attacks and variants have names of their own, and there are enough of them', () => {
  expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length);
  expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
  expect(variants.length).toBeGreaterThan(3_000);
});

test('the attacks that nobody claims are those that are known to be', () => {
  expect(attacks.filter((attack) => !claimed.includes(attack)).map(({ id }) => id)).toEqual(unclaimed);
});

test('every blind spot is one of a claimed attack, and has a reason', () => {
  const keys = new Set(variants.filter(({ attack }) => claimed.includes(attack)).map((variant) => blindKeyOf(variant.name, blind)));
  expect(Object.keys(blind).filter((key) => !keys.has(key))).toEqual([]);
  expect(Object.entries(blind).filter(([, reason]) => reason.length < 20)).toEqual([]);
});

describe('attack', () => {
  test.each(claimed)('$id', async (attack) => {
    const fates = await Promise.all(variants.filter((variant) => variant.attack === attack).map((variant) => judge.fateOf(variant)));
    const hidden = (name: string): boolean => blindKeyOf(name, blind) !== undefined;
    const missed = fates.filter(({ finders }) => finders.length === 0);
    const report = (fate: (typeof fates)[number]): string => `${fate.variant.name}: found ${fate.others.join(', ') || 'nothing'}`;
    expect(missed.filter(({ variant }) => !hidden(variant.name)).map(report), 'missed').toEqual([]);
    const seen = fates.filter(({ variant, finders }) => finders.length > 0 && hidden(variant.name));
    expect(
      seen.map(({ variant }) => variant.name),
      'no longer blind',
    ).toEqual([]);
    // A variant that nobody could read would prove nothing; one that is cut is told as unreadable.
    const unread = fates.filter(({ variant, records, rejects }) => records === 0 || (rejects.length > 0 && variant.accepts.length === 0));
    expect(
      unread.map(({ variant }) => variant.name),
      'unreadable',
    ).toEqual([]);
    expect(
      fates.flatMap(({ faults }) => faults),
      'faults',
    ).toEqual([]);
  });
});
