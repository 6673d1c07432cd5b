import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nightly } from '../../cli/nightly.ts';
import { type ReplayOptions, readOptions } from '../../cli/options.ts';
import { type Outcome, Replay } from '../../cli/replaying.ts';
import { Memory } from '../../cli/state-file.ts';
import { audit } from '../../shared/detect/kit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { tickAt } from '../../shared/model/event.ts';
import { day, hour, second } from '../../shared/model/time.ts';
import { auditLine } from '../support/records.ts';
import { Desk } from '../support/terminal.ts';

/** What the scheduler has done every night is done in a replay, in its history as well. */

const start = Date.UTC(2026, 2, 2, 0);

const burst = audit.threshold({
  id: 'burst',
  title: 'burst',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1610'],
  rows: [],
  next: 'Look.',
  reads: { verbs: ['create'], resources: ['pods'] },
  count: { by: ({ actor }: AuditEvent) => [actor.id], minutes: 5 },
  limit: { ceiling: 100, profile: { floor: 5, deviations: 4 } },
  judge: (event: AuditEvent, { count, baseline }) => ({ entity: event.actor, summary: `${String(count)} pods`, baseline }),
});
const catalogue = [{ strategy: 'test', detection: burst }];

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => {
  desk[Symbol.dispose]();
});

const pods = (at: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) =>
    auditLine({ at: at + n * second, id: `${String(at)} ${String(n)}`, verb: 'create', resource: 'pods', name: `p${String(n)}` }),
  );

/** Two pods every other hour. */
const days = (count: number): string[] => Array.from({ length: 12 * count }, (_, n) => pods(start + 2 * n * hour, 2)).flat();

async function replay(...words: readonly string[]): Promise<Outcome> {
  return new Replay(readOptions(['--cluster', 'harbour', ...words]) as ReplayOptions, catalogue).run({ write: () => true });
}

const file = (name: string, lines: readonly string[]): string => desk.put(name, `${lines.join('\n')}\n`);

describe('profiles in a replay', () => {
  it('are learnt in the nights of the history, and spoken by in the day', async () => {
    const today = file('today.ndjson', pods(start + 8 * day + 12 * hour, 40));
    expect((await replay(today)).alerts).toEqual([]);
    const { alerts } = await replay('--learn', file('history.ndjson', days(8)), today);
    expect(alerts.map(({ speaker }) => speaker.detection)).toEqual(['burst']);
    expect(alerts[0]?.speaker.baseline?.['known windows']).toBeGreaterThan(80);
  });

  it('are learnt in the nights between the days themselves', async () => {
    const { alerts } = await replay(file('days.ndjson', [...days(8), ...pods(start + 8 * day + 12 * hour, 40)]));
    expect(alerts.map(({ speaker }) => speaker.detection)).toEqual(['burst']);
  });
});

describe('the memory of a replay', () => {
  it('keeps nothing of a night that the next nights do not need', async () => {
    const memory = new Memory();
    for (let night = 0; night < 40; night += 1) await nightly(catalogue, tickAt(start + night * day + 3 * hour), memory);
    const entries = [...memory.state.dump()].map((entry) => ('document' in entry ? entry.document : entry.merge));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.length).toBeLessThan(80);
  });

  it('is worked on once a night', async () => {
    const memory = new Memory();
    expect(await nightly(catalogue, tickAt(start + 2 * hour), memory)).toBeUndefined();
    expect(await nightly(catalogue, tickAt(start + 2.4 * hour), memory)).toBeUndefined();
    expect(await nightly(catalogue, tickAt(start + 2.6 * hour), memory)).toMatchObject({ reminders: [] });
    expect(await nightly(catalogue, tickAt(start + 26 * hour), memory)).toBeUndefined();
  });

  it('is not emptied by a clock that leaps', async () => {
    const memory = new Memory();
    await nightly(catalogue, tickAt(start), memory);
    await memory.state.merge([{ key: 'seen:x', sets: { m: ['1'] }, expires: start + day, cap: 1 }]);
    await nightly(catalogue, tickAt(start + 10_000 * day), memory);
    expect((await memory.state.read(['seen:x'])).size).toBe(1);
  });
});
