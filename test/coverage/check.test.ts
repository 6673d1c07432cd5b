import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { check, type Checked, isDue } from '../../shared/coverage/check.ts';
import type { Facts } from '../../shared/coverage/facts.ts';
import { heardMerges, quarter } from '../../shared/coverage/silence.ts';
import { groupFindings } from '../../shared/detect/finding-group.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { day, minute } from '../../shared/model/time.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { type Alert, fold, orderOf } from '../../shared/triage/alert.ts';
import { BlindSpots } from '../../shared/triage/blind-spots.ts';
import { alertWith } from '../support/alerts.ts';
import { deployed } from '../support/watched-region.ts';

/** One check after another: what opens is told once, what closes is an interval that alerts speak of. */

const monday = Date.parse('2026-03-09T09:00:00Z');
const at = (minutes: number): number => monday + minutes * minute;
const well: Facts = {
  ...{ clusters: { value: [] }, flowGroups: [], flowLogs: { value: [] } },
  trails: {
    value: [{ name: 'all', arn: 'trail/all', details: { value: { logging: true, writes: true, reads: true, deliveryError: '' } } }],
  },
  own: { functions: [], mappings: [], rules: [], schedules: [], tables: [], topics: [], alarms: { value: { count: 1, silenced: [] } } },
};
const noTrail: Facts = { ...well, trails: { value: [] } };
const nowhere = { ...deployed, clusters: [], flowLogs: [] };
const withDigest = (digest: string): Facts => ({
  ...well,
  own: { ...well.own, functions: [{ name: 'Plimsoll-Audit', found: { value: { arn: nowhere.audit, digest, policy: '' } } }] },
});

let state: MemoryState;
beforeEach(() => {
  state = new MemoryState();
});

async function checked(facts: Facts, minutes: number, what = nowhere): Promise<Checked> {
  const result = await check(facts, what, at(minutes), state);
  await result.keep();
  return result;
}

it('tells of a gap when it opens and when it closes, and not while it is open', async () => {
  expect((await checked(well, 0)).lines).toEqual([]);
  expect((await checked(noTrail, 5)).lines).toHaveLength(1);
  expect((await checked(noTrail, 10)).lines).toEqual([]);
  expect((await checked(well, 15)).lines).toHaveLength(1);
  expect((await checked(well, 20)).lines).toEqual([]);
  expect((await checked(noTrail, 60)).lines).toHaveLength(1);
});

it('what closes is told with the interval, in the alert that told of it, and once more if it opens again', async () => {
  const findings = new MemoryFindings();
  const pipeline = new Pipeline(catalogue, { state, findings, site: siteOf({}) });
  const scope = { account: deployed.account, region: deployed.region, cluster: '' };
  let alert: Alert | undefined;
  const told: string[] = [];
  for (const [minutes, facts] of [well, noTrail, noTrail, well, well, noTrail].entries()) {
    const { lines } = await checked(facts, 5 * minutes);
    const records = lines.map((message, id) => ({ id: String(id), message, ingested: at(5 * minutes) }));
    const report = await pipeline.analyse({ log: 'coverage', scope, place: 'check', records, rejects: [], skipped: {} });
    for (const group of groupFindings(report.findings, new Map())) {
      alert = fold(alert, group, undefined);
      told.push(`${orderOf(alert)?.reason ?? ''}: ${alert.speaker.summary}`);
    }
  }
  expect(told).toEqual([
    expect.stringMatching(/^first seen: No trail .* since 2026-03-09T09:00:00.000Z at the earliest\.$/),
    expect.stringMatching(
      /^over: This is over: no trail .* It was so from 2026-03-09T09:00:00.000Z to 2026-03-09T09:15:00.000Z, at most\.$/,
    ),
    expect.stringMatching(/^again, after it was over: No trail /),
  ]);
});

it('a check that fell over before it kept what it found tells the same finding again', async () => {
  await checked(well, 0);
  const recorded = new MemoryFindings();
  const pipeline = (): Pipeline => new Pipeline(catalogue, { state, findings: recorded, site: siteOf({}) });
  const scope = { account: deployed.account, region: deployed.region, cluster: '' };
  const ids: string[] = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { lines } = await check(noTrail, nowhere, at(5), state);
    const records = lines.map((message, id) => ({ id: String(id), message, ingested: at(5) }));
    const { findings, fates } = await pipeline().analyse({ log: 'coverage', scope, place: 'check', records, rejects: [], skipped: {} });
    expect(fates.judged).toBe(1);
    ids.push(...findings.map(({ id, detection, severity }) => `${id} ${detection} ${severity}`));
  }
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/ telemetry-blind critical$/);
});

