import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../../shared/adapters/memory-state.ts';
import { day, minute } from '../../../shared/model/time.ts';
import type { AuditEvent } from '../../../shared/model/audit.ts';
import { namespaceKey, newPolicyFacts, policyFacts, surplusPolicies } from '../../../shared/state/network-policies/facts.ts';
import { NamespaceRecord } from '../../../shared/state/network-policies/record.ts';
import { combine } from '../../../shared/state/store.ts';
import { scope } from '../../support/records.ts';
import { namespaceWritten, policiesDeleted, policyWritten, start, written } from './written.ts';

const key = namespaceKey(scope, 'shop');
const seed = { seed: 20260310 };

async function remembered(events: readonly AuditEvent[], filtered = false): Promise<MemoryState> {
  const state = new MemoryState();
  for (const event of events) {
    const facts = policyFacts(event);
    const known = await state.read(facts.map((fact) => fact.key));
    await state.merge(combine(filtered ? newPolicyFacts([event], (name) => known.get(name)) : facts));
  }
  return state;
}

async function recordOf(state: MemoryState, declared = false): Promise<NamespaceRecord> {
  return new NamespaceRecord('shop', (await state.read([key])).get(key), declared);
}

/** What a record says of a time, for comparison. */
const said = (record: NamespaceRecord, time: number): string => {
  const { policies, labels } = record.stateAt(time);
  const names = policies.map(
    ({ name, pods, ingress }) => `${name} ${String(pods.unreadable)} ${String(ingress.isolates)} ${String(ingress.rules.length)}`,
  );
  return `${names.sort().join('; ')} | ${JSON.stringify([...labels.known].sort())} ${String(labels.complete)}`;
};

type Step =
  | { readonly kind: 'write'; readonly name: string; readonly rules: number }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'clear' | 'thin' | 'born' }
  | { readonly kind: 'label'; readonly value: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), name: fc.constantFrom('a', 'b', 'c'), rules: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), name: fc.constantFrom('a', 'b', 'c') }) },
  fc.record({ kind: fc.constantFrom('clear' as const, 'thin' as const, 'born' as const) }),
  fc.record({ kind: fc.constant('label' as const), value: fc.constantFrom('x', 'y') }),
);
const steps = fc.array(step, { maxLength: 25 });

const spec = (rules: number): unknown => ({
  podSelector: {},
  policyTypes: ['Ingress'],
  ingress: Array.from({ length: rules }, () => ({})),
});
const gap = 10 * minute;

function eventsOf(all: readonly Step[]): AuditEvent[] {
  let generation = 0;
  return all.map((one, position) => {
    const at = start + (position + 1) * gap;
    if (one.kind === 'write') return policyWritten(at, one.name, spec(one.rules), 'shop', (generation += 1));
    if (one.kind === 'delete') return policyWritten(at, one.name);
    if (one.kind === 'label') return namespaceWritten(at, 'shop', { team: one.value }, 'patch');
    return one.kind === 'born' ? namespaceWritten(at, 'shop', {}) : policiesDeleted(at, one.kind === 'thin');
  });
}

/** The namespace after so many steps, by plain bookkeeping. */
function expectedAfter(all: readonly Step[]): string {
  let seeded = false;
  let team: string | undefined;
  let labelled = false;
  const rules = new Map<string, number | undefined>();
  for (const one of all) {
    if (one.kind === 'write') rules.set(one.name, one.rules);
    else if (one.kind === 'delete') rules.delete(one.name);
    else if (one.kind === 'thin') for (const name of rules.keys()) rules.set(name, undefined);
    else if (one.kind === 'label') [team, labelled] = [one.value, true];
    else rules.clear();
    if (one.kind === 'born') [seeded, team, labelled] = [true, undefined, true];
  }
  const names = [...rules].map(([name, count]) =>
    count === undefined ? `shop/${name} true undefined 1` : `shop/${name} false true ${String(count)}`,
  );
  if (!seeded) names.push('shop/ true undefined 1');
  const labels = [['kubernetes.io/metadata.name', 'shop'], ...(team === undefined ? [] : [['team', team]])];
  return `${names.sort().join('; ')} | ${JSON.stringify(labels)} ${String(labelled)}`;
}

