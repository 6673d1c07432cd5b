import { describe, expect, it } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { FindingStore } from '../../shared/detect/finding-group.ts';
import { audit } from '../../shared/detect/kit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { minute } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { Meter } from '../bench/meter.ts';
import { MeteredState } from '../cost/metered-state.ts';
import { RoundTrips } from '../cost/round-trips.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';

/** What a process asks of the table to count. */

const ceiling = 3;
const kindsRead = audit.threshold({
  id: 'kinds-read',
  title: 'many kinds',
  severity: 'medium',
  confidence: 'low',
  attack: [],
  rows: [],
  next: 'Look.',
  reads: { verbs: ['list'], resources: ['*'] },
  count: { by: ({ actor }: AuditEvent) => [actor.id], member: ({ target }: AuditEvent) => target.resource, minutes: 30 },
  limit: { ceiling, profile: { floor: ceiling, deviations: 6 } },
  judge: ({ actor }: AuditEvent, { count }) => ({ entity: actor, summary: String(count) }),
});

const slot = Date.parse('2026-03-10T10:00:00Z');

class Table {
  readonly meter = new Meter();
  readonly findings = new MemoryFindings();
  private readonly state = new MeteredState(new MemoryState(), this.meter, new RoundTrips());

  process(findings: FindingStore = this.findings): Pipeline {
    return new Pipeline([{ strategy: 'test', detection: kindsRead }], { state: this.state, findings, site: siteOf() });
  }

  get writes(): number {
    return this.meter.kinds.get('counts')?.writes ?? 0;
  }

  /** Profiles that were asked for. */
  get profiles(): number {
    return this.meter.kinds.get('profile')?.readUnits ?? 0;
  }
}

let number = 0;
const list = (resource: string, at: number) =>
  auditBatch(recordsOf([auditLine({ at, id: `list-${String((number += 1))}`, verb: 'list', resource })]));

describe('a member', () => {
  it('that comes again within a sixth of a long window is not written again', async () => {
    const table = new Table();
    const process = table.process();
    await process.analyse(list('pods', slot));
    await process.analyse(list('pods', slot + 4 * minute));
    expect(table.writes).toBe(1);
    await process.analyse(list('pods', slot + 5 * minute));
    expect(table.writes).toBe(2);
    await table.process().analyse(list('pods', slot));
    expect(table.writes).toBe(2);
  });

  it('that comes again after its counter raised something is suspect like those that raised it', async () => {
    const table = new Table();
    const process = table.process();
    for (const resource of ['pods', 'nodes', 'services']) await process.analyse(list(resource, slot));
    const { findings } = await process.analyse(list('pods', slot + minute));
    expect(findings.map(({ summary }) => summary)).toEqual(['3']);
  });

  it('is counted again where what it raised could not be stored', async () => {
    const table = new Table();
    let isDown = true;
    const process = table.process({
      record: (groups) => (isDown ? Promise.reject(new Error('throttled')) : table.findings.record(groups)),
    });
    for (const resource of ['pods', 'nodes']) await process.analyse(list(resource, slot));
    await expect(process.analyse(list('services', slot))).rejects.toThrow('throttled');
    isDown = false;
    const { findings } = await process.analyse(list('services', slot));
    expect(findings).toHaveLength(1);
  });
});

describe('the profile of a counter', () => {
  it('is read where the counter may have reached a limit, for this process or with what others counted', async () => {
    const table = new Table();
    const [one, other] = [table.process(), table.process()];
    for (const resource of ['pods', 'nodes']) await one.analyse(list(resource, slot));
    expect(table.profiles).toBe(0);
    await other.analyse(list('services', slot));
    expect(table.profiles).toBe(0.5);
    await one.analyse(list('secrets', slot));
    expect(table.profiles).toBe(1);
    await other.analyse(list('events', slot));
    expect(table.profiles).toBe(1);
  });
});
