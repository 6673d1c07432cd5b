import { expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { tickAt } from '../../shared/model/event.ts';
import { hour } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { lawCatalogue } from './catalogue.ts';
import { site, deliver, recordOf, start } from './histories.ts';

/** The roll-up of the law catalogue fires from 1 000 bytes on: one payload holds 600. */
const payload = [recordOf({ at: start, kind: 'flow', bytes: 600 }, 1)];
const another = [recordOf({ at: start, kind: 'flow', bytes: 600 }, 2)];

async function foundAfter(...payloads: (typeof payload)[]): Promise<number> {
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
  for (const records of payloads) await deliver(new Pipeline(lawCatalogue, world), records);
  return (await new Pipeline(lawCatalogue, world).tick(tickAt(start + 3 * hour))).length;
}

test('a payload of flow lines that is delivered again is not summed again', async () => {
  expect(await foundAfter(payload, payload)).toBe(0);
  expect(await foundAfter(payload, another)).toBe(1);
});

test('a payload that comes after its hour was judged opens it again, even where the process opened it before', async () => {
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
  const process = new Pipeline(lawCatalogue, world);
  await deliver(process, payload);
  expect(await process.tick(tickAt(start + 3 * hour))).toEqual([]);
  await deliver(
    process,
    another.map((record) => ({ ...record, ingested: start + 4 * hour })),
  );
  expect(await process.tick(tickAt(start + 5 * hour))).toHaveLength(1);
});
