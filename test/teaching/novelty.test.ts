import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Deed, finders, ordinary, pods, School } from './school.ts';

/** Attempts to become normal: by patience, by repetition, and by having been there first. */

const ads = readFileSync(join(import.meta.dirname, '../../shared/detections/secret-access/ADS.md'), 'utf8');
const lists = (namespace: string): Deed => ({ hour: 22, who: 'reader', verb: 'list', resource: 'secrets', namespace, name: '' });
const steals = (from: string, who = 'reader'): Deed => ({
  ...{ hour: 22, who, from, verb: 'get', resource: 'secrets', namespace: 'shop', name: 'db' },
});

describe('patience', () => {
  it('one new namespace of Secrets a day is found each day, for six weeks, and none of them joins', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    for (let n = 0; n < 42; n += 1)
      expect(finders(await school.day(...ordinary, lists(`team-${String(n)}`)))).toEqual(['secret-list-in-new-namespace']);
    expect(school.alertsOf('novelty-joined')).toEqual([]);
  });

  it('a medium finding repeated daily is told, joins after 14 days, is told again then, and can be taken back', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    const found: number[] = [];
    for (let n = 0; n < 20; n += 1) found.push((await school.day(...ordinary, lists('billing'))).length);
    expect(found).toEqual([...Array.from({ length: 15 }, () => 1), 0, 0, 0, 0, 0]);
    const [alert] = school.alertsOf('secret-list-in-new-namespace');
    expect(alert).toMatchObject({ severity: 'medium', count: 15, told: { severity: 'medium' } });
    expect(school.alertsOf('novelty-joined')).toHaveLength(1);

    expect((await school.close(alert!, 'malicious'))?.forgotten).toBeGreaterThan(0);
    // A process that remembers hears of it with the first lesson of the next day.
    await school.day(...ordinary, lists('billing'));
    expect(finders(await school.day(...ordinary, lists('billing')))).toContain('secret-list-in-new-namespace');
  });

  it('a grave finding repeated daily never joins, nor does the mild one beside it', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    for (let n = 0; n < 30; n += 1)
      expect(finders(await school.day(...ordinary, steals('203.0.113.9')))).toEqual([
        'identity-from-new-network',
        'secret-read-from-new-network',
      ]);
  });

  it('a mild finding on other days than the grave one joins for itself alone', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    const looks: Deed = { hour: 21, who: 'reader', from: '203.0.113.9', verb: 'get', resource: 'pods', namespace: 'shop', name: 'web' };
    await school.days(16, ...ordinary, looks);
    expect(finders(await school.day(...ordinary, looks))).toEqual([]);
    expect(finders(await school.day(...ordinary, steals('203.0.113.9')))).toEqual(['secret-read-from-new-network']);
  });
});

describe('having been there first', () => {
  const there: readonly Deed[] = [...ordinary, steals('203.0.113.9', 'thief')];

  it('in a week-old cluster a network used since the first day is normal: the strategy says so', async () => {
    const school = new School();
    expect(finders(await school.days(8, ...there))).toEqual([]);
    expect(ads).toMatch(/was there before the warm-up ended/);
  });

  it('what needs no baseline is found on the first day', async () => {
    const school = new School();
    const spray = pods(70, 3, 'thief');
    const enters: Deed = {
      hour: 6,
      who: 'thief',
      verb: 'create',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'shop',
      name: 'web',
      code: 101,
    };
    expect(finders(await school.day(...there, ...spray, enters))).toEqual(['container-spraying', 'exec-into-pod', 'pods-made-all-hour']);
  });

  it('the next network, reader or namespace is found once the warm-up is over', async () => {
    const school = new School();
    await school.days(7, ...there);
    expect(finders(await school.day(...there, steals('198.51.100.9', 'thief')))).toEqual([
      'identity-from-new-network',
      'secret-read-from-new-network',
    ]);
    expect(finders(await school.day(...there, { ...lists('billing'), who: 'thief' }))).toContain('secret-list-in-new-namespace');
  });

  it('somebody who comes to a cluster with habits has no warm-up: everybody’s habits speak', async () => {
    const school = new School();
    await school.days(7, ...ordinary);
    expect(finders(await school.day(...ordinary, steals('203.0.113.9', 'newcomer')))).toEqual([
      'identity-from-new-network',
      'new-principal',
      'secret-read-from-new-network',
    ]);
  });

  it('closing any alert of the author as malicious forgets what was learnt since the week of its first finding', async () => {
    const school = new School();
    await school.day(...there, ...pods(70, 3, 'thief'));
    await school.days(6, ...there);
    const [alert] = school.alertsOf('container-spraying');
    expect((await school.close(alert!, 'malicious'))?.forgotten).toBeGreaterThan(0);
    // A process that remembers hears of it with the first lesson of the next day.
    await school.day(...there);
    expect(finders(await school.day(...there))).toEqual([
      'identity-from-new-network',
      // Forgotten altogether: the cluster meets the thief anew.
      'new-principal',
      'secret-read-by-new-client',
      'secret-read-from-new-network',
    ]);
  });
});
