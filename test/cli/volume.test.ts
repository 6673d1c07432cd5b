import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inGroup, readVolumeOptions, report, talkersIn } from '../../cli/volumes.ts';
import { Talkers } from '../../shared/history/talkers.ts';
import { day } from '../../shared/model/time.ts';

const now = Date.parse('2026-03-12T00:00:00Z');
const line = (username: string, verb: string, resource: string, padding = 0) =>
  JSON.stringify({ kind: 'Event', user: { username }, verb, objectRef: { resource }, pad: 'x'.repeat(padding) });

describe('talkers', () => {
  it('add up to the log, whoever they are and however many', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.string())), (requests) => {
        const lines = requests.map(([who, verb, resource]) => line(who, verb, resource));
        const talkers = new Talkers();
        for (const each of lines) talkers.add(each);
        const listed = talkers.top(1_000);
        expect(listed.reduce((sum, each) => sum + each.lines, 0)).toBe(lines.length);
        expect(listed.reduce((sum, each) => sum + each.bytes, 0)).toBe(lines.reduce((sum, each) => sum + Buffer.byteLength(each), 0));
        expect([...listed].sort((a, b) => b.bytes - a.bytes).map(({ bytes }) => bytes)).toEqual(listed.map(({ bytes }) => bytes));
      }),
    );
  });

  it('are one where they are many of a kind: nodes, sessions of a role', () => {
    const talkers = new Talkers();
    for (const number of [1, 2, 3]) {
      talkers.add(line(`system:node:ip-10-0-0-${String(number)}.eu-central-1.compute.internal`, 'patch', 'nodes'));
      talkers.add(line(`arn:aws:sts::111122223333:assumed-role/ci/run-${String(number)}`, 'get', 'pods'));
    }
    expect(talkers.top(9).map(({ who, lines }) => `${who} ${String(lines)}`)).toEqual([
      'system:node:* 3',
      'arn:aws:sts::111122223333:assumed-role/ci/* 3',
    ]);
  });

  it('of invented names do not grow without end, and none is lost', () => {
    const talkers = new Talkers();
    for (let number = 0; number < 25_000; number += 1) talkers.add(line(`mallory-${String(number)}`, 'get', 'pods'));
    expect(talkers.top(30_000)).toHaveLength(20_001);
    expect(talkers.top(1)[0]).toMatchObject({ who: 'others', lines: 5_000 });
  });
});

it('a file tells its talkers, the largest first, with what to do', async () => {
  const talkers = await talkersIn({ source: { files: ['events/scenarios/intrusion/audit.ndjson.gz'] }, top: 3, json: false });
  expect(talkers.lines).toBe(12_000);
  const [first = '', , ...rest] = [...report(talkers, { top: 3, json: false })];
  expect(first).toMatch(/^12,000 lines, [\d.]+ MB: \$?[\w .]+ to take in/);
  expect(rest.filter((each) => each.includes(' lines of '))).toHaveLength(3);
});

it('a log group is asked once, over the days that were named', async () => {
  const asked: unknown[] = [];
  const rows = (query: string, span: unknown) => {
    asked.push(span);
    expect(query).toContain('sum(strlen(@message)) as bytes');
    return Promise.resolve({
      rows: [{ who: 'system:serviceaccount:shop:poller', verb: 'list', resource: 'pods', subresource: '', lines: '10', bytes: '5000' }],
    });
  };
  const options = readVolumeOptions(['--log-group', '/aws/eks/production/cluster', '--days', '2', '--json'], now);
  if (options === 'help' || !('group' in options.source)) throw new Error('a group was named');
  const talkers = await inGroup({ rows }, options.source);
  expect(asked).toEqual([{ from: now - 2 * day, to: now }]);
  const [only = ''] = [...report(talkers, options)];
  expect(JSON.parse(only)).toMatchObject({ who: 'system:serviceaccount:shop:poller', share: 1, lines: 10 });
  expect(only).toContain('A workload polls');
});

it.each([
  [[], 'name files'],
  [['a', '--log-group', 'b'], 'name files'],
  [['a', '--top', '0'], '--top 0'],
  [['--log-group', 'b', '--days', 'many'], '--days many'],
])('%j is refused', (words, why) => {
  expect(() => readVolumeOptions(words, now)).toThrow(why);
});
