import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { audit } from '../../shared/detect/kit.ts';
import type { OperatorLimit } from '../../shared/detect/operator-limit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { recompute } from '../../shared/state/recompute.ts';
import { isLimit, limitFrom, suppressionFrom } from '../../shared/triage/decision.ts';
import { remind } from '../../shared/triage/reminder.ts';
import { silencedMerge } from '../../shared/triage/silenced.ts';
import type { Suppression } from '../../shared/triage/suppression.ts';
import { findingNamed, groupOf } from '../support/findings.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';

/** Decisions beside suppressions in triage: limits in the engine, reminders in the night, and what people wrote by hand. */

const night = Date.UTC(2026, 2, 9, 0);

const pods = audit.threshold({
  id: 'pods',
  title: 'pods',
  severity: 'medium',
  confidence: 'medium',
  attack: [],
  rows: [],
  next: '',
  reads: { verbs: ['create'], resources: ['pods'] },
  count: { by: ({ actor }: AuditEvent) => [actor.id], minutes: 5 },
  limit: { ceiling: 20, profile: { floor: 5, deviations: 3 } },
  judge: (event: AuditEvent, { count, baseline }) => ({ entity: event.actor, summary: `${String(count)} pods`, baseline }),
});
const catalogue = [{ strategy: 'test', detection: pods }];

const limit = (change: Partial<OperatorLimit> = {}): OperatorLimit => ({
  id: 'l',
  detection: 'pods',
  cluster: '*',
  limit: 8,
  who: 'dana',
  why: 'nightly jobs',
  until: night + 10 * day,
  ...change,
});

/** What a burst comes to, where two pods in five minutes are usual. */
async function found(count: number, ...limits: readonly OperatorLimit[]) {
  let made = 0;
  const burst = (at: number, size: number) =>
    auditBatch(
      recordsOf(
        Array.from({ length: size }, (_, n) => auditLine({ at: at + n, id: String((made += 1)), verb: 'create', resource: 'pods' })),
        String(at),
      ),
    );
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site: siteOf() };
  const teaching = new Pipeline(catalogue, world);
  for (let ago = 20; ago > 0; ago -= 1) await teaching.analyse(burst(night - ago * day + 5 * minute, 2));
  await recompute(catalogue, night, world.state);
  const { findings } = await new Pipeline(catalogue, { ...world, limits: new MemorySettings(limits) }).analyse(burst(night + hour, count));
  return findings[0]?.baseline;
}

describe('a limit that a person set', () => {
  it('stands for what was learnt, in both directions, and says by whom and what it would be without', async () => {
    expect(await found(6)).toMatchObject({ limit: 6 });
    expect(await found(7, limit())).toBeUndefined();
    expect(await found(8, limit())).toMatchObject({
      limit: 8,
      'limit without': 6,
      'limit set by': 'dana: nightly jobs, until 2026-03-19T00:00:00.000Z',
    });
    expect(await found(3, limit({ limit: 3 }))).toMatchObject({ limit: 3 });
  });

  it('never lifts the ceiling', async () => {
    expect(await found(20, limit({ limit: 1_000 }))).toMatchObject({ limit: 20 });
  });

  it('holds in its clusters, for its detection, until its end', async () => {
    expect(await found(7, limit({ cluster: 'pier*' }))).toMatchObject({ limit: 6 });
    expect(await found(7, limit({ account: '000*' }))).toMatchObject({ limit: 6 });
    expect(await found(7, limit({ detection: 'other' }))).toMatchObject({ limit: 6 });
    expect(await found(7, limit({ until: night + hour }))).toMatchObject({ limit: 6 });
  });

  it('for a cluster goes before one for many, and of equals the lowest holds', async () => {
    expect(await found(9, limit({ id: 'a', limit: 7 }), limit({ id: 'b', cluster: 'harbour', limit: 10 }))).toBeUndefined();
    expect(await found(9, limit({ id: 'a', limit: 9 }), limit({ id: 'b', limit: 10 }))).toMatchObject({ limit: 9 });
  });

  it('is asked for beside the first write: neither waits for the other', async () => {
    const state = new MemoryState();
    const [asked, written] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const putNew = state.putNew.bind(state);
    state.putNew = async (document) => {
      written.resolve(undefined);
      await asked.promise;
      return putNew(document);
    };
    const limits = {
      limits: async () => {
        asked.resolve(undefined);
        await written.promise;
        return [];
      },
    };
    const pipeline = new Pipeline(catalogue, { state, findings: new MemoryFindings(), site: siteOf(), limits });
    const batch = auditBatch(recordsOf([auditLine({ at: night, id: 'pod', verb: 'create', resource: 'pods' })]));
    expect((await pipeline.analyse(batch)).fates.judged).toBe(1);
  });

  it('is asked for only where something is counted', async () => {
    let asked = 0;
    const limits = { limits: () => Promise.resolve((void (asked += 1), [])) };
    const pipeline = new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site: siteOf(), limits });
    await pipeline.analyse(auditBatch(recordsOf([auditLine({ at: night, id: 'read', resource: 'configmaps' })])));
    expect(asked).toBe(0);
    await pipeline.analyse(auditBatch(recordsOf([auditLine({ at: night, id: 'pod', verb: 'create', resource: 'pods' })])));
    expect(asked).toBe(1);
  });
});

