import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Replay } from '../../cli/replaying.ts';
import { MemoryAlerts, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { type Detection, sequence } from '../../shared/detect/kit.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { triage } from '../../shared/triage/triage.ts';
import { findingNamed, groupOf } from '../support/findings.ts';
import { detectionsIn, quietScreen, replayOptionsFor, samplesIn } from '../support/samples.ts';

/** What hangs together is one incident, however its findings arrive; what merely happens at the same time is none. */

const noon = Date.parse('2026-03-02T12:00:00Z');

const follows = (id: string, steps: readonly string[], within: number): Registered<Detection> => ({
  strategy: 'test',
  detection: sequence({
    ...{ id, title: id, severity: 'high', confidence: 'high', attack: [], rows: [], next: 'Look.' },
    ...{ steps: steps.map((step) => [step]), within, summary: `It was ${steps.join(', then ')}` },
  }),
});

const watched: readonly Registered<Detection>[] = [
  follows('seen-then-taken', ['seen', 'taken'], hour),
  follows('taken-then-used', ['taken', 'used'], day),
  {
    strategy: 'test',
    detection: sequence({
      ...{ id: 'many-tactics', title: 'many tactics', severity: 'high', confidence: 'high', attack: [], rows: [], next: 'Look.' },
      ...{ steps: [], tactics: 3, within: day, summary: 'Many tactics' },
    }),
  },
];

const person = 'identity arn:aws:iam::111122223333:role/Admin/on-call';
const pod = 'pod harbour/shop/cart-1';
const other = 'pod harbour/shop/cart-2';
const techniques: Readonly<Record<string, string>> = { seen: 'T1613', taken: 'T1552.001', used: 'T1550.001', sent: 'T1041' };

const finding = (detection: string, minutes: number, links: readonly string[], change: Partial<Finding> = {}): Finding =>
  findingNamed(`${detection} ${String(minutes)} ${links.join()}`, {
    detection,
    fingerprint: `${detection} ${links.join()}`.replaceAll(' ', '-'),
    time: noon + minutes * minute,
    attack: [techniques[detection] ?? 'T1613'],
    links,
    ...change,
  });

async function told(groups: readonly FindingGroup[], known = watched): Promise<MemoryAlerts> {
  const ports = { alerts: new MemoryAlerts(), settings: new MemorySettings([]), state: new MemoryState() };
  for (const group of groups) await triage(group, known, ports);
  return ports.alerts;
}

const alone = (findings: readonly Finding[]): FindingGroup[] => findings.map((each) => groupOf(each));
const incidentsIn = (alerts: MemoryAlerts): Alert[] => alerts.all().filter(({ reasons }) => reasons !== undefined);
/** What must not depend on the order of arrival. An alert may be part of two incidents and names one; what a joined one says is the root's to tell. */
const shown = ({ state, severity, speaker, reasons, incident }: Alert): unknown => {
  if (reasons === undefined) return { state, severity };
  if (state === 'joined') return { state, incident: incident?.id };
  return { state, severity, entity: speaker.entity.id, incident: incident?.id, reasons: reasons.map(({ detection }) => detection).sort() };
};

describe('an incident', () => {
  it('tells of all sequences that are completed on one link, and of the gravest first', async () => {
    const alerts = await told(alone([finding('seen', 0, [person]), finding('taken', 5, [person]), finding('used', 300, [person])]));
    const [incident, ...more] = incidentsIn(alerts);
    expect(more).toEqual([]);
    expect(incident).toMatchObject({ state: 'open', severity: 'critical', count: 4 });
    expect(incident?.reasons?.map(({ detection }) => detection).sort()).toEqual(['many-tactics', 'seen-then-taken', 'taken-then-used']);
    expect(incident?.timeline?.map(({ detection }) => detection)).toEqual(['seen', 'taken', 'used']);
    expect(incident?.speaker.summary).toMatch(/Also: /);
  });

  it('shows on its timeline what happens after it, and names itself on its parts', async () => {
    const chain = [finding('seen', 0, [person]), finding('taken', 5, [person])];
    const after = finding('sent', 90, [person], { severity: 'medium' });
    for (const groups of [alone([...chain, after]), alone([after, ...chain])]) {
      const alerts = await told(groups);
      const [incident] = incidentsIn(alerts);
      expect(incident?.timeline?.map(({ detection }) => detection)).toEqual(['seen', 'taken', 'sent']);
      expect((await alerts.get('taken-' + person.replaceAll(' ', '-')))?.incident?.id).toBe(incident?.id);
    }
  });

  it('that shares a step with another is one with it: who acted comes before what was acted on', async () => {
    const alerts = await told(
      alone([finding('seen', 0, [person]), finding('taken', 5, [person, pod]), finding('used', 70, [pod]), finding('seen', 0, [other])]),
    );
    const incidents = incidentsIn(alerts);
    const [root] = incidents.filter(({ state }) => state === 'open');
    expect(incidents.map(({ state }) => state).sort()).toEqual(['joined', 'open']);
    expect(root?.speaker.entity.kind).toBe('identity');
    expect(root?.reasons?.map(({ detection }) => detection).sort()).toEqual(['seen-then-taken', 'taken-then-used']);
    expect(incidents.find(({ state }) => state === 'joined')?.incident?.id).toBe(root?.id);
  });

  it('of a pipeline is one, although each of its jobs has a session of its own; two people with one role are two', async () => {
    const session = (name: string): string => `identity arn:aws:iam::111122223333:role/Deploy/${name}`;
    const chainOf = (name: string, at: number) => [finding('seen', at, [session(name)]), finding('taken', at + 5, [session(name)])];
    const jobs = await told(alone([...chainOf('gitlab-4311', 0), ...chainOf('gitlab-4312', 600)]));
    expect(incidentsIn(jobs).map(({ state, count }) => [state, count])).toEqual([['open', 2]]);
    const people = await told(alone([...chainOf('first-on-call', 0), ...chainOf('second-on-call', 600)]));
    expect(incidentsIn(people).map(({ state, count }) => [state, count])).toEqual([
      ['open', 1],
      ['open', 1],
    ]);
    // A number that is part of a word names somebody.
    const hosts = await told(alone([...chainOf('i-0a1b2c3d4e5f60718', 0), ...chainOf('i-0a1b2c3d4e5f60719', 600)]));
    expect(incidentsIn(hosts)).toHaveLength(2);
  });

  it('is made by no finding that shares nothing with the others', async () => {
    expect(incidentsIn(await told(alone([finding('seen', 0, [pod]), finding('taken', 5, [other])])))).toEqual([]);
    expect(incidentsIn(await told(alone([finding('taken', 0, [pod]), finding('seen', 5, [pod])])))).toEqual([]);
  });

  it('is the same however its findings arrive: late, twice, in any order and in any groups', async () => {
    const some = fc.record({
      detection: fc.constantFrom('seen', 'taken', 'used', 'sent'),
      minutes: fc.integer({ min: 0, max: 26 * 60 }),
      links: fc.uniqueArray(fc.constantFrom(person, pod, other, 'workload harbour/shop/deployment/cart'), { minLength: 1, maxLength: 2 }),
    });
    const cases = fc.uniqueArray(some, { minLength: 3, maxLength: 14, selector: (each) => JSON.stringify(each) }).chain((facts) => {
      const findings = facts.map(({ detection, minutes, links }) => finding(detection, minutes, links));
      return fc.record({
        findings: fc.constant(findings),
        shuffled: fc.shuffledSubarray([...findings, ...findings.slice(0, 4)], {
          minLength: findings.length + Math.min(4, findings.length),
        }),
      });
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ findings, shuffled }) => {
        const ordered = findings.toSorted((a, b) => a.time - b.time);
        const one = new Map((await told(alone(ordered))).all().map((alert) => [alert.id, shown(alert)]));
        const another = new Map((await told(alone(shuffled))).all().map((alert) => [alert.id, shown(alert)]));
        expect(Object.fromEntries(another)).toEqual(Object.fromEntries(one));
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is kept of a link', () => {
  it('fits into an item, whatever happens on the link', async () => {
    const state = new MemoryState();
    const ports = { alerts: new MemoryAlerts(), settings: new MemorySettings([]), state };
    const written = new Map<string, Map<string, Set<string>>>();
    const merge = state.merge.bind(state);
    state.merge = async (merges) => {
      const items = await merge(merges);
      for (const [key, item] of items)
        if (/^chain:(?:near|far):/.test(key)) written.set(key, new Map([...item.sets].map(([name, set]) => [name, new Set(set)])));
      return items;
    };
    for (let at = 0; at < 30; at++)
      for (const detection of ['seen', 'taken', 'used', 'sent'])
        await triage(
          groupOf(...[0, 1, 2].map((n) => finding(detection, at * 5 + n, [person], { summary: 'x'.repeat(2_000) }))),
          watched,
          ports,
        );
    const rooms = [...written.values()].flatMap((sets) => [...sets].filter(([name]) => name.includes('/')).map(([, texts]) => [...texts]));
    const largestRoom = Math.max(...rooms.map((texts) => Buffer.byteLength(texts.join('')) + 3 * texts.length));
    // Slots of a stretch, and rooms in each: 15 tactics and what has none. DynamoDB holds 400 KB.
    expect(largestRoom * 12 * 16).toBeLessThan(400 * 1024);
    expect(largestRoom).toBeGreaterThan(500);
  });
});

describe('benign co-occurrence', () => {
  const chains = catalogue.filter(({ strategy }) => strategy === 'attack-chain').map(({ detection }) => detection.id);

  test.each(chains)('of what %s is made of is no incident of any kind', async (chain) => {
    let together = 0;
    for (const sample of samplesIn('attack-chain', chain).filter(({ fires }) => !fires)) {
      const { alerts } = await new Replay(replayOptionsFor(sample)).run(quietScreen);
      expect(alerts.filter(({ reasons }) => reasons !== undefined).flatMap(detectionsIn)).toEqual([]);
      together = Math.max(together, alerts.length);
    }
    // Where nothing else was found, nothing came together.
    expect(together).toBeGreaterThan(1);
  });
});
