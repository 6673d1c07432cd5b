import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReportOptions } from '../../cli/reporting.ts';
import { auditLine } from '../support/records.ts';
import { Desk, jsonLines, run } from '../support/terminal.ts';

/** Reports as a person asks for them. */

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => {
  desk[Symbol.dispose]();
});

/** An exec by hand: always worth an alert. */
function execLog(): string {
  const line = auditLine({
    at: Date.UTC(2026, 2, 9, 6),
    id: 'audit-1',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'cart-1',
  });
  return desk.put('audit.ndjson', `${line}\n`);
}

describe('a report', () => {
  it('is written by a replay, and by itself from the file that the replay left', () => {
    const [log, state] = [execLog(), desk.path('state.gz')];
    const replay = run('replay', ['--json', '--cluster', 'harbour', '--state', state, '--report', desk.path('all.html'), log]);
    const [alert] = jsonLines(replay.out);
    expect([replay.code, typeof alert?.['id']]).toEqual([0, 'string']);
    expect(replay.told.at(-1)).toMatch(/^report: .*all\.html, \d+ kB, \d+ alerts?$/);
    expect(readFileSync(desk.path('all.html'), 'utf8')).toContain('<h1>');

    const id = String(alert?.['id']);
    const report = run('report', [id, '--state', state, '--out', desk.path('one.html')]);
    expect([report.code, report.out]).toEqual([0, expect.stringMatching(/^report: .*one\.html, \d+ kB, \d+ alerts?\n$/)]);
    expect(readFileSync(desk.path('one.html'), 'utf8')).toContain(String(alert?.['title']));
  });

  it('of nothing is not written', () => {
    const state = desk.path('state.gz');
    const unknown = run('report', ['A'.repeat(16), '--state', state, '--out', desk.path('one.html')]);
    expect([unknown.code, unknown.told, existsSync(desk.path('one.html'))]).toEqual([
      2,
      [`report: ${'A'.repeat(16)}: there is no such alert`],
      false,
    ]);
  });

  it('that cannot be written is the reader’s to set right', () => {
    const { code, told } = run('replay', ['--report', desk.path('nowhere/all.html'), execLog()]);
    expect([code, told.at(-1)]).toEqual([2, expect.stringMatching(/^replay: .*nowhere/)]);
  });

  it('is asked for by an id, which may begin with a dash, and a place', () => {
    const table = { PLIMSOLL_FINDINGS_TABLE: 'findings' };
    expect(readReportOptions(['-abcdefghijklmno'], table)).toEqual({
      alert: '-abcdefghijklmno',
      place: { findingsTable: 'findings' },
      out: 'report--abcdefghijklmno.html',
    });
    expect(readReportOptions(['a/../b', '--findings-table', 'other', '--out', 'x.html'], table)).toEqual({
      alert: 'a/../b',
      place: { findingsTable: 'other' },
      out: 'x.html',
    });
    expect(readReportOptions(['a/../b', '--state', 's'], {})).toMatchObject({ place: { file: 's' }, out: 'report-a____b.html' });
    expect(readReportOptions(['--help'], {})).toBe('help');
    expect(() => readReportOptions([], table)).toThrow('name one incident');
    expect(() => readReportOptions(['a', 'b'], table)).toThrow('name one incident');
    expect(() => readReportOptions(['a'], {})).toThrow('say where the alert is');
  });
});
