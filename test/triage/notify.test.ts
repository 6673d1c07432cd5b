import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryAlerts } from '../../shared/adapters/memory-findings.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import { type Alert, type AlertStore, closed, fold, orderOf } from '../../shared/triage/alert.ts';
import { notify } from '../../shared/triage/triage.ts';
import type { Severity } from '../../shared/model/finding.ts';
import { day } from '../../shared/model/time.ts';
import { findingNamed, groupOf } from '../support/findings.ts';

/** What is written to an alert, as its stream brings it: every version, in order. */
class Streamed implements AlertStore {
  readonly versions: Alert[] = [];
  /** The next write fails: the process died before it. */
  dies = false;
  private readonly memory = new MemoryAlerts();

  get(id: string): Promise<Alert | undefined> {
    return this.memory.get(id);
  }

  async update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert> {
    if (this.dies) throw new Error('died');
    const before = await this.memory.get(id);
    const alert = await this.memory.update(id, change);
    if (alert !== before) this.versions.push(alert);
    return alert;
  }

  /** The versions that brought an order that the one before did not hold. */
  orders(): Alert[] {
    return this.versions.filter((alert, at) => {
      const before = this.versions[at - 1];
      const order = orderOf(alert);
      return order !== undefined && order.number !== (before && orderOf(before)?.number);
    });
  }
}

const fresh = async (alerts: AlertStore, group: FindingGroup): Promise<Alert> =>
  alerts.update(group.fingerprint, (known) => fold(known, group, undefined));

/** A decision that covers whatever comes. */
const operator = { by: 'quiet', upTo: 'critical', staged: false, words: 'operator' } as const;

it('an order is told from what the alert said when it was given, once, however late or often it comes', async () => {
  const alerts = new Streamed();
  for (const name of ['one', 'two', 'three']) await fresh(alerts, groupOf(findingNamed(name)));
  const told: string[] = [];
  const teller = { tell: (alert: Alert, reason: string) => Promise.resolve(void told.push(`${String(alert.count)} ${reason}`)) };
  const orders = alerts.orders();
  for (const [at, order] of [...orders, ...orders].entries()) await notify(order, teller, alerts, at > 0);
  expect(told).toEqual(['1 first seen']);
});

it('what goes on from day to day is told of daily where it is high, and else after one day, two, four and so on', () => {
  const toldOn = (severity: Severity): number[] => {
    const days: number[] = [];
    let alert: Alert | undefined;
    for (let on = 0; on < 30; on += 1) {
      const finding = findingNamed(`day ${String(on)}`, { severity, time: on * (day + 1), fingerprint: 'daily' });
      const before = alert && orderOf(alert)?.number;
      alert = fold(alert, groupOf(finding), undefined);
      if (orderOf(alert)?.number !== before) days.push(on);
    }
    return days;
  };
  expect(toldOn('high')).toEqual(Array.from({ length: 30 }, (_, on) => on));
  // On the tenth it was seen ten times.
  expect(toldOn('medium')).toEqual([0, 1, 3, 7, 9, 19]);
});

it('an alert that could not be told is told the next time', async () => {
  const alerts = new MemoryAlerts();
  const change = await fresh(alerts, groupOf(findingNamed('one')));
  let told = 0;
  await expect(notify(change, { tell: () => Promise.reject(new Error('SNS is away')) }, alerts)).rejects.toThrow('SNS is away');
  await notify(change, { tell: () => Promise.resolve(void (told += 1)) }, alerts, true);
  expect(told).toBe(1);
});

it('an order that waits holds up no graver one', async () => {
  const alerts = new Streamed();
  await fresh(alerts, groupOf(findingNamed('mild', { severity: 'low' })));
  await fresh(alerts, groupOf(findingNamed('grave', { severity: 'critical' })));
  expect(alerts.orders().map(({ telling }) => `${String(telling?.number)} ${telling?.reason ?? ''}`)).toEqual([
    '1 first seen',
    '2 graver: was low',
  ]);
});

