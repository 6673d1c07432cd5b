import { iso, day, hour, minute, second } from '../model/time.ts';
import { markup, type Markup } from './markup.ts';

/** A time as people read it, exact for programs. */
export function moment(time: number): Markup {
  if (time <= 0) return markup`an unknown time`;
  const [date = '', clock = ''] = iso(time).split('T');
  return markup`<time datetime="${iso(time)}">${date} ${clock.slice(0, 8)} UTC</time>`;
}

/** A time in a table: the time of day, and the day below it. */
export function cellTime(time: number, until?: number): Markup {
  if (time <= 0) return markup`unknown`;
  const [date = '', clock = ''] = iso(time).split('T');
  const [endDate = '', endClock = ''] = iso(until ?? time).split('T');
  const end =
    until === undefined || until - time < second ? undefined : markup`<br>to <time datetime="${iso(until)}">${endClock.slice(0, 8)}</time>`;
  const day = end === undefined || endDate === date ? date : `${date} to ${endDate}`;
  return markup`<time datetime="${iso(time)}">${clock.slice(0, 8)}</time>${end}<br><small>${day}</small>`;
}

/** The time of day, with the date where a reader cannot know it. */
export function clockOf(time: number, dated: boolean): string {
  const [date = '', clock = ''] = iso(time).split('T');
  return dated ? `${date} ${clock.slice(0, 8)}` : clock.slice(0, 8);
}

/** How long something took, in words. */
export function span(duration: number): string {
  const units = [
    [day, 'day'],
    [hour, 'hour'],
    [minute, 'minute'],
    [second, 'second'],
  ] as const;
  const [size, name] = units.find(([unit]) => duration >= unit) ?? [second, 'second'];
  const many = Math.max(1, Math.round(duration / size));
  return `${String(many)} ${name}${many === 1 ? '' : 's'}`;
}

const steps = [1, 2, 5, 10, 15, 30].flatMap((many) => [many * second, many * minute]).concat([1, 2, 3, 6, 12].map((many) => many * hour), [1, 2, 7, 14, 30, 90, 365].map((many) => many * day)); // prettier-ignore

/** Round moments between two, at most `most`. */
export function ticksBetween(first: number, last: number, most: number): readonly { readonly time: number; readonly label: string }[] {
  const step = steps.toSorted((a, b) => a - b).find((size) => (last - first) / size <= most) ?? 1_000 * day;
  const ticks: { time: number; label: string }[] = [];
  let shown = '';
  for (let time = Math.ceil(first / step) * step; time <= last && ticks.length <= most; time += step) {
    const [date = '', clock = ''] = iso(time).split('T');
    const ofDay = step >= day ? '' : clock.slice(0, step < minute ? 8 : 5);
    ticks.push({ time, label: date === shown && step < day ? ofDay : `${ofDay} ${date.slice(5)}`.trim() });
    shown = date;
  }
  return ticks;
}
