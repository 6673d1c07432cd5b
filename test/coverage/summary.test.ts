import { beforeEach, expect, it } from 'vitest';
import { MemoryAlerts } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { type BlindInterval, intervalDocument } from '../../shared/coverage/blind.ts';
import { rememberDeployed } from '../../shared/coverage/deployed.ts';
import { day, hour } from '../../shared/model/time.ts';
import { orderOf } from '../../shared/triage/alert.ts';
import { summariseCoverage } from '../../shared/triage/coverage-summary.ts';
import { deployed } from '../support/watched-region.ts';

/** What people read in the morning of what was not seen. */

const night = Date.parse('2026-03-10T02:30:00Z');
const gap: BlindInterval = {
  ...{ id: 'trail-stopped', cluster: '', source: 'api', subject: 'trail all', status: 'blind', why: 'trail all is stopped' },
  ...{ fix: [], explained: '', from: night - 3 * hour, until: night, open: true },
};
let ports: { alerts: MemoryAlerts; state: MemoryState };
const told = async (at = night): Promise<readonly string[] | undefined> => {
  const alert = await summariseCoverage(at, ports);
  return alert && [alert.speaker.summary, ...alert.speaker.evidence.map(({ note }) => note)];
};
const know = (...intervals: readonly BlindInterval[]): Promise<void> =>
  ports.state.put(intervals.map((interval) => intervalDocument(deployed, interval, night)));

beforeEach(async () => {
  ports = { alerts: new MemoryAlerts(), state: new MemoryState() };
  await rememberDeployed(deployed, night - day, ports.state);
});

it('says nothing where everything was seen, or what was not explains itself or is long over', async () => {
  expect(await told()).toBeUndefined();
  await know(
    { ...gap, id: 'one', explained: 'the cluster is creating' },
    { ...gap, id: 'two', from: night - 3 * day, until: night - 2 * day, open: false },
  );
  expect(await told()).toBeUndefined();
});

it('counts what is open, unknown and over, and has a line for each', async () => {
  await know(
    gap,
    { ...gap, id: 'unknown', status: 'unknown', why: 'the alarms could not be looked at', from: night - hour },
    { ...gap, id: 'silent', why: 'nothing came', from: night - 6 * hour, until: night - 5 * hour, open: false },
  );
  expect(await told()).toEqual([
    'Not seen: 1; not known whether seen: 1; over since yesterday: 1. Evidence names each.',
    'blind from 2026-03-09T20:30:00.000Z to 2026-03-09T21:30:00.000Z: nothing came',
    'blind since 2026-03-09T23:30:00.000Z: trail all is stopped',
    'unknown since 2026-03-10T01:30:00.000Z: the alarms could not be looked at',
  ]);
});

it('is told once a night, and of many gaps names some', async () => {
  await know(...Array.from({ length: 25 }, (_, one) => ({ ...gap, subject: `trail ${String(one)}` })));
  const alert = await summariseCoverage(night, ports);
  expect(alert && orderOf(alert)?.reason).toBe('first seen');
  expect(alert?.speaker.summary).toMatch(/Evidence names all but 5\.$/);
  expect(await told()).toBeUndefined();
  expect((await told(night + day))?.[0]).toMatch(/^Not seen: 25;/);
});

it('says nothing where nothing was deployed', async () => {
  ports.state = new MemoryState();
  await know(gap);
  expect(await told()).toBeUndefined();
});
