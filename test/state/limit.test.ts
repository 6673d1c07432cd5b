import { describe, expect, it } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import { audit, type Detection } from '../../shared/detect/kit.ts';
import { limitAt, type Line } from '../../shared/detect/limit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { everyTime, type Profile, profileDocument, profileFrom, type Spread, type Whose } from '../../shared/state/profile.ts';
import { recompute } from '../../shared/state/recompute.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';

const night = Date.parse('2026-03-30T02:30:00Z');
const spread = (windows: number, median: number, mad: number, max: number): Spread => ({ windows, median, mad, max });
const profile = (days: number, all: Spread, others: Record<string, Spread> = {}): Profile =>
  profileFrom(night - day, days, Object.entries({ [everyTime]: all, ...others }));
const line = (profiles: Partial<Record<Whose, Profile>>): Line =>
  Object.entries(profiles).map(([whose, known]) => [
    whose as Whose,
    { key: whose, sets: new Map(), document: profileDocument(whose, known).document },
  ]);
const declared = { ceiling: 60, profile: { floor: 10, deviations: 6 } };

describe('a limit', () => {
  it('says in numbers what was normal, who says so, and how far away the count is', () => {
    const known = line({
      own: profile(9, spread(24, 12, 2, 19), { 'weekday-night': spread(24, 12, 2, 19) }),
      group: profile(30, spread(56, 10, 1, 19)),
      cluster: profile(30, spread(792, 8, 3, 40)),
      fleet: profile(31, spread(7_992, 6, 2, 55)),
    });
    expect(limitAt(declared, known, night, 40)).toEqual({
      limit: 28,
      baseline: {
        limit: 28,
        ceiling: 60,
        'time class': 'weekday-night',
        usual: 11.4,
        'usual deviation': 2.7,
        'deviations above': 10.6,
        'known windows': 24,
        'known days': '9 of 30 on which anything was counted in the cluster',
        own: '75 %: 24 windows, usually 12, deviation 3, most 19',
        group: '22 %: 56 windows, usually 10, deviation 1.5, most 19',
        cluster: '3 %: 792 windows, usually 8, deviation 4.4, most 40',
        fleet: '0 %: 7992 windows, usually 6, deviation 3, most 55',
      },
    });
  });

  it('of a counter never seen before is that of its parents, as far as they know', () => {
    const { limit, baseline } = limitAt(declared, line({ cluster: profile(4, spread(8, 10, 0, 11)) }), night, 70);
    // Half of 10 + 6, half of 60.
    expect(limit).toBe(38);
    expect(baseline).toEqual({
      limit: 38,
      ceiling: 60,
      'time class': 'weekday-night',
      usual: 10,
      'usual deviation': 1,
      'deviations above': 60,
      'known windows': 0,
      cluster: '50 %: 8 windows, usually 10, deviation 1, most 11',
      unknown: '50 %: the ceiling',
    });
  });

  it('is the ceiling where nothing is known, known no longer, or not asked for', () => {
    const nothing = { limit: 60, baseline: { ceiling: 60, 'known windows': 0 } };
    expect(limitAt(declared, [], night, 70)).toEqual(nothing);
    expect(limitAt(declared, line({ own: profile(9, spread(24, 12, 2, 19)) }), night + 30 * day, 70)).toEqual(nothing);
    expect(limitAt({ ceiling: 60 }, line({ own: profile(9, spread(24, 12, 2, 19)) }), night, 70)).toEqual(nothing);
    expect(limitAt(declared, [['own', { key: 'own', sets: new Map(), document: '{"generation":' }]], night, 70)).toEqual(nothing);
  });

  it('stays between floor and ceiling whatever was learnt', () => {
    expect(limitAt(declared, line({ own: profile(9, spread(1e6, 1, 0, 2)) }), night, 70).limit).toBe(10);
    expect(limitAt(declared, line({ own: profile(9, spread(1e6, 500, 90, 900)) }), night, 70).limit).toBe(60);
  });
});

describe('a night after', () => {
  const site = siteOf();
  const catalogue: readonly Registered<Detection>[] = [
    {
      strategy: 's',
      detection: audit.threshold({
        id: 'burst',
        title: 'Burst',
        severity: 'low',
        confidence: 'low',
        attack: [],
        rows: [],
        next: '',
        reads: { verbs: ['create'], resources: ['pods'] },
        count: { by: ({ actor }) => [actor.id], within: ({ target }) => target.namespace, minutes: 5 },
        limit: { ceiling: 50, profile: { floor: 5, deviations: 3 } },
        judge: (event, { count, baseline }) => ({ entity: event.actor, summary: `${String(count)} pods`, baseline }),
      }),
    },
  ];
  let made = 0;
  const lines = (who: string, namespace: string, at: number, count: number) =>
    Array.from({ length: count }, (_, number) =>
      auditLine({ at: at + number, id: `id ${String((made += 1))}`, who, verb: 'create', resource: 'pods', namespace }),
    );

  it('somebody new in a namespace is judged by what is usual in it, and in another by the cluster', async () => {
    const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
    const pipeline = new Pipeline(catalogue, world);
    for (let ago = 30; ago > 0; ago -= 1)
      for (const [namespace, count] of [
        ['calm', 2],
        ['busy', 25],
      ] as const)
        for (const who of ['ann', 'bob'])
          await pipeline.analyse(
            auditBatch(recordsOf(lines(who, namespace, night - ago * day + 5 * minute, count), `${who} ${String(ago)}`)),
          );
    expect(world.findings.all()).toEqual([]);
    await recompute(catalogue, night, world.state);

    const raised = async (who: string, namespace: string, count: number, at: number) =>
      (await pipeline.analyse(auditBatch(recordsOf(lines(who, namespace, at, count), `${who} ${namespace} now`)))).findings;
    expect(await raised('new', 'busy', 20, night + hour)).toEqual([]);
    const [finding] = await raised('new', 'calm', 20, night + 2 * hour);
    expect(finding?.baseline).toMatchObject({ ceiling: 50, 'known windows': 0, group: '80 %: 32 windows, usually 2, deviation 1, most 2' });
    expect(await raised('ann', 'busy', 28, night + 3 * hour)).toEqual([]);
    expect(await raised('ann', 'calm', 12, night + 4 * hour)).toHaveLength(1);
    const [unknown] = await raised('new', 'elsewhere', 50, night + 5 * hour);
    expect(unknown?.baseline).not.toHaveProperty('group');
    expect(unknown?.baseline).toHaveProperty('cluster');
  });
});
