/** Suffixes of Kubernetes quantities. Source: k8s.io/apimachinery, `pkg/api/resource/quantity.go`. */
const multipliers: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Parts of one: dividing keeps `1100m` equal to `1.1`, multiplying would not. */
const divisors: Readonly<Record<string, number>> = { m: 1e3, u: 1e6, n: 1e9 };

const form = /^([+-]?(?:\d{1,32}\.?\d{0,32}|\.\d{1,32}))(?:([eE][+-]?\d{1,3})|([kMGTPE]i?|Ki|[mun])?)$/;

/** The number that a quantity such as `500m`, `2Gi`, `1e3` or `4` stands for; absent where it is none. */
export function quantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, digits, exponent, suffix = ''] = form.exec(value) ?? [];
  if (digits === undefined) return undefined;
  if (exponent !== undefined) return Number(`${digits}${exponent}`);
  const divisor = divisors[suffix];
  if (divisor !== undefined) return Number(digits) / divisor;
  const multiplier = multipliers[suffix];
  return multiplier === undefined ? undefined : Number(digits) * multiplier;
}

/** One limit that allows more than it did: `after` is absent where it is gone. */
export interface Loosening {
  readonly name: string;
  readonly before: string;
  readonly after: string | undefined;
}

/** Limits that were removed, or raised by at least `factor`, between two versions of a list of limits. */
export function loosenings(before: Limits, after: Limits, factor = 1): readonly Loosening[] {
  return Object.entries(before).flatMap(([name, old]): readonly Loosening[] => {
    const now = Object.hasOwn(after, name) ? after[name] : undefined;
    if (now === undefined) return [{ name, before: old, after: undefined }];
    const [least, most] = [quantity(old), quantity(now)];
    if (least === undefined || most === undefined) return [];
    return most > least && most >= factor * least ? [{ name, before: old, after: now }] : [];
  });
}

/** Quantities by the name of what they limit. */
export type Limits = Readonly<Record<string, string>>;

/** A loosening in words: `cpu 500m → 8`, `memory 512Mi → unlimited`. */
export function looseningText({ name, before, after }: Loosening): string {
  return `${name} ${before} → ${after ?? 'unlimited'}`;
}
