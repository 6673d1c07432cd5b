import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { type Detection, sequence } from '../../shared/detect/kit.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { alertMessage } from '../../shared/alert/message.ts';
import { type Alert, fold } from '../../shared/triage/alert.ts';
import { hour, minute, second } from '../../shared/model/time.ts';
import { triage, type TriagePorts } from '../../shared/triage/triage.ts';
import { findingNamed, groupOf } from '../support/findings.ts';

/** How findings were cut into groups, and which came first, decides nothing. */

const noon = Date.parse('2026-03-02T12:00:00Z');
const changeThenShell: readonly Registered<Detection>[] = [
  {
    strategy: 'test',
    detection: sequence({
      id: 'change-then-shell',
      title: 'change, then shell',
      severity: 'critical',
      confidence: 'high',
      attack: [],
      rows: [],
      next: 'Look.',
      steps: [['change'], ['shell']],
      within: hour,
      summary: 'A change and a shell',
    }),
  },
];

const finding = (detection: string, minutes: number, change: Partial<Finding> = {}): Finding =>
  findingNamed(`${detection} ${String(minutes)}`, { detection, fingerprint: detection, time: noon + minutes * minute, ...change });

async function alertsOf(groups: readonly FindingGroup[], suppressedUntil?: number): Promise<string[]> {
  return (await toldOf(groups, suppressedUntil)).map(({ speaker, state }) => `${speaker.detection} ${state}`).sort();
}

async function toldOf(groups: readonly FindingGroup[], suppressedUntil?: number): Promise<readonly Alert[]> {
  const suppression = { id: 's', cluster: '*', entity: '*', who: 'operator', why: 'maintenance' };
  const suppressions = suppressedUntil === undefined ? [] : [{ ...suppression, detection: 'change', until: suppressedUntil }];
  const ports: TriagePorts & { alerts: MemoryAlerts } = {
    alerts: new MemoryAlerts(),
    settings: new MemorySettings(suppressions),
    state: new MemoryState(),
  };
  for (const group of groups) await triage(group, changeThenShell, ports);
  return ports.alerts.all();
}

const [early, late] = [finding('change', 0), finding('change', 10)];
const shell = finding('shell', 5);
const all = ['change open', 'change-then-shell open', 'shell open'];

describe('a sequence', () => {
  it('is completed by the first of two findings that came together', async () => {
    expect(await alertsOf([early, shell, late].map((one) => groupOf(one)))).toEqual(all);
    expect(await alertsOf([groupOf(early, late), groupOf(shell)])).toEqual(all);
    expect(await alertsOf([groupOf(shell), groupOf(early, late)])).toEqual(all);
  });

  it('takes each finding by what it touched itself', async () => {
    const elsewhere = finding('change', 0, { links: ['identity other'] });
    expect(await alertsOf([groupOf(elsewhere, late), groupOf(shell)])).toEqual(['change open', 'shell open']);
  });

  it('is not completed by a finding that was suppressed, even beside one that was not', async () => {
    const rest = ['change open', 'shell open'];
    expect(
      await alertsOf(
        [early, late, shell].map((one) => groupOf(one)),
        early.time + minute,
      ),
    ).toEqual(rest);
    expect(await alertsOf([groupOf(early, late), groupOf(shell)], early.time + minute)).toEqual(rest);
  });
});

describe('a suppression that ended', () => {
  it('leaves the alert open, whichever finding comes last', async () => {
    const groups = [groupOf(early), groupOf(late)];
    expect(await alertsOf(groups, early.time + minute)).toEqual(['change open']);
    expect(await alertsOf(groups.toReversed(), early.time + minute)).toEqual(['change open']);
  });
});

