import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Desk, run } from '../support/terminal.ts';
import { sample } from '../support/transports.ts';

describe('npm start', () => {
  it('replays the shipped scenario and says what it was and what to do next', () => {
    const { code, out } = run('start', []);
    expect(code).toBe(0);
    expect(out).toMatch(/^(?:CRITICAL|HIGH) {2}/);
    const front = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(out).toContain(/```text\n(.+?)```/s.exec(front)?.[1] ?? 'no excerpt');
    const [what, , how] = out.trim().split('\n').slice(-3);
    expect(what).toMatch(/^This was events\/scenarios\/intrusion/);
    expect(how).toMatch(/^Your own logs: npm run --silent replay -- /);
  });

  it('replays another scenario that is laid out like it', () => {
    using desk = new Desk();
    desk.put('audit.ndjson.gz', gzipSync(sample('audit.ndjson')));
    desk.put('flow.log.gz', gzipSync(sample('flow-header.log')));
    desk.put('history/api.ndjson', sample('eventbridge.ndjson'));
    const { code, out, told } = run('start', [desk.directory]);
    expect([code, out.split('\n')[0]]).toEqual([0, 'No alerts.']);
    expect(told.find((line) => line.includes('lines in'))).toContain('9 lines in');
  });

  it('says so where the scenario is missing', () => {
    const { code, told } = run('start', ['nowhere']);
    expect(code).toBe(2);
    expect(told.at(-1)).toMatch(/^start: nowhere: the scenario is missing/);
  });
});