const suppression = (change: Partial<Suppression> = {}): Suppression => ({
  id: 's',
  detection: 'pods',
  cluster: 'harbour',
  entity: '*',
  who: 'dana',
  why: 'a migration',
  until: night + 100 * day,
  at: night,
  ...change,
});

describe('a decision is told of', () => {
  class Nights {
    readonly alerts = new MemoryAlerts();
    readonly state = new MemoryState();
    readonly settings: MemorySettings;

    constructor(...decisions: readonly (Suppression | OperatorLimit)[]) {
      this.settings = new MemorySettings(decisions);
    }

    /** Days after which something is told. */
    async told(nights: number): Promise<string[]> {
      const told: string[] = [];
      for (let on = 1; on <= nights; on += 1)
        for (const { speaker } of await remind(night + on * day, this)) told.push(`${String(on)} ${speaker.detection}`);
      return told;
    }
  }

  it('once, three days before its end', async () => {
    expect(await new Nights(suppression({ until: night + 10 * day })).told(30)).toEqual(['7 decision-ends']);
    expect(await new Nights(limit({ at: night })).told(30)).toEqual(['7 decision-ends']);
  });

  it('again, where somebody prolonged it', async () => {
    const nights = new Nights(suppression({ until: night + 10 * day }));
    expect(await nights.told(8)).toEqual(['7 decision-ends']);
    await nights.settings.put(suppression({ until: night + 20 * day }));
    expect(await nights.told(30)).toEqual(['17 decision-ends']);
  });

  it('not where it is for a day or two: who decided knows', async () => {
    expect(await new Nights(suppression({ until: night + 2 * day })).told(10)).toEqual([]);
  });

  it('once, where it silenced nothing for thirty days', async () => {
    expect(await new Nights(suppression()).told(60)).toEqual(['30 decision-unused']);
    const busy = new Nights(suppression());
    const group = groupOf(findingNamed('one', { time: night + 20 * day }));
    await busy.state.merge([silencedMerge({ by: 's', upTo: 'medium', staged: false, words: '' }, group)]);
    expect(await busy.told(60)).toEqual(['50 decision-unused']);
  });

  it('with who, why, until when, and the command that prolongs it', async () => {
    const [alert] = await remind(night + 8 * day, new Nights(suppression({ until: night + 10 * day })));
    expect(alert).toMatchObject({ state: 'open', severity: 'low', speaker: { cluster: 'harbour' } });
    expect(alert?.speaker.summary).toMatch(/^The suppression by dana \(a migration\) about pods, cluster harbour ends on 2026-03-19/);
    expect(alert?.speaker.next).toMatch(/"npm run suppress -- extend s --days 30"/);
  });
});

describe('what people wrote by hand', () => {
  const rest = { detection: '*', cluster: '*', who: 'dana', why: 'w', until: 5 };
  const whole = { ...rest, entity: 'x' };

  it('silences only what can be read for certain', () => {
    expect(suppressionFrom('s', whole)).toEqual({ id: 's', ...whole });
    for (const broken of [
      null,
      [],
      'text',
      { ...whole, until: '2026' },
      { ...whole, entity: undefined },
      { ...whole, severity: 'hihg' },
      { ...whole, strategy: 7 },
      { ...whole, account: 7 },
      { ...whole, alert: null },
    ])
      expect(suppressionFrom('s', broken)).toBeUndefined();
  });

  it('sets a limit only where it is a count', () => {
    expect(limitFrom('l', { ...rest, limit: 3 })).toEqual({ id: 'l', ...rest, limit: 3 });
    for (const count of [0, -1, 1.5, '3', null, undefined]) expect(limitFrom('l', { ...rest, limit: count })).toBeUndefined();
    expect(isLimit(limit())).toBe(true);
  });
});
