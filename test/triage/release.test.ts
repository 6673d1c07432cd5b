import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { alertText } from '../../shared/alert/text.ts';
import { sequence, type Detection } from '../../shared/detect/kit.ts';
import type { Severity } from '../../shared/model/finding.ts';
import { siteOf } from '../../shared/model/site.ts';
import { day, hour } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { close } from '../../shared/triage/closing.ts';
import { joinUsual } from '../../shared/triage/release.ts';
import type { Suppression } from '../../shared/triage/suppression.ts';
import { notify, triage } from '../../shared/triage/triage.ts';
import { graveNovelty } from '../laws/catalogue.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';

/** What joins by itself, when, and what never does. */

const start = Date.UTC(2026, 2, 9, 6);
/** Days after the start on which the new network is seen first. */
const first = 3;

const novelty = (severity: Severity) => ({
  ...graveNovelty,
  severity,
  memory: { networks: { ...graveNovelty.memory['networks'], days: 30 } as never },
  judge: ((...[event, views]: Parameters<typeof graveNovelty.judge>) => {
    const verdict = graveNovelty.judge(event, views);
    return verdict && { ...verdict, baseline: { new: event.origin.network } };
  }) as typeof graveNovelty.judge,
});

class Nights {
  readonly state = new MemoryState();
  readonly alerts = new MemoryAlerts();
  private readonly findings = new MemoryFindings();
  private readonly catalogue: readonly { strategy: string; detection: Detection }[];
  private readonly pipeline: Pipeline;
  private readonly told: boolean;
  private readonly settings: MemorySettings;

  constructor(severity: Severity, { told = true, chained = false, suppressions = [] as readonly Suppression[] } = {}) {
    const chain = sequence({
      ...{ id: 'chain', title: 'chain', severity: 'critical', confidence: 'low', attack: [], rows: [], next: 'Look.' },
      ...{ steps: [['grave-novelty']], within: day, summary: 'A chain' },
    });
    const detections: readonly Detection[] = [novelty(severity), ...(chained ? [chain] : [])];
    this.catalogue = detections.map((detection) => ({ strategy: 'test', detection }));
    this.pipeline = new Pipeline(this.catalogue, { state: this.state, findings: this.findings, site: siteOf() });
    this.told = told;
    this.settings = new MemorySettings(suppressions);
  }

  /** Reads from networks on a day; returns how many were found new. */
  async on(days: number, ...networks: readonly number[]): Promise<number> {
    const at = start + days * day;
    const lines = networks.map((net) =>
      auditLine({ at: at + net, id: `${String(net)} ${String(at)}`, from: `192.0.${String(net)}.7`, resource: 'configmaps' }),
    );
    const { findings } = await this.pipeline.analyse(auditBatch(recordsOf(lines)));
    for (const group of this.findings.takeFresh())
      for (const alert of await triage(group, this.catalogue, { alerts: this.alerts, settings: this.settings, state: this.state }))
        if (this.told) await notify(alert, { tell: () => Promise.resolve() }, this.alerts);
    return findings.length;
  }

  async night(days: number): Promise<number> {
    return (await joinUsual(this.catalogue, start + days * day + hour, this)).joins.length;
  }

  /** Sees network 2 on some days and returns whether it was learnt by the night after. */
  async learns(days: readonly number[], night = 30): Promise<boolean> {
    await this.on(0, 1);
    for (const on of days) await this.on(on, 2);
    await this.night(night);
    return (await this.on(night, 2)) === 0;
  }
}

const often = [first, first + 1, first + 9];

