import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { flowFormat } from '../../shared/contract/logs.ts';
import { benchmarkAudit, benchmarkAuditPayloads, benchmarkFlow } from './benchmark.ts';
import type { DataMessage } from './cloudwatch.ts';
import { describeAudit, describeFlow } from './describe.ts';

const messages = benchmarkAudit(1, 100_000);

describe('the audit events of the benchmark', () => {
  const summary = describeAudit(messages);

  it('come from nodes, accounts and people in the stated shares', () => {
    expect(summary.events).toBe(100_000);
    expect(Math.abs(summary.nodes - 45)).toBeLessThan(0.5);
    expect(Math.abs(summary.accounts - 37)).toBeLessThan(0.5);
    expect(Math.abs(summary.people - 18)).toBeLessThan(0.5);
  });

  it('come from at least 200 identities that keep address and agent', () => {
    expect(summary.identities).toBeGreaterThanOrEqual(200);
    expect(summary.identities).toBeLessThan(300);
  });

  it('have the stated sizes', () => {
    expect(summary.medianBytes / 1_024).toBeCloseTo(1.6, 1);
    expect(Math.abs(summary.long - 10)).toBeLessThan(0.5);
  });

  it('create 5 000 pods a day', () => {
    expect(Math.abs(summary.podsCreated - 5_000)).toBeLessThan(25);
  });

  it('are refused and read Secrets as often as stated', () => {
    expect(Math.abs(summary.refused - 0.2)).toBeLessThan(0.05);
    expect(Math.abs(summary.secretReads - 1)).toBeLessThan(0.1);
  });
});

describe('the flow lines of the benchmark', () => {
  const lines = benchmarkFlow(1, 100_000);

  it('have all fields of the format', () => {
    const fields = flowFormat.split(' ').length;
    expect(lines).toHaveLength(100_000);
    expect(lines.filter((line) => line.split(' ').length !== fields)).toEqual([]);
  });

  it('go both ways and leave the VPC now and then', () => {
    const summary = describeFlow(lines);
    expect(Math.abs(summary.egress - 50)).toBeLessThan(1);
    expect(summary.outside).toBeGreaterThan(1);
    expect(summary.rejected).toBeGreaterThan(0);
    expect(summary.addresses).toBeGreaterThan(200);
  });

  it('tell initiator from responder by their flags', () => {
    const flags = flowFormat.split(' ').indexOf('tcp-flags');
    const protocol = flowFormat.split(' ').indexOf('protocol');
    const seen = new Set(
      lines
        .map((line) => line.split(' '))
        .filter((line) => line[protocol] === '6')
        .map((line) => line[flags]),
    );
    expect([...seen].sort()).toEqual(['0', '1', '18', '19', '2', '3']);
  });
});

describe('the payloads of the benchmark', () => {
  it.each([60, 500])('hold at most %i events of one stream and lose none', (perPayload) => {
    const batches = benchmarkAuditPayloads(3, 4_000, perPayload).map(
      (data) => JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()) as DataMessage,
    );
    expect(Math.max(...batches.map(({ logEvents }) => logEvents.length))).toBe(perPayload);
    const events = batches.flatMap(({ logEvents }) => logEvents);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4_000);
    expect(new Set(batches.map(({ logStream }) => logStream)).size).toBe(2);
  });
});
