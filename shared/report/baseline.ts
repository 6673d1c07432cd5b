import type { Baseline } from '../model/finding.ts';

/** What was usual, as one row of a plot. */
export interface Usual {
  readonly whose: string;
  readonly middle?: number | undefined;
  readonly deviation?: number | undefined;
  readonly most?: number | undefined;
}

/** A baseline in numbers that can be drawn. */
export interface Measured {
  readonly unit: 'times' | 'bytes' | 'ratio' | 'percent';
  readonly observed: readonly { readonly name: string; readonly value: number }[];
  readonly limit?: number | undefined;
  readonly ceiling?: number | undefined;
  readonly usual: readonly Usual[];
}

/** What a picture of the baseline says already, so that nobody reads it twice. */
export function isDrawn(name: string, how: 'measured' | 'novel'): boolean {
  if (how === 'novel') return name === 'new' || name === 'such as' || name.startsWith('known');
  const drawn = ['limit', 'ceiling', 'high from', 'usual deviation', 'most on a day before', ...Object.keys(whoseNames)];
  return drawn.includes(name) || measures.some(({ seen, middle, most }) => seen.includes(name) || middle === name || most === name);
}

/** A baseline in words: what was new, and what was known. */
export interface Novel {
  readonly fresh: string | undefined;
  readonly known: readonly string[];
  /** How many are known, where that was counted. */
  readonly count: number | undefined;
  readonly days: number | undefined;
}

interface Measure {
  readonly unit: Measured['unit'];
  /** The names of what was seen, the first of which must be there. */
  readonly seen: readonly string[];
  readonly middle?: string;
  readonly most?: string;
}

/** How detections name what they measured. The first that fits is drawn. */
const measures: readonly Measure[] = [
  { unit: 'ratio', seen: ['ratio'], middle: 'usual ratio', most: 'highest ratio' },
  { unit: 'percent', seen: ['percent skipped'], most: 'most percent before' },
  { unit: 'times', seen: ['counted'], middle: 'usual' },
  { unit: 'times', seen: ['refused'], middle: 'median hour', most: 'most in an hour' },
  { unit: 'times', seen: ['packets in a minute'] },
  { unit: 'times', seen: ['now'], middle: 'before' },
  { unit: 'bytes', seen: ['sent', 'received'], middle: 'median hour', most: 'most in an hour' },
];

const whoseNames: Readonly<Record<string, string>> = {
  own: 'its own habit',
  group: 'its like',
  cluster: 'this cluster',
  fleet: 'all clusters',
};

/** The numbers of a baseline, where there are something seen and something to hold it against. */
export function measuredIn(baseline: Baseline): Measured | undefined {
  const at = (name: string | undefined): number | undefined => {
    const value = name === undefined ? undefined : baseline[name];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const measure = measures.find(({ seen: [first] }) => at(first) !== undefined);
  if (measure === undefined) return undefined;
  const { unit, seen, middle, most } = measure;
  const observed = seen.flatMap((name) => {
    const value = at(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const before: Usual = {
    whose: 'usually',
    middle: at(middle),
    most: at(most) ?? at('most on a day before'),
    deviation: at('usual deviation'),
  };
  const voices = Object.entries(whoseNames).flatMap(([name, whose]) => voiceIn(whose, baseline[name]));
  const usual = voices.length > 0 ? voices : before.middle === undefined && before.most === undefined ? [] : [before];
  const limit = at('limit') ?? (unit === 'times' ? at('ceiling') : undefined);
  if (limit === undefined && usual.length === 0) return undefined;
  return { unit, observed, limit, ceiling: at('ceiling') ?? at('high from'), usual };
}

/** A voice as the limit's baseline words it: `41 %: 26 windows, usually 1, deviation 1, most 2`. */
const voice = /^(\d+ %): (\d+) windows, usually ([\d.]+), deviation ([\d.]+), most ([\d.]+)$/;

function voiceIn(whose: string, words: string | number | undefined): Usual[] {
  const [, , windows, middle, deviation, most] = voice.exec(String(words ?? '')) ?? [];
  if (windows === undefined) return [];
  const name = `${whose}, ${windows} windows`;
  return [{ whose: name, middle: Number(middle), deviation: Number(deviation), most: Number(most) }];
}

/** What was known and what is new, where a baseline tells it. */
export function novelIn(baseline: Baseline): Novel | undefined {
  const fresh = baseline['new'];
  const entries = Object.entries(baseline);
  const counted = entries.find(
    ([name, value]) => name.startsWith('known') && !/ days?$|windows|^known on/.test(name) && typeof value === 'number',
  );
  const named = entries.find(
    ([name, value]) => (name === 'such as' || (name.startsWith('known') && counted === undefined)) && typeof value === 'string',
  );
  if (fresh === undefined && counted === undefined && named === undefined) return undefined;
  const days = baseline['known for days'];
  return {
    fresh: fresh === undefined ? undefined : String(fresh),
    known:
      named === undefined
        ? []
        : String(named[1])
            .split(', ')
            .filter((name) => name !== ''),
    count: counted === undefined ? undefined : Number(counted[1]),
    days: typeof days === 'number' ? days : undefined,
  };
}