/** What may happen next: findings come, an order is delivered (again), with or without a crash before it is noted. */
type Step =
  | { readonly kind: 'findings'; readonly count: number; readonly severity: Severity; readonly later: number; readonly silenced: boolean }
  | { readonly kind: 'deliver'; readonly which: number; readonly fails: 'not' | 'before telling' | 'before noting' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('findings' as const),
    count: fc.constantFrom(1, 2, 9, 40, 300),
    severity: fc.constantFrom<Severity>('low', 'medium', 'high'),
    later: fc.constantFrom(0, 1_000, 2 * day),
    silenced: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('deliver' as const),
    which: fc.nat({ max: 20 }),
    fails: fc.constantFrom('not', 'not', 'before telling', 'before noting'),
  }),
);

describe('however findings, deliveries and crashes follow each other', () => {
  it('every order is told, twice only where it was not noted, and the last one is what people should know', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const alerts = new Streamed();
        const told = new Map<number, number>();
        const unnoted = new Map<number, number>();
        /** The stream gives up on no order before it succeeded; after that it may come again. */
        const deliver = async (order: Alert, fails: (Step & { kind: 'deliver' })['fails']): Promise<void> => {
          const { number } = order.telling ?? expect.fail('no order');
          const teller = {
            tell: () => {
              if (fails === 'before telling') return Promise.reject(new Error('SNS is away'));
              told.set(number, (told.get(number) ?? 0) + 1);
              alerts.dies = fails === 'before noting';
              return Promise.resolve();
            },
          };
          await notify(order, teller, alerts, true).catch(() => undefined);
          if (alerts.dies) unnoted.set(number, (unnoted.get(number) ?? 0) + 1);
          alerts.dies = false;
        };
        let [time, named] = [Date.parse('2026-03-02T12:00:00Z'), 0];
        for (const each of steps) {
          if (each.kind === 'deliver') {
            const orders = alerts.orders();
            const order = orders[each.which % Math.max(1, orders.length)];
            if (order !== undefined) await deliver(order, each.fails);
            continue;
          }
          time += each.later;
          const group = groupOf(
            ...Array.from({ length: each.count }, () => findingNamed(`finding ${String((named += 1))}`, { time, severity: each.severity })),
          );
          await alerts.update(group.fingerprint, (known) => fold(known, group, each.silenced ? operator : undefined));
        }
        for (const order of alerts.orders()) await deliver(order, 'not');

        const [last] = alerts.versions.slice(-1);
        if (last?.state === 'open') {
          const { severity, count, lastSeen } = last.told ?? expect.fail('an open alert was not told');
          expect(severity).toBe(last.severity);
          for (const milestone of [10, 100, 1_000]) expect(last.count >= milestone && count < milestone).toBe(false);
          const patience = severity === 'high' || severity === 'critical' ? day : Math.max(day, lastSeen - last.firstSeen);
          expect(last.lastSeen - lastSeen).toBeLessThanOrEqual(patience);
        }
        for (const order of alerts.orders()) {
          const { number } = order.telling ?? expect.fail('no order');
          // An order may be passed over for one after it, which says more.
          const isPassedOver = !told.has(number) && [...told.keys()].some((other) => other > number);
          expect(isPassedOver || (told.get(number) ?? 0) > 0).toBe(true);
          expect(told.get(number) ?? 0).toBeLessThanOrEqual(1 + (unnoted.get(number) ?? 0));
        }
        expect(new Set(alerts.orders().map(({ telling }) => telling?.number)).size).toBe(alerts.orders().length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is over', () => {
  const noon = findingNamed('begun').time;
  const [begun, ended] = [groupOf(findingNamed('begun')), groupOf(findingNamed('ended', { over: true, time: noon + 1 }))];

  it('is told once, and that it began again', () => {
    const alert = fold(fold(undefined, begun, undefined), ended, undefined);
    expect(orderOf(alert)?.reason).toBe('over');
    expect(orderOf(fold(alert, ended, undefined))?.number).toBe(2);
    expect(orderOf(fold(alert, groupOf(findingNamed('again', { time: noon + 2 })), undefined))?.reason).toBe('again, after it was over');
  });

  it('opens no alert that a person closed', () => {
    const known = closed(fold(undefined, begun, undefined), { verdict: 'benign', who: 'operator', why: 'maintenance', at: noon });
    expect(fold(known, ended, undefined).state).toBe('closed');
  });
});
