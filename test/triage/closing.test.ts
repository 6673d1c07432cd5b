import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { DynamoDbAlerts } from '../../shared/adapters/dynamodb-alerts.ts';
import { DynamoDbState } from '../../shared/adapters/dynamodb-state.ts';
import type { EventDetection } from '../../shared/detect/kit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import type { Severity } from '../../shared/model/finding.ts';
import { siteOf } from '../../shared/model/site.ts';
import { day, dayOf, weekOf } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import type { StateStore } from '../../shared/state/store.ts';
import type { Alert, AlertStore, Closing } from '../../shared/triage/alert.ts';
import { close, type ClosingPorts } from '../../shared/triage/closing.ts';
import { notify, triage } from '../../shared/triage/triage.ts';
import { graveNovelty } from '../laws/catalogue.ts';
import { describeWithDynamoDb, LocalDynamoDb } from '../support/dynamodb.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';
import { itemsIn } from '../support/items.ts';

/** Closing alerts: what waited joins exactly, what was taught is forgotten exactly, and either twice is once. */

const start = Date.UTC(2026, 2, 9, 6);

/** New networks of readers: seen by each reader and by all together. */
const novelty = (severity: Severity, id = 'grave-novelty'): EventDetection<AuditEvent> => ({
  ...graveNovelty,
  id,
  severity,
  memory: { ...graveNovelty.memory, all: { ...graveNovelty.memory['networks'], id: 'all-networks', key: () => [] } as never },
});

class House {
  readonly state: StateStore;
  readonly alerts: AlertStore;
  readonly findings = new MemoryFindings();
  readonly told: string[] = [];
  private readonly catalogue: readonly { strategy: string; detection: EventDetection<AuditEvent> }[];
  private pipeline: Pipeline;

  constructor(
    detections: readonly EventDetection<AuditEvent>[],
    { state, alerts }: ClosingPorts = { state: new MemoryState(), alerts: new MemoryAlerts() },
  ) {
    this.state = state;
    this.alerts = alerts;
    this.catalogue = detections.map((detection) => ({ strategy: 'test', detection }));
    this.pipeline = this.open();
  }

  /** A cold process. */
  open(): Pipeline {
    return (this.pipeline = new Pipeline(this.catalogue, { state: this.state, findings: this.findings, site: siteOf() }));
  }

  /** Returns the ids of the alerts that the reads raised. */
  async read(...reads: readonly Read[]): Promise<string[]> {
    const lines = reads.map(({ who = 'dana', net, at }) =>
      auditLine({ at, id: `${who} ${String(net)} ${String(at)}`, who, from: `192.0.${String(net)}.7`, resource: 'configmaps' }),
    );
    await this.pipeline.analyse(auditBatch(recordsOf(lines)));
    const raised: string[] = [];
    const settings = new MemorySettings();
    for (const group of this.findings.takeFresh()) {
      for (const alert of await triage(group, this.catalogue, { alerts: this.alerts, settings, state: this.state })) {
        await notify(alert, { tell: (_, reason) => Promise.resolve(void this.told.push(reason)) }, this.alerts);
        raised.push(alert.id);
      }
    }
    return [...new Set(raised)];
  }

  close(id: string, verdict: Closing['verdict'], at: number, dryRun = false) {
    return close(id, { verdict, who: 'dana', why: 'on call', at }, this, dryRun);
  }

  /** What memories hold, but for the ages of keys. */
  async memory(): Promise<string[]> {
    return (await this.contents('seen:')).filter((line) => !line.includes(' d '));
  }

  /** Every member of every set below a prefix. */
  async contents(prefix: string): Promise<string[]> {
    const lines: string[] = [];
    for await (const { key, sets } of itemsIn(this.state))
      for (const [name, members] of key.startsWith(prefix) ? sets : [])
        for (const member of members) lines.push(`${key} ${name} ${member}`);
    return lines.sort();
  }
}

interface Read {
  readonly who?: string;
  readonly net: number;
  readonly at: number;
}

