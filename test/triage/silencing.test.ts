import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import { groupFindings } from '../../shared/detect/finding-group.ts';
import { atLeast, type Finding, graver, type Severity } from '../../shared/model/finding.ts';
import { day, hour } from '../../shared/model/time.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { reachOf, silencedIn, silencedKeys } from '../../shared/triage/silenced.ts';
import { isAbout, type Settings, type Suppression } from '../../shared/triage/suppression.ts';
import { notify, triage } from '../../shared/triage/triage.ts';
import { findingNamed, groupOf } from '../support/findings.ts';

/** What people decided not to hear of: nothing disappears, nothing hides behind it, and it is counted to the finding. */

const noon = Date.parse('2026-03-02T12:00:00Z');

const finding = (name: string, change: Partial<Finding> = {}): Finding =>
  findingNamed(name, { severity: 'medium', ...change, fingerprint: `${change.detection ?? 'd'} ${change.entity?.id ?? 'e'}` });

const suppression = (change: Partial<Suppression> = {}): Suppression => ({
  id: 's',
  detection: '*',
  cluster: '*',
  entity: '*',
  who: 'dana',
  why: 'a migration',
  until: noon + 10 * day,
  severity: 'medium',
  ...change,
});

/** A triage whose decisions change in between, with what people were told. */
class Watch {
  readonly alerts = new MemoryAlerts();
  readonly state = new MemoryState();
  readonly told: string[] = [];
  decided: readonly Suppression[];

  constructor(...decided: readonly Suppression[]) {
    this.decided = decided;
  }

  async sees(...findings: readonly Finding[]): Promise<Alert> {
    const alert = await this.takes(groupOf(...findings));
    await notify(alert, { tell: (_, reason) => Promise.resolve(void this.told.push(reason)) }, this.alerts);
    return alert;
  }

  async takes(group: FindingGroup): Promise<Alert> {
    const settings: Settings = new MemorySettings(this.decided);
    const [alert] = await triage(group, [], { alerts: this.alerts, state: this.state, settings });
    return alert as Alert;
  }

  async reach(id: string) {
    return reachOf(id, await this.state.read(silencedKeys([id])));
  }
}

describe('a suppression', () => {
  it('silences what it names and counts it, and says by whom, why and until when', async () => {
    const watch = new Watch(suppression());
    const alert = await watch.sees(finding('one'));
    expect(alert).toMatchObject({ state: 'suppressed', count: 1, silenced: [{ by: 's', count: 1 }] });
    expect(alert.silencedBy).toBe('dana: a migration, until 2026-03-12T12:00:00.000Z');
    expect(watch.told).toEqual([]);
  });

  it('that was removed lets the next finding open the alert and tell', async () => {
    const watch = new Watch();
    await watch.sees(finding('before'));
    watch.decided = [suppression()];
    await watch.sees(finding('during', { time: noon + hour }));
    watch.decided = [];
    await watch.sees(finding('after', { time: noon + 2 * hour }));
    await watch.sees(finding('after that', { time: noon + 3 * hour }));
    expect(watch.told).toEqual(['first seen', 'again, no longer silenced']);
  });

  it('that ends does so by the time of the events', async () => {
    const watch = new Watch(suppression({ until: noon + hour }));
    expect((await watch.sees(finding('one', { time: noon + hour - 1 }))).state).toBe('suppressed');
    expect((await watch.sees(finding('two', { time: noon + hour }))).state).toBe('open');
    expect(watch.told).toEqual(['first seen']);
  });

  it('hides nothing graver than it covers, and what is milder does not hide it again before it is told', async () => {
    const watch = new Watch(suppression());
    await watch.takes(groupOf(finding('usual')));
    await watch.takes(groupOf(finding('grave', { severity: 'high', time: noon + 1 })));
    const alert = await watch.sees(finding('usual again', { time: noon + 2 }));
    expect(alert).toMatchObject({ state: 'open', severity: 'high', count: 3, silenced: [{ by: 's', count: 1 }] });
    expect(watch.told).toEqual(['first seen']);
  });

  it('covers as much as it says', async () => {
    for (const severity of ['low', 'medium', 'high', 'critical'] as const)
      for (const covered of ['low', 'medium', 'high', 'critical'] as const) {
        const alert = await new Watch(suppression({ severity: covered })).sees(finding('one', { severity }));
        expect(alert.state).toBe(atLeast(covered, severity) ? 'suppressed' : 'open');
      }
  });

  it('names detection, strategy, cluster, account, entity or one alert', () => {
    const found = finding('one', { detection: 'd', entity: { kind: 'identity', id: 'ci/bot', name: 'someone else' } });
    const narrow: readonly (readonly [Partial<Suppression>, boolean])[] = [
      [{ detection: 'd' }, true],
      [{ detection: 'e' }, false],
      [{ strategy: 'container-*' }, true],
      [{ strategy: 'exec' }, false],
      [{ cluster: 'har*' }, true],
      [{ cluster: 'pier' }, false],
      [{ account: '1111*' }, true],
      [{ cluster: 'harbour', account: '444455556666' }, false],
      [{ entity: 'ci/*' }, true],
      [{ entity: 'someone else' }, false],
      [{ alert: 'd ci/bot' }, true],
      [{ alert: 'd ci/other' }, false],
    ];
    for (const [scope, expected] of narrow) expect(isAbout(suppression(scope), found)).toBe(expected);
  });
});

