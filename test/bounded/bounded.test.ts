import { describe, expect, it } from 'vitest';
import { mostBytes, mostItems, mostWriteUnits } from './bounds.ts';
import { flooded } from './flooding.ts';
import { floods } from './floods.ts';

/** `npm run bounded` does the same with a million names, and measures the heap. */
describe.each(floods)('an hour of invented names: $id', (flood) => {
  const names = 1_500;

  it('stays within its bounds, is told of, and hides no attack', async () => {
    const { items, largest, writeUnitsPerMinute, told, attack, kinds } = await flooded(flood, names);
    expect(items).toBeLessThanOrEqual(mostItems(flood, names));
    expect(largest).toBeLessThanOrEqual(mostBytes);
    expect(writeUnitsPerMinute).toBeLessThanOrEqual(mostWriteUnits(flood, names, largest));
    expect([...told.keys()].sort()).toEqual([...flood.toldBy].sort());
    expect(attack).toEqual(expect.arrayContaining(['privileged-container', 'exec-opens-shell']));
    // Whatever grows with names is admitted, and nothing else does.
    const growing = [...kinds].filter(([, count]) => count > names / 2).map(([kind]) => kind);
    expect(growing.sort()).toEqual(Object.keys(flood.itemsPerName).sort());
  });
});
