import type { Baseline } from '../model/finding.ts';
import { iso } from '../model/time.ts';
import { type Profile, profileIn, timeClass, type Whose } from '../state/profile.ts';
import { blend, habitAt, limitOf, type Voice } from '../state/shrinkage.ts';
import type { StateItem } from '../state/store.ts';
import type { Excess, Limit } from './kit.ts';
import type { OperatorLimit } from './operator-limit.ts';

/** The profiles that speak for a counter, the nearest first, where there are any. */
export type Line = readonly (readonly [whose: Whose, item: StateItem | undefined])[];

/** The limit at a time, and what it rests on. A person's word stands for what was learnt, never for the ceiling. */
export function limitAt(
  declared: Limit,
  line: Line,
  time: number,
  count: number,
  given?: OperatorLimit,
): Pick<Excess, 'limit' | 'baseline'> {
  const learnt = learntLimitAt(declared, line, time, count);
  if (given === undefined) return learnt;
  const limit = Math.min(declared.ceiling, Math.max(1, given.limit));
  const { who, why, until } = given;
  return {
    limit,
    baseline: { ...learnt.baseline, limit, 'limit set by': `${who}: ${why}, until ${iso(until)}`, 'limit without': learnt.limit },
  };
}

function learntLimitAt({ ceiling, profile }: Limit, line: Line, time: number, count: number): Pick<Excess, 'limit' | 'baseline'> {
  const profiles = new Map<Whose, Profile | undefined>(
    profile === undefined ? [] : line.map(([whose, item]) => [whose, profileIn(item, time)]),
  );
  const usual = blend([...profiles].map(([whose, known]) => [whose, habitAt(known, time)]));
  if (profile === undefined || usual === undefined) return { limit: ceiling, baseline: { ceiling, 'known windows': 0 } };
  const learnt = limitOf(usual, profile.deviations, ceiling);
  // Sums of fractions: what is a whole number but for the last digits is that number.
  const limit = Math.min(ceiling, Math.max(profile.floor, Math.ceil(rounded(learnt, 6))));
  const { median, deviation, voices, unknown } = usual;
  const known = voices.find(({ whose }) => whose === 'own')?.habit.windows ?? 0;
  const baseline: Baseline = {
    limit,
    ceiling,
    'time class': timeClass(time),
    usual: rounded(median, 1),
    'usual deviation': rounded(deviation, 1),
    'deviations above': rounded((count - median) / deviation, 1),
    'known windows': known,
    ...(known === 0 ? {} : { 'known days': daysText(profiles) }),
    ...Object.fromEntries(voices.map((voice) => [voice.whose, voiceText(voice)])),
    ...(unknown < 0.005 ? {} : { unknown: `${percent(unknown)}: the ceiling` }),
  };
  return { limit, baseline };
}

/** Days without anything from the whole cluster were a gap, or its owner's holiday: nobody calls them quiet. */
function daysText(profiles: ReadonlyMap<Whose, Profile | undefined>): string {
  const own = profiles.get('own')?.days ?? 0;
  return `${String(own)} of ${String(Math.max(own, profiles.get('cluster')?.days ?? 0))} on which anything was counted in the cluster`;
}

function voiceText({ share, habit: { windows, median, deviation, most } }: Voice): string {
  const numbers = `usually ${String(rounded(median, 1))}, deviation ${String(rounded(deviation, 1))}, most ${String(most)}`;
  return `${percent(share)}: ${String(windows)} windows, ${numbers}`;
}

function percent(share: number): string {
  return `${String(Math.round(100 * share))} %`;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
