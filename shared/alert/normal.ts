import type { Baseline } from '../model/finding.ts';

/** What was normal, with its numbers, as a person says it; empty where nothing is known. */
export function normalText(baseline: Baseline): string {
  const { usual, ceiling, 'known windows': windows, 'counted: one connection in': oneIn, ...rest } = baseline;
  const sampled = oneIn === undefined ? '' : `; one connection in ${String(oneIn)} is counted`;
  if (typeof usual === 'number' && ceiling !== undefined) return habitText(baseline) + sampled;
  if (windows === 0 && ceiling !== undefined)
    return `no habit is known here yet; ${valueText(ceiling)} is the limit for everybody${sampled}`;
  return typeof rest['new'] === 'string' ? noveltyText(baseline) : listText(baseline);
}

/** Of a count that is compared with those before. */
function habitText(baseline: Baseline): string {
  const { usual, 'usual deviation': spread, limit, 'time class': time, 'known windows': windows, 'known days': days } = baseline;
  const habit = `usually ${valueText(usual)}${spread === undefined ? '' : `, give or take ${valueText(spread)}`}`;
  const when = typeof time === 'string' ? ` ${times[time] ?? time}` : '';
  const learnt =
    windows === undefined || windows === 0
      ? 'as others of its kind do: it has no habit of its own yet'
      : `learnt from ${valueText(windows)} ${windows === 1 ? 'stretch' : 'stretches'} of time${days === undefined ? '' : ` on ${daysIn(days)}`}`;
  return `${habit}${when}; ${learnt}; the limit is ${valueText(limit)}`;
}

/** Parts of the week that habits are learnt for (`shared/state/profile.ts`). */
const times: Readonly<Record<string, string>> = {
  'weekday-work': 'on weekdays from 7 to 18 UTC',
  'weekday-evening': 'on weekdays from 18 to 23 UTC',
  'weekday-night': 'on weekdays from 23 to 7 UTC',
  'weekend-work': 'on weekends from 7 to 18 UTC',
  'weekend-evening': 'on weekends from 18 to 23 UTC',
  'weekend-night': 'on weekends from 23 to 7 UTC',
};

function daysIn(days: string | number): string {
  const [own = ''] = String(days).split(' of ');
  return counted(own);
}

/** Names under which detections say how long they have watched. */
const watchedFor: ReadonlySet<string> = new Set(['known for days', 'seen for days', 'at work for days', 'flows watched for days']);

/** Of something that was not among what is known. */
function noveltyText({ new: what = '', ...rest }: Baseline): string {
  const known = listText(rest);
  return `${String(what)} is new${known === '' ? '' : `; ${known}`}`;
}

function listText(baseline: Baseline): string {
  const isVolume = typeof baseline['sent'] === 'number';
  return Object.entries(baseline).reduce((text, [name, value]) => {
    const part = partText(name, value, isVolume);
    if (part === '' || text === '') return text + part;
    return `${text}${name === 'such as' ? ', ' : '; '}${part}`;
  }, '');
}

/** Figures that stand beside what was sent and are bytes, too. */
const volumes: ReadonlySet<string> = new Set([
  'sent',
  'received',
  'limit',
  'high from',
  'median hour',
  'most in an hour',
  'largest hour',
  'most on a day before',
]);

function partText(name: string, value: string | number, isVolume: boolean): string {
  if (name === 'such as') return value === '' ? '' : `such as ${String(value)}`;
  if (watchedFor.has(name)) return `${name === 'known for days' ? 'watched' : name.replace(/ for days$/, '')} for ${counted(value)}`;
  if (name === 'known on days') return `seen on ${counted(value)}`;
  if (typeof value === 'string') return `${name}: ${value === '' ? 'none' : value}`;
  if (isVolume && volumes.has(name)) return `${name} ${bytesText(value)}`;
  const [, things] = /^known (.+)$/.exec(name) ?? [];
  if (things === undefined) return `${name} ${valueText(value)}`;
  if (value === 0) return `no ${things} known`;
  return `${valueText(value)} ${value === 1 ? things.replace(/s\b/, '') : things} known`;
}

function counted(value: string | number): string {
  return `${String(value)} ${String(value) === '1' ? 'day' : 'days'}`;
}

function valueText(value: string | number | undefined): string {
  if (typeof value !== 'number') return value === undefined ? 'an unknown number' : value;
  if (!Number.isFinite(value)) return 'an unknown number';
  const [whole = '', fraction] = (Number.isInteger(value) ? String(value) : value.toFixed(2).replace(/\.?0+$/, '')).split('.');
  const grouped = /^-?\d{5,}$/.test(whole) ? whole.replace(/\B(?=(?:\d{3})+$)/g, ',') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as bills and network people count. */
function bytesText(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (Math.abs(amount) >= 1_000 && unit < units.length - 1) [amount, unit] = [amount / 1_000, unit + 1];
  return `${valueText(Math.round(amount * 10) / 10)} ${units[unit] ?? ''}`;
}