describe('novelty joins by itself', () => {
  it('14 days after its first finding, once it was seen on three days', async () => {
    const nights = new Nights('medium');
    await nights.on(0, 1);
    for (const on of often) expect(await nights.on(on, 2)).toBe(1);
    expect(await nights.night(first + 13)).toBe(0);
    expect(await nights.night(first + 14)).toBe(1);
    expect(await nights.on(first + 14, 2)).toBe(0);
  });

  it('once: the next night has nothing to tell', async () => {
    const nights = new Nights('medium');
    await nights.learns(often, first + 14);
    expect(await nights.night(first + 15)).toBe(0);
  });

  it('and is told of in one alert a night', async () => {
    const nights = new Nights('medium');
    await nights.on(0, 1);
    for (const on of often) await nights.on(on, 2);
    const { summary } = await joinUsual([{ strategy: 'test', detection: novelty('medium') }], start + 17 * day + hour, nights);
    const [alert] = nights.alerts.all();
    expect(summary && alertText(summary, { width: 100, colour: false })).toBe(
      [
        'LOW  Novelties became usual by themselves, in harbour',
        '  what      What 1 alert told of was seen on 3 days or more in 14 days, and nobody closed it as',
        '            malicious: it is normal from now on.',
        '  who       cluster harbour',
        '  where     cluster harbour, account 111122223333, eu-central-1',
        '  when      2026-03-26 07:00:00 UTC, once; confidence high',
        '  normal    alerts 1; listed below 1',
        `  evidence  2026-03-12 06:00:00 UTC alert ${alert?.id ?? ''}: new 192.0.2.0/24`,
        '  next      Close as malicious any of these alerts that should not be normal: that forgets what they',
        '            taught.',
        `  more      README.md, detection novelty-joined, alert ${summary?.id ?? ''}`,
      ].join('\n'),
    );
  });

  it('though it was told first and learnt later: a night that died in between is completed', async () => {
    const nights = new Nights('medium');
    await nights.on(0, 1);
    for (const on of often) await nights.on(on, 2);
    const { state, alerts } = nights;
    const dying = { alerts, state: Object.assign(Object.create(state) as MemoryState, { merge: () => Promise.reject(new Error('gone')) }) };
    await expect(joinUsual([{ strategy: 'test', detection: novelty('medium') }], start + 17 * day + hour, dying)).rejects.toThrow('gone');
    expect(alerts.all()).toHaveLength(2);
    expect(await nights.night(17)).toBe(1);
    expect(alerts.all()).toHaveLength(2);
    expect(await nights.on(17, 2)).toBe(0);
  });
});

describe('novelty never joins by itself', () => {
  it.each(['high', 'critical'] as const)('when it is %s', async (severity) => {
    expect(await new Nights(severity).learns(often)).toBe(false);
  });

  it('when it was seen on two days only', async () => {
    expect(await new Nights('medium').learns([first, first + 9])).toBe(false);
  });

  it('when nobody was told', async () => {
    expect(await new Nights('medium', { told: false }).learns(often)).toBe(false);
  });

  it('when a person silenced it', async () => {
    const suppression = { id: 's', detection: '*', cluster: '*', entity: '*', who: 'dana', why: 'noise', until: start + 900 * day };
    expect(await new Nights('medium', { suppressions: [suppression] }).learns(often)).toBe(false);
  });

  it('when it is part of an incident', async () => {
    expect(await new Nights('medium', { chained: true }).learns(often)).toBe(false);
  });

  it('when its author was found malicious in another alert, until that is taken back', async () => {
    const nights = new Nights('medium');
    await nights.on(0, 1);
    for (const on of often) await nights.on(on, 2);
    const [alert] = nights.alerts.all();
    const other = { ...alert!, id: 'another alert' };
    nights.alerts.load(other);
    const decision = { who: 'dana', why: '', at: start + 15 * day };
    await close(other.id, { ...decision, verdict: 'malicious' }, nights);
    expect(await nights.night(17)).toBe(0);
    await close(other.id, { ...decision, verdict: 'benign' }, nights);
    expect(await nights.night(17)).toBe(1);
  });

  it('when a person closed it', async () => {
    const nights = new Nights('medium');
    await nights.on(0, 1);
    for (const on of often) await nights.on(on, 2);
    const [alert] = nights.alerts.all();
    await close(alert!.id, { who: 'dana', why: '', at: start + 15 * day, verdict: 'malicious' }, nights);
    expect(await nights.night(17)).toBe(0);
  });

  it('by the company it keeps: what one alert saw once stays out', async () => {
    const nights = new Nights('medium');
    await nights.on(0, 1);
    for (const [position, on] of often.entries()) await nights.on(on, 2, 3 + position);
    await nights.night(17);
    expect(await nights.on(17, 2, 3, 4, 5)).toBe(3);
  });
});
