import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { type Detection, sequence } from '../../shared/detect/kit.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { hour, minute } from '../../shared/model/time.ts';
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
  const suppression = { id: 's', cluster: '*', entity: '*', who: 'operator', why: 'maintenance' };
  const suppressions = suppressedUntil === undefined ? [] : [{ ...suppression, detection: 'change', until: suppressedUntil }];
  const ports: TriagePorts & { alerts: MemoryAlerts } = {
    alerts: new MemoryAlerts(),
    settings: new MemorySettings(suppressions),
    state: new MemoryState(),
  };
  for (const group of groups) await triage(group, changeThenShell, ports);
  return ports.alerts
    .all()
    .map(({ speaker, state }) => `${speaker.detection} ${state}`)
    .sort();
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
