import { parseArgs } from 'node:util';
import { mostBytes, mostHeap, mostItems, mostWriteUnits } from './bounds.ts';
import { mostTallied } from '../../shared/state/counts/tallies.ts';
import { flooded, heapAfter } from './flooding.ts';
import { floods } from './floods.ts';

/** What an hour of invented names makes of the table, the bill and the heap, each beside its bound. */

const { values } = parseArgs({ options: { names: { type: 'string', default: '1000000' }, flood: { type: 'string' } } });
const names = Number(values.names);
if (!Number.isInteger(names) || names < 1) throw new Error('--names takes a whole number');

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MB`;
const beside = (what: string, value: number, most: number, text: (value: number) => string): string =>
  `  ${what.padEnd(24)} ${text(value)}, at most ${text(most)}${value <= most ? '' : ': BROKEN'}`;

for (const flood of floods.filter(({ id }) => values.flood === undefined || id === values.flood)) {
  const heap = await heapAfter(flood, names);
  const measured = await flooded(flood, names);
  const grows = Object.entries(flood.itemsPerName);
  const perHour = (1_000_000 / names) * measured.dollars;
  console.log(
    [
      `${flood.id}: ${whole(names)} ${flood.what}`,
      beside('items', measured.items, mostItems(flood, names), whole),
      beside('write units a minute', measured.writeUnitsPerMinute, mostWriteUnits(flood, names, measured.largest), whole),
      beside('bytes of the largest', measured.largest, mostBytes, whole),
      beside('heap', heap, mostHeap, megabytes),
      grows.length === 0
        ? '  items do not depend on the number of names'
        : `  until there are ${whole(mostTallied)} of a kind, each name adds ${grows.map(([kind, count]) => `${String(count)} ${kind}`).join(', ')}`,
      `  $${perHour.toFixed(2)} at the state table for a million such requests`,
      `  told by ${[...measured.told].map(([id, times]) => `${id} (${whole(times)})`).join(', ') || 'nothing: NOT FOUND'}`,
      `  the attack in it was found by ${measured.attack.join(', ') || 'nothing: NOT FOUND'}`,
    ].join('\n'),
  );
}
