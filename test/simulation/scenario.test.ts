import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dayStart, buildScenario, expected, scenario } from './scenario.ts';
import { milliseconds } from './clock.ts';
import { tell } from './story.ts';
import { apiFile, auditFile, flowFile } from './write-scenario.ts';

const folder = new URL('../../events/scenarios/intrusion/', import.meta.url);

function shipped(name: string): string {
  const bytes = readFileSync(new URL(name, folder));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

describe('the shipped scenario', () => {
  it('is the same every time it is made', () => {
    const again = buildScenario();
    expect(again.day.audit).toEqual(scenario.day.audit);
    expect(again.day.flow).toEqual(scenario.day.flow);
    expect(again.history).toEqual(scenario.history);
    expect(again.expected).toEqual(expected);
  });

  it.each([
    ['', scenario.day],
    ['history/', scenario.history],
  ])('is what the generator writes: %s', (part, records) => {
    expect(shipped(`${part}audit.ndjson.gz`) === gunzipSync(auditFile(records.audit)).toString()).toBe(true);
    expect(shipped(`${part}flow.log.gz`) === gunzipSync(flowFile(records.flow)).toString()).toBe(true);
    expect(shipped(`${part}api.ndjson`)).toBe(apiFile(records));
  });

  it('tells its story', () => {
    expect(shipped('story.md')).toBe(tell(scenario));
  });

  it('stays below four megabytes', () => {
    const names = ['audit.ndjson.gz', 'flow.log.gz', 'api.ndjson'].flatMap((name) => [name, `history/${name}`]);
    const bytes = names.reduce((sum, name) => sum + readFileSync(new URL(name, folder)).length, 0);
    expect(bytes).toBeLessThan(4_000_000);
  });
});

describe('what a detector must find', () => {
  const { audit, flow, api } = scenario.day;
  const ids = new Set([...audit.map(({ id }) => id), ...flow.map(({ line }) => line), ...api.map(({ id }) => id)]);

  it('names records that are in the files', () => {
    expect(expected.length).toBeGreaterThan(30);
    expect(expected.filter(({ recordId }) => !ids.has(recordId))).toEqual([]);
    expect(scenario.steps.flatMap(({ records }) => records).filter((record) => !ids.has(record))).toEqual([]);
  });

  it('happens on the last day', () => {
    const day = milliseconds(dayStart);
    expect(expected.every(({ row, time }) => /^D\d{3}$/.test(row) && Date.parse(time) >= day && Date.parse(time) < day + 86_400_000)).toBe(
      true,
    );
  });

  it('leaves the history clean of the intruder', () => {
    const text = [...scenario.history.audit.map(({ message }) => message), ...scenario.history.flow.map(({ line }) => line)];
    expect(text.filter((line) => line.includes('198.51.100.'))).toEqual([]);
  });
});
