import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import { api, type Detection, seenSet } from '../../shared/detect/kit.ts';
import type { ApiEvent } from '../../shared/model/api.ts';
import { parseJson } from '../../shared/model/json.ts';
import { day, dayOf, hour, minute, weekOf } from '../../shared/model/time.ts';
import { profileIn, profileKey } from '../../shared/state/profile.ts';
import { recompute } from '../../shared/state/recompute.ts';
import { firedMerge } from '../../shared/state/counts/tallies.ts';
import type { Merge } from '../../shared/state/store.ts';
import { cellsAt as cells, count } from '../support/counts.ts';

const now = Date.parse('2026-03-30T02:30:00Z');
const words = { title: '', severity: 'low', confidence: 'low', attack: [], rows: [], next: '', reads: ['eks:X'] } as const;
const entity = { kind: 'identity', id: 'x', name: 'x' } as const;

const profiled = api.threshold({
  ...words,
  id: 'profiled',
  count: { by: () => [], minutes: 5 },
  limit: { ceiling: 100, profile: { floor: 5, deviations: 3 } },
  judge: () => ({ entity, summary: '' }),
});
const ceilingOnly = api.threshold({
  ...words,
  id: 'ceiling-only',
  count: { by: () => [], minutes: 5 },
  limit: { ceiling: 100 },
  judge: () => ({ entity, summary: '' }),
});
const seen = (days: number) => seenSet<ApiEvent>({ id: 'networks', key: () => [], member: () => '', days, warmUpDays: 1 });
const remembering = (id: string, days: number) => api.detection({ ...words, id, memory: { networks: seen(days) }, judge: () => undefined });
const catalogue: readonly Registered<Detection>[] = [profiled, ceilingOnly, remembering('a', 30), remembering('b', 10)].map(
  (detection) => ({ strategy: 's', detection }),
);

const plain = (key: string, sets: Merge['sets']): Merge => ({ key, sets, expires: now + day, cap: 1_000 });

describe('recomputation', () => {
  it('profiles each counter of a threshold that has a profile, and no other', async () => {
    const store = new MemoryState();
    const busy = Array.from({ length: 20 }, (_, number) => now - (number + 1) * day);
    const raised = now - day - 2 * hour;
    await count(store, [
      ...busy.flatMap((time, number) => cells('window:profiled:one/-/x', time, 10 + (number % 3))),
      ...busy.flatMap((time) => cells('window:profiled:two/-/x', time, 40)),
      ...cells('window:ceiling-only:three/-/x', now - day, 5),
      ...cells('window:gone:four/-/x', now - day, 5),
      // A window that raised something, one too old to teach, and one of a day that is not over.
      ...cells('window:profiled:one/-/x', raised, 90),
      ...cells('window:profiled:one/-/x', now - 40 * day, 99),
      ...cells('window:profiled:one/-/x', now - hour, 80),
    ]);
    await store.merge([firedMerge('window:profiled:one/-/x', Math.floor(raised / minute / 5), 5)]);
    expect(await recompute(catalogue, now, store)).toEqual({ profiles: 2, pruned: 0, parents: 3 });
    const profiles = await store.read(['one', 'two', 'three', 'four'].map((name) => profileKey(`window:profiled:${name}/-/x`)));
    expect([...profiles.keys()]).toEqual(['profile:profiled:one/-/x', 'profile:profiled:two/-/x']);
    const night = (key: string) => profileIn(profiles.get(key), now)?.classes['weekday-night'];
    expect(night('profile:profiled:one/-/x')).toMatchObject({ windows: 14, median: 11, max: 12 });
    expect(night('profile:profiled:two/-/x')).toMatchObject({ windows: 14, median: 40, mad: 0 });
    expect(profileIn(profiles.get('profile:profiled:one/-/x'), now)?.days).toBe(20);
  });

  it('takes out weeks that no view asks for and versions that nobody compares with', async () => {
    const store = new MemoryState();
    const week = (age: number) => `w${String(weekOf(dayOf(now) - age))}`;
    const versions = Array.from({ length: 12 }, (_, number) => `${String(number).padStart(13, '0')} key {}`);
    await store.merge([
      plain('seen:networks:x', { d: ['1'], [week(0)]: ['new'], [week(29)]: ['old'], [week(36)]: ['late'], [week(60)]: ['forgotten'] }),
      plain('seen:unknown:x', { [week(60)]: ['kept: nobody says for how long'] }),
      plain('snapshot:pods:x', { v: versions }),
      plain('snapshot:pods:y', { v: versions.slice(0, 8) }),
      plain('address:x', { 'pod y': ['1'] }),
    ]);
    expect(await recompute(catalogue, now, store)).toEqual({ profiles: 0, pruned: 2, parents: 0 });
    const left = await store.read(['seen:networks:x', 'seen:unknown:x', 'snapshot:pods:x', 'snapshot:pods:y', 'address:x']);
    expect([...(left.get('seen:networks:x')?.sets.keys() ?? [])]).toEqual(
      ['d', week(0), week(29), week(36)].filter((name, at, all) => all.indexOf(name) === at),
    );
    expect([...(left.get('snapshot:pods:x')?.sets.get('v') ?? [])]).toEqual(versions.slice(-4));
    expect(left.get('snapshot:pods:y')?.sets.get('v')?.size).toBe(8);
    expect(left.get('seen:unknown:x')?.sets.size).toBe(1);
  });

  it('done twice changes nothing', async () => {
    const store = new MemoryState();
    await count(store, Array.from({ length: 30 }, (_, number) => cells('window:profiled:one/-/x', now - number * 7 * hour, number)).flat());
    const states: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      await recompute(catalogue, now, store);
      states.push([...store.dump()].map((one) => parseJson(JSON.stringify(one))));
    }
    expect(states[1]).toEqual(states[0]);
  });

  it('writes many profiles, and does nothing with an empty table', async () => {
    const store = new MemoryState();
    expect(await recompute(catalogue, now, store)).toEqual({ profiles: 0, pruned: 0, parents: 0 });
    await count(store, Array.from({ length: 250 }, (_, number) => cells(`window:profiled:${String(number)}/-/x`, now - day, 2)).flat());
    expect(await recompute(catalogue, now, store)).toEqual({ profiles: 250, pruned: 0, parents: 251 });
    expect(await store.list('profile:profiled:249/-/x')).toHaveLength(1);
  });
});
