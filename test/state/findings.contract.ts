import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Alert, type AlertStore, fold } from '../../shared/triage/alert.ts';
import type { FindingGroup, FindingStore } from '../../shared/detect/finding-group.ts';
import { alertOf, findingNamed, groupOf } from '../support/findings.ts';

/** A finding store and a way to look into it. */
interface OpenFindings {
  readonly store: FindingStore;
  all(): Promise<readonly FindingGroup[]> | readonly FindingGroup[];
}

/** What every finding store promises. */
export function findingStoreContract(open: () => Promise<OpenFindings> | OpenFindings): void {
  let findings: OpenFindings;
  const of = async (fingerprint: string) => (await findings.all()).filter((group) => group.fingerprint === fingerprint);

  beforeAll(async () => {
    findings = await open();
  });

  it('holds every group once, however often it is recorded', async () => {
    const entity = { kind: 'identity', id: 'redelivered', name: 'redelivered' } as const;
    const groups = [groupOf(findingNamed('one', { entity })), groupOf(findingNamed('two', { entity }), findingNamed('three', { entity }))];
    await findings.store.record(groups);
    await Promise.all([findings.store.record(groups), findings.store.record(groups.toReversed())]);
    const held = await of(groups[0]!.fingerprint);
    expect(held.toSorted((a, b) => a.ids.length - b.ids.length)).toEqual(groups);
  });

  it('does not overwrite a group', async () => {
    const group = groupOf(findingNamed('kept', { entity: { kind: 'identity', id: 'kept', name: 'kept' } }));
    await findings.store.record([group]);
    await findings.store.record([{ ...group, speaker: { ...group.speaker, summary: 'said otherwise' } }]);
    expect(await of(group.fingerprint)).toEqual([group]);
  });

  it('keeps one of two groups that come at once under one key, whole', async () => {
    const group = groupOf(findingNamed('raced', { entity: { kind: 'identity', id: 'raced', name: 'raced' } }));
    const other = { ...group, speaker: { ...group.speaker, summary: 'said otherwise' } };
    await Promise.all([findings.store.record([group]), findings.store.record([other])]);
    const held = await of(group.fingerprint);
    expect(held).toHaveLength(1);
    expect([group, other]).toContainEqual(held[0]);
  });

  it('takes nothing', async () => {
    await findings.store.record([]);
  });
}

/** What every alert store promises. `runs` is how many cases each law is tried on. */
export function alertStoreContract(open: () => Promise<AlertStore> | AlertStore, runs: number): void {
  let alerts: AlertStore;
  let cases = 0;
  const entity = () => ({ kind: 'identity', id: `alert case ${String((cases += 1))}`, name: 'someone' }) as const;

  beforeAll(async () => {
    alerts = await open();
  });

  /** The alert as it stands. */
  const current = async (id: string) => (await alerts.get(id)) ?? expect.fail(`no alert ${id}`);

  it('shows a change what was stored, at the latest when it matters, and nothing at first', async () => {
    const alert = alertOf(findingNamed('first', { entity: entity() }));
    const seen: (Alert | undefined)[] = [];
    await alerts.update(alert.id, (known) => (seen.push(known), alert));
    await alerts.update(alert.id, (known) => (seen.push(known), { ...(known ?? alert), count: 7 }));
    expect(seen[0]).toBeUndefined();
    expect(seen.at(-1)).toEqual(alert);
    expect(await current(alert.id)).toEqual({ ...alert, count: 7 });
  });

  it('shows a change that lost a race what won it', async () => {
    const alert = alertOf(findingNamed('raced', { entity: entity() }), { count: 0 });
    await alerts.update(alert.id, () => alert);
    const returned = await Promise.all(
      Array.from({ length: 5 }, () => alerts.update(alert.id, (known) => ({ ...alert, count: (known?.count ?? 0) + 1 }))),
    );
    expect(returned.map(({ count }) => count).toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect((await current(alert.id)).count).toBe(5);
  });

  describe('folding', () => {
    it('loses nothing when many do it at once', async () => {
      const subject = entity();
      const groups = Array.from({ length: 12 }, (_, number) =>
        groupOf(findingNamed(`at once ${String(number)} ${subject.id}`, { entity: subject })),
      );
      await Promise.all(groups.map((group) => alerts.update(group.fingerprint, (known) => fold(known, group, undefined))));
      const alert = await current(groups[0]!.fingerprint);
      expect(alert.count).toBe(12);
      expect(alert.ids.toSorted()).toEqual(groups.flatMap(({ ids }) => ids).toSorted());
    });

    it('in any order and repeatedly comes to the same', async () => {
      const times = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 5 });
      const orders = times.chain((given) =>
        fc.record({ given: fc.constant(given), order: fc.array(fc.nat({ max: given.length - 1 }), { maxLength: 8 }) }),
      );
      await fc.assert(
        fc.asyncProperty(orders, async ({ given, order }) => {
          const subject = entity();
          const groups = given.map((time, number) => groupOf(findingNamed(`${subject.id} ${String(number)}`, { entity: subject, time })));
          const deliveries = [...order, ...groups.keys()];
          for (const number of deliveries)
            await alerts.update(groups[number]!.fingerprint, (known) => fold(known, groups[number]!, undefined));
          const { count, firstSeen, lastSeen, ids } = await current(groups[0]!.fingerprint);
          expect({ count, firstSeen, lastSeen, ids: ids.toSorted() }).toEqual({
            count: given.length,
            firstSeen: Math.min(...given),
            lastSeen: Math.max(...given),
            ids: groups.flatMap((group) => group.ids).toSorted(),
          });
        }),
        { numRuns: runs },
      );
    });
  });
}