const reads = fc
  .array(
    fc.record({
      who: fc.constantFrom('dana', 'kim', 'lee'),
      net: fc.integer({ min: 1, max: 6 }),
      at: fc.integer({ min: 0, max: 20 * 24 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((some) => some.map(({ at, ...rest }) => ({ ...rest, at: start + at * 3_600_000 })).sort((a, b) => a.at - b.at));

describe('closing as benign', () => {
  it('makes the memories what they were, had nothing been found', async () => {
    let released = 0;
    await fc.assert(
      fc.asyncProperty(reads, async (some) => {
        const careful = new House([novelty('high')]);
        const careless = new House([novelty('low')]);
        const raised = new Set<string>();
        for (const read of some) {
          for (const id of await careful.read(read)) raised.add(id);
          await careless.read(read);
        }
        for (const id of raised) released += (await careful.close(id, 'benign', start + 40 * day))?.joined ?? 0;
        expect(await careful.memory()).toEqual(await careless.memory());
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(released).toBeGreaterThan(60);
  });

  it('releases all of a storm that repeats itself, and keeps it once', async () => {
    const house = new House([novelty('high')]);
    await house.read({ net: 1, at: start });
    const storm = Array.from({ length: 400 }, (_, n) => ({ net: 2 + (n % 5), at: start + 2 * day + n }));
    for (let from = 0; from < storm.length; from += 40) await house.read(...storm.slice(from, from + 40));
    const [id] = await house.read({ net: 2, at: start + 2 * day + 500 });
    expect((await house.alerts.get(id ?? ''))?.count).toBe(401);
    expect(await house.close(id ?? '', 'benign', start + 3 * day)).toMatchObject({ joined: 10, waiting: 0 });
    expect(await house.read({ net: 6, at: start + 2 * day + 600 })).toEqual([]);
  });

  it('counts what there was no room for', async () => {
    const house = new House([novelty('high')]);
    await house.read({ net: 1, at: start });
    let id = '';
    for (let payload = 0; payload < 30; payload += 1)
      [id = id] = await house.read(
        ...Array.from({ length: 60 }, (_, n) => ({ net: 2 + (n % 250), at: start + (2 + payload) * day + n, who: 'dana' })),
      );
    const alert = await house.alerts.get(id);
    const done = await house.close(id, 'benign', start + 40 * day);
    // 59 networks in two memories on 30 days are more than four items take; all that was dropped is counted.
    expect(alert?.notKept).toBeGreaterThan(1_000);
    expect(done?.joined).toBeLessThanOrEqual(4 * (200 + 150));
    const kept = (await house.contents('quarantine:')).filter((line) => line.includes(' q '));
    expect(kept.length).toBeLessThanOrEqual(4 * (200 + 150));
    expect(kept.length + (alert?.notKept ?? 0)).toBe(60 * 2 * 30);
  });

  it('waits for the other alerts of the same event', async () => {
    const house = new House([novelty('high', 'one'), novelty('medium', 'two')]);
    await house.read({ net: 1, at: start });
    const [one = '', two = ''] = await house.read({ net: 2, at: start + 2 * day });
    expect(await house.close(one, 'benign', start + 3 * day)).toMatchObject({ joined: 0, waiting: 2, waitingFor: [two] });
    expect(await house.read({ net: 2, at: start + 2 * day + 1 })).toHaveLength(2);
    expect(await house.close(two, 'benign', start + 3 * day)).toMatchObject({ joined: 2, waiting: 0 });
    expect(await house.read({ net: 2, at: start + 2 * day + 2 })).toEqual([]);
  });
});

describe('closing as malicious', () => {
  it('leaves what the memories held, had the author done nothing from that week on', async () => {
    let forgotten = 0;
    await fc.assert(
      fc.asyncProperty(reads, async (some) => {
        const house = new House([novelty('low')]);
        const innocent = new House([novelty('low')]);
        const raised = new Set<string>();
        for (const read of some) for (const id of await house.read(read)) raised.add(id);
        const [id] = raised;
        if (id === undefined) return;
        const alert = (await house.alerts.get(id)) as Alert;
        const author = /role\/(\w+)/.exec(alert.speaker.entity.id)?.[1];
        for (const read of some)
          if (read.who !== author || weekOf(dayOf(read.at)) < weekOf(dayOf(alert.firstSeen))) await innocent.read(read);
        forgotten += (await house.close(id, 'malicious', start + 40 * day))?.forgotten ?? 0;
        expect(await house.memory()).toEqual(await innocent.memory());
      }),
      { numRuns: 60, seed: 2 },
    );
    expect(forgotten).toBeGreaterThan(20);
  });

  it('undoes that the alert was closed as benign', async () => {
    const house = new House([novelty('high')]);
    await house.read({ net: 1, at: start });
    const [id = ''] = await house.read({ net: 2, at: start + 8 * day });
    await house.close(id, 'benign', start + 9 * day);
    expect((await house.close(id, 'malicious', start + 9 * day))?.forgotten).toBe(2);
    house.open();
    expect(await house.read({ net: 2, at: start + 9 * day + 1 })).toEqual([id]);
    expect((await house.alerts.get(id))?.closings?.map(({ verdict }) => verdict)).toEqual(['benign', 'malicious']);
  });

  it('is heard of by a process that remembers otherwise: at latest with the first event of the next day', async () => {
    const house = new House([novelty('high')]);
    const week = start + 3 * day;
    await house.read({ net: 1, at: week });
    const [id = ''] = await house.read({ net: 2, at: week + 2 * day });
    await house.close(id, 'benign', week + 2 * day);
    expect(await house.read({ net: 2, at: week + 2 * day + 1 })).toEqual([]);
    await house.close(id, 'malicious', week + 2 * day);
    expect(await house.read({ net: 2, at: week + 3 * day })).toEqual([id]);
  });
});

describe('a closing', () => {
  it.each(['benign', 'malicious'] as const)('as %s is recorded once, and a rehearsal changes nothing', async (verdict) => {
    const house = new House([novelty('high')]);
    await house.read({ net: 1, at: start });
    const [id = ''] = await house.read({ net: 2, at: start + 2 * day });
    const before = await house.contents('');
    const alert = await house.alerts.get(id);
    const rehearsed = await house.close(id, verdict, start + 3 * day, true);
    expect([await house.contents(''), await house.alerts.get(id)]).toEqual([before, alert]);
    const done = await house.close(id, verdict, start + 3 * day);
    expect(done).toEqual(rehearsed);
    const memory = await house.memory();
    await house.close(id, verdict, start + 4 * day);
    expect(await house.memory()).toEqual(memory);
    expect((await house.alerts.get(id))?.closings).toEqual([{ verdict, who: 'dana', why: 'on call', at: start + 3 * day }]);
  });

  it('that died after the decision is completed by the same command', async () => {
    const house = new House([novelty('high')]);
    await house.read({ net: 1, at: start });
    const [id = ''] = await house.read({ net: 2, at: start + 2 * day });
    const dying = { alerts: house.alerts, state: { ...house.state, read: () => Promise.reject(new Error('gone')) } as StateStore };
    await expect(close(id, { verdict: 'benign', who: 'dana', why: '', at: start + 3 * day }, dying)).rejects.toThrow('gone');
    expect((await house.close(id, 'benign', start + 3 * day))?.joined).toBe(2);
    expect(await house.read({ net: 2, at: start + 2 * day + 1 })).toEqual([]);
  });

  it('of an unknown alert is none', async () => {
    expect(await new House([novelty('high')]).close('nobody', 'benign', start)).toBeUndefined();
  });

  it('holds for what happened before it; what happens after opens the alert again and says who closed it', async () => {
    const house = new House([novelty('high')]);
    await house.read({ net: 1, at: start });
    const [id = ''] = await house.read({ net: 2, at: start + 2 * day });
    await house.close(id, 'malicious', start + 3 * day);
    await house.read({ net: 3, at: start + 3 * day - 1 });
    expect((await house.alerts.get(id))?.state).toBe('closed');
    await house.read({ net: 3, at: start + 3 * day + 1 });
    expect((await house.alerts.get(id))?.state).toBe('open');
    await house.read({ net: 3, at: start + 3 * day + 2 });
    expect(house.told).toEqual(['first seen', 'again, after dana closed it as malicious']);
  });
});

describeWithDynamoDb('closing on the deployed tables', () => {
  it('comes to the same as in memory', async () => {
    const local = await LocalDynamoDb.start();
    try {
      await Promise.all([local.createTable('state'), local.createTable('findings')]);
      const full: unknown[] = [];
      const state = new DynamoDbState(local.client, 'state', (what) => full.push(what));
      const deployed = new House([novelty('high')], { state, alerts: new DynamoDbAlerts(local.client, 'findings') });
      const memory = new House([novelty('high')]);
      for (const house of [deployed, memory]) {
        await house.read({ net: 1, at: start });
        const [id = ''] = await house.read({ net: 2, at: start + 8 * day }, { net: 3, at: start + 8 * day });
        expect(await house.close(id, 'benign', start + 8 * day)).toMatchObject({ joined: 4, waiting: 0 });
        expect(await house.read({ net: 3, at: start + 8 * day + 1 })).toEqual([]);
        expect(await house.close(id, 'malicious', start + 8 * day)).toMatchObject({ forgotten: 4 });
        house.open();
        expect(await house.read({ net: 3, at: start + 8 * day + 2 })).toEqual([id]);
      }
      expect(full).toEqual([]);
    } finally {
      local.stop();
    }
  });
});
