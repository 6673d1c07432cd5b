import { describe, expect, it } from 'vitest';
import { alertJson, findingJson } from '../../shared/alert/json.ts';
import { responseTo } from '../../shared/alert/response/response.ts';
import type { Evidence } from '../../shared/model/finding.ts';
import { alertWith, findingWith, three } from '../support/alerts.ts';

/** The contract: names may be added, never changed. */
const contract = {
  id: 'aaaaaaaaaaaaaaaa',
  detection: 'secret-read-from-new-network',
  title: 'Kubernetes Secret read from a network new to the reader',
  headline: 'Kubernetes Secret read from a network new to the reader: reader (dana), in harbour',
  severity: 'high',
  confidence: 'medium',
  time: '2026-03-02T03:00:00.000Z',
  firstSeen: '2026-03-02T02:00:00.000Z',
  lastSeen: '2026-03-02T03:00:00.000Z',
  cluster: 'harbour',
  account: '111122223333',
  region: 'eu-central-1',
  entity: { kind: 'identity', name: 'reader (dana)' },
  attack: ['T1552.007', 'T1078.004'],
  summary: 'reader (dana) read secrets from 203.0.113.0/24, not used by it in 30 days.',
  count: 3,
  fingerprint: 'aaaaaaaaaaaaaaaa',
  state: 'open',
  evidence: [
    {
      eventId: 'audit-1',
      time: '2026-03-02T03:00:00.000Z',
      note: 'reader (dana) from 203.0.113.9: get /api/v1/namespaces/shop/secrets/db',
    },
  ],
  baseline: { 'known networks': 2, 'days watched': 30 },
  normal: '2 networks known; days watched 30',
  next: 'Ask dana whether this was them.',
  ...responseTo(alertWith({ count: 3, firstSeen: three - 3_600_000 })),
  blind: [],
};

describe('the JSON form is a contract', () => {
  it('an alert has exactly these names and values, on one line', () => {
    const line = alertJson(alertWith({ count: 3, firstSeen: three - 3_600_000 }));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual(contract);
    expect(Object.keys(JSON.parse(line) as object)).toEqual(Object.keys(contract));
  });

  it('an incident also says which alerts it tells of, step by step', () => {
    const step = { detection: 'exec-into-pod', title: 'Entered', severity: 'low' as const, tactics: ['execution'], source: 'audit' };
    const timeline = [
      { ...step, time: three - 60_000, until: three, summary: 'reader (dana) ran `sh`.', alert: 'b'.repeat(16) },
      { ...step, time: three, summary: 'reader (dana) ran `env`.', alert: 'c'.repeat(16) },
    ];
    const told = JSON.parse(alertJson(alertWith({ incident: { id: 'i', parts: 2 }, timeline }))) as Record<string, unknown>;
    expect(told['incident']).toEqual({ id: 'i', parts: 2 });
    expect(told['timeline']).toEqual([
      { ...timeline[0], time: '2026-03-02T02:59:00.000Z', until: '2026-03-02T03:00:00.000Z' },
      { ...timeline[1], time: '2026-03-02T03:00:00.000Z' },
    ]);
  });

  it('a finding has the same, with its own id and count 1', () => {
    expect(JSON.parse(findingJson(findingWith()))).toEqual({
      ...contract,
      id: 'ffffffffffffffff',
      count: 1,
      firstSeen: contract.time,
      ...responseTo(alertWith({ id: 'ffffffffffffffff' })),
    });
  });

  it('who did it and where stand beside whom it is about, where they are known', () => {
    const who = { kind: 'iam', name: 'reader (dana)', session: 'dana' } as const;
    const speaker = findingWith({ who, where: { namespace: 'shop', object: 'secrets/db' } });
    expect(JSON.parse(alertJson(alertWith({ speaker })))).toMatchObject({ who, where: { namespace: 'shop', object: 'secrets/db' } });
  });

  it('the gravest severity speaks for an alert, the speaking finding for the rest', () => {
    expect(JSON.parse(alertJson(alertWith({ severity: 'critical', speaker: findingWith({ severity: 'low' }) })))).toMatchObject({
      severity: 'critical',
    });
  });

  it('a suppressed alert says so', () => {
    expect(JSON.parse(alertJson(alertWith({ state: 'suppressed', silencedBy: 'dana' })))).toMatchObject({ state: 'suppressed' });
  });

  it('there is no baseline where none was used', () => {
    const { baseline, ...rest } = findingWith();
    expect(Object.keys(baseline ?? {})).not.toHaveLength(0);
    expect(JSON.parse(findingJson(rest))).not.toHaveProperty('baseline');
  });

  it('flow evidence is the raw record', () => {
    const record = '2 111122223333 eni-1 10.0.0.1 198.51.100.7 40000 443 6 1 1 1 2 ACCEPT OK';
    const { evidence } = JSON.parse(findingJson(findingWith({ evidence: [{ time: three, record, note: 'n' }] }))) as {
      evidence: unknown[];
    };
    expect(evidence).toEqual([{ record, time: contract.time, note: 'n' }]);
  });

  it('evidence is at most twenty, the newest last and never left out', () => {
    const many: Evidence[] = Array.from({ length: 30 }, (_, index) => ({
      time: three + ((index * 7) % 30) * 1_000,
      eventId: `e-${String((index * 7) % 30)}`,
      note: '',
    }));
    const { evidence } = JSON.parse(findingJson(findingWith({ evidence: many }))) as { evidence: { eventId: string }[] };
    expect(evidence.map(({ eventId }) => eventId)).toEqual(Array.from({ length: 20 }, (_, index) => `e-${String(index + 10)}`));
  });

  it('what an attacker wrote is the same for a program and harmless on a terminal', () => {
    const name = 'a\u001b[2Jb\u009bc\u202ed\u200be\u2028f\ud800g\u{e0041}';
    const line = findingJson(findingWith({ summary: name }));
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect((JSON.parse(line) as { summary: string }).summary).toBe(name);
  });

  it('a time that no calendar has is the last one there is', () => {
    expect(JSON.parse(findingJson(findingWith({ time: Number.MAX_SAFE_INTEGER })))).toMatchObject({ time: '+275760-09-13T00:00:00.000Z' });
  });
});