describe('noise on a link', () => {
  const named = (detection: string, at: number, name: string): FindingGroup =>
    groupOf(
      findingNamed(name, { detection, fingerprint: detection, time: noon + at, ...(detection === 'shell' ? { title: 'Shell' } : {}) }),
    );
  const noise = (detection: string, from: number): FindingGroup[] =>
    Array.from({ length: 60 }, (_, n) => named(detection, from + n * second, `${detection} noise ${String(n)}`));
  const chain = [named('change', 5 * hour, 'the change'), named('shell', 5 * hour + 5 * minute, 'the shell')];
  const hasIncident = async (groups: readonly FindingGroup[]): Promise<boolean> =>
    (await toldOf(groups)).some(({ severity }) => severity === 'critical');

  it.each([
    ['long before', 0],
    ['within the hour before', 4.4 * hour],
    ['less than an hour before its last step', 4.2 * hour],
  ])('of more findings than are kept, %s, hides no chain', async (_, from) => {
    expect(await hasIncident([...noise('shell', from), ...chain])).toBe(true);
    expect(await hasIncident([...chain.toReversed(), ...noise('shell', from)])).toBe(true);
    expect(await hasIncident([...noise('change', from - hour), ...chain])).toBe(true);
  });

  it('that lasts for days hides none either', async () => {
    const lasting = Array.from({ length: 200 }, (_, n) => named('shell', (n - 200) * 15 * minute, `lasting ${String(n)}`));
    expect(await hasIncident([...lasting, ...chain])).toBe(true);
  });

  it('is told of, once, where there was no room for it', async () => {
    const crowded = noise('shell', 0);
    expect(await alertsOf(crowded)).toEqual(['change-then-shell open', 'shell open']);
    const ports = { alerts: new MemoryAlerts(), settings: new MemorySettings([]), state: new MemoryState() };
    for (const group of [...crowded, ...crowded]) await triage(group, changeThenShell, ports);
    const [told] = ports.alerts.all().filter(({ speaker }) => speaker.detection === 'change-then-shell');
    expect(told).toMatchObject({ severity: 'low', count: 1 });
    expect(told?.speaker.summary).toContain('More findings about');
    expect(await alertsOf(crowded.slice(0, 10))).toEqual(['shell open']);
  });
});

describe('a step that is known to the stretch only', () => {
  const sweep = finding('shell', -30, { until: noon + 90 * minute });

  it('may have come after what happened in it, and not after what happened later', async () => {
    expect(await alertsOf([groupOf(early), groupOf(sweep)])).toEqual(all);
    expect(await alertsOf([groupOf(sweep), groupOf(early)])).toEqual(all);
    expect(await alertsOf([groupOf(finding('change', 95)), groupOf(sweep)])).toEqual(['change open', 'shell open']);
  });

  it('is suppressed no longer than the suppression lasts', async () => {
    expect(await alertsOf([groupOf(finding('change', -10, { until: noon + 10 * minute })), groupOf(shell)], noon)).toContain(
      'change-then-shell open',
    );
  });
});

describe('what an alert says', () => {
  const facts = fc.record({
    minutes: fc.integer({ min: 0, max: 5 }),
    severity: fc.constantFrom('low', 'medium', 'high'),
    confidence: fc.constantFrom('low', 'high'),
    summary: fc.constantFrom('one', 'another'),
    notes: fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 5 }), note: fc.constantFrom('read', 'written', 'removed') }), {
      minLength: 1,
      maxLength: 4,
    }),
    by: fc.array(fc.constantFrom('dana', 'kim', 'sam'), { maxLength: 2 }),
  });
  const findings = fc.array(facts, { minLength: 1, maxLength: 12 }).map((some) =>
    some.map(({ minutes, notes, ...rest }, index) =>
      findingNamed(`finding ${String(index)}`, {
        ...rest,
        time: noon + minutes * minute,
        evidence: notes.map((each) => ({ time: noon + each.minutes * minute, note: each.note })),
      }),
    ),
  );
  /** The findings in another order, cut into groups somewhere, and some of them twice. */
  const arrivals = findings.chain((all) =>
    fc.record({
      all: fc.constant(all),
      again: fc
        .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all))
        .map(([shuffled, twice]) => [...shuffled, ...twice]),
      cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20, maxLength: 20 }),
    }),
  );
  const said = (groups: readonly FindingGroup[]): unknown => {
    const alert = groups.reduce<Alert | undefined>((known, group) => fold(known, group, undefined), undefined);
    if (alert === undefined) throw new Error('no finding, no alert');
    // Which telling it is counts what was told on the way.
    const { telling, ...rest } = alert;
    expect(telling?.number).toBeGreaterThan(0);
    return alertMessage(rest, 'first seen');
  };

  it('is the same however its findings came: in any order, cut anyhow, and some of them twice', () => {
    fc.assert(
      fc.property(arrivals, ({ all, again, cuts }) => {
        const groups: FindingGroup[] = [];
        for (let at = 0; at < again.length; at += cuts[groups.length - 1] ?? 1) {
          const piece = again.slice(at, at + (cuts[groups.length] ?? 1));
          groups.push(groupOf(...new Set(piece)));
        }
        expect(said(groups)).toEqual(said([groupOf(...all)]));
      }),
      { numRuns: 300 },
    );
  });
});