describe('a staged detection', () => {
  const staged = suppression({ id: 'g', detection: 'd', staged: true, severity: 'low' });

  it('is recorded and counted however grave, and nobody is told', async () => {
    const watch = new Watch(staged);
    const alert = await watch.sees(finding('one', { detection: 'd', severity: 'critical' }));
    expect(alert).toMatchObject({ state: 'staged', count: 1, silencedBy: expect.stringMatching(/^staged by dana/) as string });
    expect(watch.told).toEqual([]);
  });

  it('that was promoted tells with the next finding', async () => {
    const watch = new Watch(staged);
    await watch.sees(finding('one', { detection: 'd' }));
    watch.decided = [];
    await watch.sees(finding('two', { detection: 'd', time: noon + 1 }));
    expect(watch.told).toEqual(['first seen']);
  });
});

const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const found = fc
  .record({
    detection: fc.constantFrom('d', 'e'),
    who: fc.constantFrom('ci/bot', 'ops/dana'),
    severity: fc.constantFrom(...severities),
    at: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ detection, who, severity, at }) => ({
    detection,
    severity,
    entity: { kind: 'identity' as const, id: who, name: who },
    time: noon + at * hour,
  }));
const decision = fc
  .record({
    id: fc.constantFrom('s1', 's2', 's3'),
    detection: fc.constantFrom('*', 'd', 'e'),
    entity: fc.constantFrom('*', 'ci/*', '*dana'),
    until: fc.integer({ min: 0, max: 40 }).map((hours) => noon + hours * hour),
    severity: fc.constantFrom(...severities),
    staged: fc.boolean(),
  })
  .map(({ staged, ...rest }) => suppression({ ...rest, ...(staged ? { staged: true } : {}) }));
const decisions = fc.uniqueArray(decision, { maxLength: 3, selector: ({ id }) => id });

/** Findings cut into payloads. */
const payloads = fc
  .array(fc.array(found, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((some) => some.map((each, payload) => each.map((change, at) => finding(`${String(payload)} ${String(at)}`, change))));

const groupsOf = (findings: readonly Finding[]): FindingGroup[] => groupFindings(findings, new Map());

describe('nothing disappears: every finding', () => {
  it('is told, grouped, suppressed or staged, exactly once, however often it comes and whatever is decided meanwhile', async () => {
    const deliveries = fc.record({
      some: payloads,
      changes: fc.array(decisions, { minLength: 8, maxLength: 8 }),
      again: fc.array(fc.nat(7), { maxLength: 6 }),
    });
    let silencedAtAll = 0;
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ some, changes, again }) => {
        const watch = new Watch();
        for (const [at, payload] of [...some, ...again.flatMap((index) => (some[index] === undefined ? [] : [some[index]]))].entries()) {
          watch.decided = changes[at % changes.length] ?? [];
          for (const group of groupsOf(payload)) await watch.takes(group);
        }
        const alerts = watch.alerts.all();
        const all = some.flat().length;
        const silenced = alerts.flatMap((alert) => alert.silenced ?? []).reduce((sum, { count }) => sum + count, 0);
        const heard = alerts.reduce(
          (sum, { count, silenced: hits = [] }) => sum + count - hits.reduce((each, hit) => each + hit.count, 0),
          0,
        );
        silencedAtAll += silenced;
        expect(heard + silenced).toBe(all);
        expect(heard).toBeGreaterThanOrEqual(0);
        for (const { state, silencedBy } of alerts) expect(silencedBy !== undefined).toBe(state === 'suppressed' || state === 'staged');
      }),
      { numRuns: 200, seed: 3 },
    );
    expect(silencedAtAll).toBeGreaterThan(200);
  });

  it('counts for a decision once, and the decision knows in which alerts', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, decisions, async (some, decided) => {
        const watch = new Watch(...decided);
        const twice = new Watch(...decided);
        for (const payload of some) for (const group of groupsOf(payload)) await watch.takes(group);
        for (const payload of [...some, ...some]) for (const group of groupsOf(payload)) await twice.takes(group);
        expect(twice.alerts.all()).toEqual(watch.alerts.all());
        for (const { id } of decided) {
          const { alerts } = await twice.reach(id);
          const hit = watch.alerts.all().filter((alert) => silencedIn(alert, id) > 0);
          expect(alerts).toEqual(expect.arrayContaining(hit.map((alert) => alert.id)));
        }
      }),
      { numRuns: 100, seed: 4 },
    );
  });

  it('leaves its alert in the same state, whichever came first', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, decisions, fc.array(fc.nat(), { minLength: 32, maxLength: 32 }), async (some, decided, order) => {
        const [straight, shuffled] = [new Watch(...decided), new Watch(...decided)];
        const groups = some.flatMap(groupsOf);
        for (const group of groups) await straight.takes(group);
        const keyed = groups.map((group, at) => ({ group, at: order[at] ?? 0 }));
        for (const { group } of keyed.sort((a, b) => a.at - b.at)) await shuffled.takes(group);
        const standing = ({ alerts }: Watch) =>
          alerts.all().map(({ id, state, severity, count }) => `${id} ${state} ${severity} ${String(count)}`);
        expect(standing(shuffled).sort()).toEqual(standing(straight).sort());
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it('is open once it is graver than every decision about it covers', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, fc.constantFrom(...severities), async (some, severity) => {
        const watch = new Watch(suppression({ severity, until: noon + 100 * day }));
        for (const payload of some) for (const group of groupsOf(payload)) await watch.takes(group);
        for (const alert of watch.alerts.all()) {
          const gravest = some.flat().filter(({ fingerprint }) => fingerprint === alert.id);
          const most = gravest.reduce<Severity>((sum, each) => graver(sum, each.severity), 'low');
          expect(alert.state).toBe(atLeast(severity, most) ? 'suppressed' : 'open');
        }
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});
