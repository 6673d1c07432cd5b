import { describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flow } from '../../shared/detect/kit.ts';
import type { Severity } from '../../shared/model/finding.ts';
import { tickAt } from '../../shared/model/event.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { day, hour } from '../../shared/model/time.ts';
import { type Mode, Pipeline } from '../../shared/pipeline.ts';
import { deliver, recordOf, site, start } from './histories.ts';

/** What an hour teaches the hours after it, and that judging it again changes nothing. */

/** Tells every hour in which more than three times the most of the hours before was sent, if three days are known. */
const surge = (severity: Severity) =>
  flow.rollup({
    id: 'surge',
    title: 'surge',
    severity,
    confidence: 'low',
    attack: ['T1041'],
    rows: [],
    next: 'Look.',
    judge: ({ from, to, bytes, past }) => {
      const usual = past.usual((sums) => sums.bytes);
      if (usual === undefined || bytes <= 3 * usual.most) return undefined;
      return { entity: from, about: to, summary: 'surge', baseline: { most: usual.most, median: usual.median, hours: usual.hours } };
    },
  });

let position = 0;
const sent = (at: number, bytes: number): LogRecord => recordOf({ at, kind: 'flow', bytes }, (position += 1));

class World {
  readonly state = new MemoryState();
  readonly findings = new MemoryFindings();
  private readonly severity: Severity;

  constructor(severity: Severity = 'medium') {
    this.severity = severity;
  }

  /** A process of its own. */
  pipeline(state: MemoryState = this.state): Pipeline {
    return new Pipeline([{ strategy: 'laws', detection: surge(this.severity) }], { state, findings: this.findings, site });
  }

  /** What was sent in an hour, and whether that is told when it closes. */
  async hour(at: number, bytes: number, { also = [], mode = 'live' }: { also?: readonly LogRecord[]; mode?: Mode } = {}): Promise<boolean> {
    const process = this.pipeline();
    await deliver(process, [sent(at, bytes), ...also]);
    const { findings } = await process.tick(tickAt(at + 3 * hour), mode);
    return findings.length > 0;
  }

  async usualDays(bytes = 100): Promise<void> {
    for (let at = 0; at < 4; at += 1) await this.hour(start + at * day, bytes);
  }
}

const then = start + 4 * day;
const skipped = (at: number): LogRecord => {
  const seconds = String(at / 1000);
  return { id: `gap ${seconds}`, message: `2 111122223333 eni-0b - - - - - - - ${seconds} ${seconds} - SKIPDATA` };
};

describe('an hour', () => {
  test('is compared with the days before it, and three of them must show what is usual', async () => {
    const young = new World();
    for (let at = 0; at < 2; at += 1) await young.hour(start + at * day, 100);
    expect(await young.hour(start + 3 * day, 900)).toBe(false);

    const world = new World();
    await world.usualDays();
    expect(await world.hour(then, 300)).toBe(false);
    expect(await world.hour(then + 3 * hour, 901)).toBe(true);
    expect(world.findings.all().map(({ speaker }) => speaker.baseline)).toEqual([{ most: 300, median: 100, hours: 5 }]);
  });

  test('of which something medium was told does not teach; of which something low was, does', async () => {
    const medium = new World('medium');
    await medium.usualDays();
    expect([await medium.hour(then, 900), await medium.hour(then + hour, 900)]).toEqual([true, true]);
    const low = new World('low');
    await low.usualDays();
    expect([await low.hour(then, 900), await low.hour(then + hour, 900)]).toEqual([true, false]);
  });

  test('of history teaches whatever is found in it', async () => {
    const world = new World('medium');
    await world.usualDays();
    await world.hour(then, 900, { mode: 'history' });
    expect(await world.hour(then + hour, 900)).toBe(false);
  });

  test('in which the log had gaps teaches nothing: a gap is no silence, and no habit', async () => {
    const world = new World('low');
    await world.usualDays();
    await world.hour(then, 250, { also: [skipped(then)] });
    expect(await world.hour(then + hour, 700)).toBe(true);
  });

  test('of more than eight days ago is forgotten', async () => {
    const world = new World();
    await world.usualDays();
    expect(await world.hour(start + 12 * day, 900)).toBe(false);
  });
});

test('an hour is judged again after a crash, with the same finding, and counts once for the hours after it', async () => {
  for (const call of ['put', 'remove'] as const) {
    const world = new World();
    await world.usualDays();
    await deliver(world.pipeline(), [sent(then, 900)]);
    const dying = new Proxy(world.state, {
      get(target, property) {
        const method = Reflect.get(target, property) as (...parameters: unknown[]) => unknown;
        return property === call ? () => Promise.reject(new Error('out of memory')) : method.bind(target);
      },
    });
    await expect(world.pipeline(dying).tick(tickAt(then + 3 * hour))).rejects.toThrow('out of memory');
    expect((await world.pipeline().tick(tickAt(then + 3 * hour))).findings).toHaveLength(1);
    expect((await world.pipeline().tick(tickAt(then + 4 * hour))).findings).toEqual([]);
    expect(world.findings.all()).toHaveLength(1);
  }
});

test('an hour that a late payload opens again is judged by the hours before it, and kept as it is now', async () => {
  const world = new World();
  await world.usualDays();
  expect(await world.hour(then, 200)).toBe(false);
  expect(await world.hour(then + hour, 550)).toBe(false);
  const late = { ...sent(then, 500), ingested: then + 5 * hour };
  await deliver(world.pipeline(), [late]);
  const { findings } = await world.pipeline().tick(tickAt(then + 6 * hour));
  expect(findings.map(({ baseline }) => baseline)).toEqual([{ most: 100, median: 100, hours: 4 }]);
});

test('hours that close on one tick are judged in order, each known to the next', async () => {
  const world = new World('low');
  await world.usualDays();
  await deliver(world.pipeline(), [sent(then + hour, 900), sent(then, 400)]);
  const { findings } = await world.pipeline().tick(tickAt(then + 6 * hour));
  expect(findings.map(({ time }) => time)).toEqual([then + hour]);
});