it('says with every alert of the time what was not seen', async () => {
  await checked(well, 0);
  await checked(noTrail, 5);
  await checked(well, 10);
  const alert = (from: number, until: number) => ({
    ...alertWith(),
    ...{
      firstSeen: at(from),
      lastSeen: at(until),
      speaker: { ...alertWith().speaker, account: deployed.account, region: deployed.region },
    },
  });
  const spots = new BlindSpots(state);
  expect((await spots.mark(alert(3, 4))).blind).toEqual([
    { source: 'api', from: at(0), until: at(10), why: expect.stringContaining('no trail records this Region') as string },
  ]);
  expect(await spots.mark(alert(20, 30))).not.toHaveProperty('blind');
});

describe('a cluster that is enrolled', () => {
  const written = { value: { name: '/aws/eks/quarry/cluster', arn: '', filters: { value: [] } } };
  const quarry = (created: number): Facts => ({
    ...well,
    clusters: {
      value: [
        {
          ...{ name: 'quarry', written },
          details: {
            value: {
              ...{ status: 'ACTIVE', tags: {}, created, vpc: '', logs: ['audit', 'authenticator'] },
              ...{ publicEndpoint: false, publicRanges: [], accessMode: '' },
            },
          },
        },
      ],
    },
  });
  const everywhere = { ...nowhere, enrolment: { all: true } } as const;

  it('is not told of while it is so new that enrolment has yet to look, and then is', async () => {
    const explained = async (minutes: number) => (await checked(quarry(at(0)), minutes, everywhere)).gaps.map((gap) => gap.explained);
    expect(new Set(await explained(60))).toEqual(new Set(['the cluster is new, and enrolment looks every hour']));
    expect(new Set(await explained(95))).toEqual(new Set(['']));
  });

  it('is listened for like one that the configuration names', async () => {
    const scope = { account: deployed.account, region: deployed.region, cluster: 'quarry' };
    const until = monday - 2 * day;
    const times = Array.from({ length: (5 * day) / quarter }, (_, count) => until - 5 * day + count * quarter);
    await state.merge(heardMerges(scope, 'audit', times));
    const { gaps, heard } = await checked(quarry(monday - 30 * day), 0, everywhere);
    expect(heard).toContainEqual({ cluster: 'quarry', source: 'audit', at: until });
    expect(gaps).toContainEqual(expect.objectContaining({ id: 'silent', cluster: 'quarry', source: 'audit' }));
  });
});

describe('the code of a function', () => {
  it('is what was seen first after its deployment', async () => {
    expect((await checked(withDigest('one'), 0)).gaps).toEqual([]);
    expect((await checked(withDigest('two'), 5)).gaps.map(({ id }) => id)).toEqual(['function-changed']);
  });

  it('may be another after another deployment', async () => {
    await checked(withDigest('one'), 0);
    const next = { ...nowhere, functions: [{ name: 'Plimsoll-Audit', code: 'cc' }] };
    expect((await checked(withDigest('two'), 5, next)).gaps).toEqual([]);
  });
});

describe('a call after which to look', () => {
  it('needs no look where one came after it, or just before', async () => {
    expect(await isDue(nowhere, at(0), state)).toBe(true);
    await checked(well, 0);
    expect(await isDue(nowhere, at(-3), state)).toBe(false);
    expect(await isDue(nowhere, at(0.5), state)).toBe(false);
    expect(await isDue(nowhere, at(2), state)).toBe(true);
  });
});

describe('silence', () => {
  const scope = { account: deployed.account, region: deployed.region, cluster: '' };
  const hear = async (from: number, until: number): Promise<void> => {
    const times = Array.from({ length: Math.round((until - from) / quarter) }, (_, count) => from + count * quarter);
    await state.merge(heardMerges(scope, 'api', times));
  };

  it('is told once, with since when, and explained where its cause is known', async () => {
    await hear(monday - 5 * day, monday);
    await checked(well, 10);
    const { lines, gaps } = await checked(well, 90);
    expect(lines).toHaveLength(1);
    expect(gaps).toEqual([expect.objectContaining({ id: 'silent', source: 'api', since: monday, explained: '' })]);
    expect((await checked(noTrail, 95)).gaps.find(({ id }) => id === 'silent')?.explained).toMatch(/^the cause is known: no trail/);
  });

  it('is over when something is heard again', async () => {
    await hear(monday - 5 * day, monday);
    await checked(well, 90);
    await hear(at(90), at(105));
    expect((await checked(well, 120)).gaps).toEqual([]);
  });
});