describe('what is remembered of a namespace', () => {
  it('is, at every time, what its events had made of it by then', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const record = await recordOf(await remembered(eventsOf(all), true));
        for (let done = 0; done <= all.length; done += 1)
          expect(said(record, start + done * gap + minute)).toBe(expectedAfter(all.slice(0, done)));
      }),
      { ...seed, numRuns: 200 },
    );
  });

  it('does not depend on the order in which they come, nor on how often', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (all, random) => {
        const events = eventsOf(all);
        const numbers = [...random.take(3 * events.length)];
        const shuffled = [...events, ...events].map((event, position) => ({ event, rank: numbers[position] ?? 0 }));
        shuffled.sort((one, other) => one.rank - other.rank);
        const [ordered, other] = await Promise.all([remembered(events), remembered(shuffled.map(({ event }) => event))]);
        const [first, second] = [await recordOf(ordered), await recordOf(other)];
        for (let done = 0; done <= all.length; done += 1)
          expect(said(second, start + done * gap + minute)).toBe(said(first, start + done * gap + minute));
      }),
      { ...seed, numRuns: 100 },
    );
  });

  it('is the same for traffic of two days when what was replaced before is pruned', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(25), async (all, later) => {
        const state = await remembered(eventsOf(all));
        const before = await recordOf(state);
        const now = start + later * gap + minute + 2 * day;
        const item = (await state.read([key])).get(key);
        const surplus = item && surplusPolicies(item, now);
        await state.remove(surplus === undefined ? [] : [surplus]);
        const after = await recordOf(state);
        for (let done = later; done <= all.length; done += 1)
          expect(said(after, start + done * gap + minute)).toBe(said(before, start + done * gap + minute));
      }),
      { ...seed, numRuns: 200 },
    );
  });

  it('is unknown once there is more than is kept, and known again when it was pruned', async () => {
    const many = Array.from({ length: 80 }, (_, number) => policyWritten(start + number * minute, 'a', spec(number % 3), 'shop', number));
    const state = await remembered([namespaceWritten(start - minute, 'shop', {}), ...many]);
    const hidden = 'shop/ true undefined 1';
    expect(said(await recordOf(state), start + day)).toContain(hidden);
    const item = (await state.read([key])).get(key);
    await state.remove([(item && surplusPolicies(item, start + 9 * day)) ?? { key, sets: {} }]);
    expect(said(await recordOf(state), start + 9 * day)).not.toContain(hidden);
  });

  it('is unknown where a version did not fit', async () => {
    const state = await remembered([
      namespaceWritten(start - minute, 'shop', {}),
      policyWritten(start, 'a', spec(1)),
      policyWritten(start + 1, 'b', spec(0)),
    ]);
    const lost = [...((await state.read([key])).get(key)?.sets.get('v') ?? [])].slice(0, 1);
    await state.remove([{ key, sets: { v: lost } }]);
    expect(said(await recordOf(state), start + day)).toContain('shop/ true undefined 1');
  });

  it('holds a policy that cannot be read, or is too large, as one that may be anything', async () => {
    const large = { podSelector: {}, ingress: [{ from: Array.from({ length: 200 }, () => ({ ipBlock: { cidr: '10.0.0.0/8' } })) }] };
    const events = [
      policyWritten(start, 'large', large),
      written({ at: start, id: 'cut', resource: 'networkpolicies', name: 'bodiless', verb: 'patch' }),
      written({
        at: start,
        id: 'odd',
        resource: 'networkpolicies',
        name: 'odd',
        verb: 'update',
        response: { kind: 'NetworkPolicy', spec: [7] },
      }),
    ];
    const state = await remembered([namespaceWritten(start - minute, 'shop', {}), ...events]);
    expect(said(await recordOf(state), start + day)).toMatch(
      /^shop\/bodiless true undefined 1; shop\/large true undefined 1; shop\/odd true undefined 1 \|/,
    );
  });

  it('trusts the operator that nothing is older', async () => {
    const state = await remembered([policyWritten(start, 'a', spec(1))]);
    expect(said(await recordOf(state), start + day)).toMatch(/shop\/ true/);
    expect(said(await recordOf(state, true), start + day)).toMatch(/^shop\/a false true 1 \|/);
  });
});

describe('facts about policies', () => {
  it('are none in dry runs, refusals and reads', () => {
    const about = { at: start, id: 'x', resource: 'networkpolicies', response: { kind: 'NetworkPolicy', spec: spec(0) } };
    expect(policyFacts(written({ ...about, code: 403 }))).toEqual([]);
    expect(policyFacts(written({ ...about, name: 'a?dryRun=All' }))).toEqual([]);
    expect(policyFacts(written({ ...about, verb: 'get' }))).toEqual([]);
    expect(policyFacts(written({ ...about, resource: 'ingresses' }))).toEqual([]);
  });

  it('are known where a pipeline applies again what it applied, but not for ever', async () => {
    const first = policyWritten(start, 'a', spec(1), 'shop', 3);
    const known = (await (await remembered([first])).read([key])).get(key);
    const isNew = (at: number, generation = 3, rules = 1): boolean =>
      newPolicyFacts([policyWritten(at, 'a', spec(rules), 'shop', generation)], () => known).some((fact) => fact.key === key);
    expect(isNew(start + minute)).toBe(false);
    expect(isNew(start + minute, 4)).toBe(true);
    expect(isNew(start + minute, 3, 2)).toBe(true);
    expect(isNew(start - minute)).toBe(true);
    expect(isNew(start + 101 * day)).toBe(true);
    // It does not matter how a log is cut into batches.
    const again = policyWritten(start + minute, 'a', spec(1), 'shop', 3);
    expect(newPolicyFacts([first, again], () => undefined).filter((fact) => fact.key === key)).toHaveLength(1);
  });
});
