import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLine } from '../support/records.ts';
import { Desk, jsonLines, run } from '../support/terminal.ts';
import { samplePath } from '../support/transports.ts';

const nine = Date.parse('2026-03-02T09:00:00Z');

/** Pods created a second apart by one deployer: more than any deployer may in five minutes. */
const burst = (start: number, count = 80, who = 'deployer'): string =>
  Array.from({ length: count }, (_, index) =>
    auditLine({
      at: start + index * 1_000,
      id: `${who}-${String(start)}-${String(index)}`,
      who,
      verb: 'create',
      resource: 'pods',
      namespace: 'shop',
      name: `p-${String(index)}`,
    }),
  ).join('\n') + '\n';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => {
  desk[Symbol.dispose]();
});

const closing = (told: readonly string[]): string | undefined => told.find((line) => line.includes('lines in:'));
const sprays = (out: string) => jsonLines(out).filter(({ detection }) => detection === 'container-spraying');

describe('replay prints what it found', () => {
  it('as text for people, without colour when piped', () => {
    const { code, out, told } = run('replay', [desk.put('burst.ndjson', burst(nine))]);
    expect(code).toBe(0);
    expect(out).toMatch(/^HIGH {2}Containers created in a burst: .+\n {2}what +deployer \(session-1\) created \d+ pods in 5 minutes/m);
    expect(out).not.toContain('\u001b');
    expect(closing(told)).toBe('80 lines in: 80 judged, 0 skipped, 0 repeated, 0 rejected');
    expect(told.join('\n')).not.toContain('\u001b');
  });

  it('as JSON, one alert a line', () => {
    const { out } = run('replay', ['--json', desk.put('burst.ndjson', burst(nine))]);
    expect(sprays(out)).toHaveLength(1);
    expect(sprays(out)[0]).toMatchObject({ severity: 'high', cluster: 'cluster', account: '111122223333', state: 'open', blind: [] });
  });

  it('as findings before grouping, each once', () => {
    const path = desk.put('burst.ndjson', burst(nine) + burst(nine + 3_600_000));
    const { out } = run('replay', ['--json', '--findings', path]);
    expect(sprays(out)).toHaveLength(2);
    expect(sprays(out).every(({ count }) => count === 1)).toBe(true);
    expect(new Set(sprays(out).map(({ id }) => id)).size).toBe(2);
    expect(new Set(sprays(out).map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('and says so where there is nothing', () => {
    const { code, out, told } = run('replay', [desk.put('empty.ndjson', '')]);
    expect([code, out]).toEqual([0, 'No alerts.\n']);
    expect(told.filter((line) => !line.startsWith('off: '))).toEqual([
      '0 lines in: 0 judged, 0 skipped, 0 repeated, 0 rejected',
      '0 alerts',
    ]);
    expect(told).toContain('off: call-from-tor needs list:tor');
  });

  it('keeps the clusters of one replay apart', () => {
    const payload = (cluster: string, owner: string): string => {
      const logEvents = burst(nine)
        .trim()
        .split('\n')
        .map((message, index) => ({ id: String(index), timestamp: nine, message }));
      return JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner,
        logGroup: `/aws/eks/${cluster}/cluster`,
        logStream: 'kube-apiserver-audit-0a',
        logEvents,
      });
    };
    const path = desk.put('both.ndjson', `${payload('harbour', '111122223333')}\n${payload('quay', '444455556666')}\n`);
    const { out } = run('replay', ['--json', '--cluster', 'pier', path]);
    expect(
      sprays(out)
        .map(({ cluster, account }) => `${String(cluster)} ${String(account)}`)
        .sort(),
    ).toEqual(['harbour 111122223333', 'quay 444455556666']);
  });
});

describe('files and directories', () => {
  it('a directory means its files, compressed or not, and what is no log is named and left out', () => {
    desk.put('logs/2026/a.ndjson', burst(nine, 40));
    desk.put('logs/2026/b.ndjson.gz', gzipSync(burst(nine + 40_000, 40)));
    desk.put('logs/notes.txt', 'remember to rotate the keys\n');
    const { code, out, told } = run('replay', ['--json', desk.path('logs')]);
    expect(code).toBe(0);
    expect(sprays(out)).toHaveLength(1);
    expect(closing(told)).toContain('80 lines in');
    expect(told.some((line) => line.startsWith('not read:') && line.includes('notes.txt'))).toBe(true);
  });

  it('a flow log without a header is read in the order that is told', () => {
    const order = '${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${start} ${end} ${action}';
    const { code, told } = run('replay', ['--json', '--flow-format', order, samplePath('flow-custom.log')]);
    expect(code).toBe(0);
    expect(closing(told)).toMatch(/^3 lines in: .* 0 rejected$/);
  });

  it('what could not be used is counted by reason, and written out on request', () => {
    const rejects = desk.path('rejects.ndjson');
    const { code, told } = run('replay', [
      '--json',
      '--rejects',
      rejects,
      samplePath('hostile/bad-payloads.ndjson'),
      samplePath('hostile/no-json.ndjson'),
    ]);
    expect(code).toBe(0);
    expect(told).toContain('rejected: 1 bad-base64, 1 bad-envelope, 1 bad-gzip, 1 bad-json');
    const written = jsonLines(readFileSync(rejects, 'utf8'));
    expect(written.map(({ reason }) => reason).sort()).toEqual(['bad-base64', 'bad-envelope', 'bad-gzip', 'bad-json']);
    const noJson = written.find(({ reason }) => reason === 'bad-json');
    expect(noJson).toEqual({
      reason: 'bad-json',
      place: samplePath('hostile/no-json.ndjson'),
      id: `${samplePath('hostile/no-json.ndjson')}:2`,
      record: 'the disk is full',
    });
  });
});

describe('history and memory', () => {
  it('history teaches and does not tell', () => {
    const history = desk.put('history.ndjson', burst(nine - 86_400_000));
    const { code, out, told } = run('replay', ['--json', '--learn', history, desk.put('today.ndjson', burst(nine, 3))]);
    expect(code).toBe(0);
    expect(sprays(out)).toEqual([]);
    expect(closing(told)).toContain('83 lines in');
  });

  it('what was learnt is saved whole, and loaded the next time', () => {
    const state = desk.path('memory/state.gz');
    desk.put('memory/other', '');
    const morning = desk.put('morning.ndjson', burst(nine, 40));
    const noon = desk.put('noon.ndjson', burst(nine + 60_000, 40));
    expect(sprays(run('replay', ['--json', '--state', state, morning]).out)).toEqual([]);
    const saved = jsonLines(gunzipSync(readFileSync(state)).toString());
    expect(saved[0]).toEqual({ plimsoll: 'state', version: 1 });
    expect(saved.length).toBeGreaterThan(1);
    // Forty and forty: too many together, though neither is alone.
    expect(sprays(run('replay', ['--json', '--state', state, noon]).out)).toHaveLength(1);
    expect(readdirSync(desk.path('memory')).sort()).toEqual(['other', 'state.gz']);
  });

  it('learning alone needs no files', () => {
    const state = desk.path('state.gz');
    expect(run('replay', ['--learn', desk.put('h.ndjson', burst(nine, 3)), '--state', state]).code).toBe(0);
    expect(existsSync(state)).toBe(true);
  });
});

describe('exit codes', () => {
  it.each([
    ['high', 3],
    ['critical', 0],
    ['low', 3],
  ])('--fail-on %s: %i where something high was found', (bar, code) => {
    expect(run('replay', ['--json', '--fail-on', bar, desk.put('burst.ndjson', burst(nine))]).code).toBe(code);
  });

  it('0 for --help, which names every option', () => {
    const { code, out } = run('replay', ['--help']);
    expect(code).toBe(0);
    for (const option of [
      'learn',
      'state',
      'cluster',
      'flow-format',
      'json',
      'findings',
      'fail-on',
      'rejects',
      'vpc',
      'network',
      'site',
      'help',
    ])
      expect(out).toContain(`--${option}`);
  });

  const wrong: readonly { what: string; words: (desk: Desk) => readonly string[]; says: RegExp }[] = [
    { what: 'no file', words: () => [], says: /name at least one file/ },
    { what: 'an option that does not exist', words: () => ['--colour'], says: /Unknown option '--colour'/ },
    { what: 'an option without its value', words: () => ['x', '--learn'], says: /--learn/ },
    { what: 'a missing file', words: () => ['nowhere.log'], says: /nowhere\.log: no such file/ },
    { what: 'a missing history', words: () => ['--learn', 'nowhere.log'], says: /nowhere\.log: no such file/ },
    { what: 'a file of another kind', words: (at) => [at.put('passwd', 'root:x:0:0\n')], says: /passwd: not a log that is read here/ },
    {
      what: 'a directory without logs',
      words: (at) => [at.put('d/passwd', 'root:x:0:0\n').replace('/passwd', '')],
      says: /not a log that is read here/,
    },
    {
      what: 'a severity that is none',
      words: () => ['--fail-on', 'huge', 'x'],
      says: /--fail-on huge: a severity is low, medium, high or critical/,
    },
    { what: 'a range that is none', words: () => ['--vpc', '10.0.0.0/99', 'x'], says: /--vpc 10\.0\.0\.0\/99: expected a range in CIDR/ },
    {
      what: 'a network without a name',
      words: () => ['--network', '10.0.0.0/8', 'x'],
      says: /--network 10\.0\.0\.0\/8: expected NAME=CIDR/,
    },
    {
      what: 'a network named twice',
      words: () => ['--network', 'a=10.0.0.0/8', '--network', 'a=10.0.0.0/9', 'x'],
      says: /a already stands for 10\.0\.0\.0\/8/,
    },
    { what: 'a missing site file', words: () => ['--site', 'nowhere.json', 'x'], says: /--site nowhere\.json: no such file/ },
    {
      what: 'a site with a duty there is not',
      words: (at) => ['--site', at.put('site.json', '{"identities":[{"who":"arn:aws:iam::111122223333:role/ci","duty":"king"}]}'), 'x'],
      says: /an identity needs "who" and a "duty", one of deployer, secret-reader, scanner, administrator/,
    },
    {
      what: 'a site whose policies are known by a word',
      words: (at) => ['--site', at.put('site.json', '{"policiesKnown":"*"}'), 'x'],
      says: /policiesKnown must be a list of namespaces/,
    },
    {
      what: 'a site with a range that is none',
      words: (at) => ['--site', at.put('site.json', '{"networks":{"vpc":["10.0.0.0/99"]}}'), 'x'],
      says: /10\.0\.0\.0\/99: expected a range in CIDR/,
    },
    {
      what: 'a site with a list there is not',
      words: (at) => ['--site', at.put('site.json', '{"networks":{"lists":{"good":[]}}}'), 'x'],
      says: /no such list good; known are tor, threat/,
    },
    {
      what: 'a site with a list that holds other things',
      words: (at) => ['--site', at.put('site.json', '{"networks":{"lists":{"tor":["203.0.113.9","example.com"]}}}'), 'x'],
      says: /list tor: line 2: example\.com is no address and no range in CIDR notation/,
    },
    {
      what: 'a site with a list in a file of another kind',
      words: (at) => {
        at.put('tor.txt', '# exits\n203.0.113.9\n<html>\n');
        return ['--site', at.put('site.json', '{"networks":{"lists":{"tor":"tor.txt"}}}'), 'x'];
      },
      says: /tor\.txt: line 3: <html> is no address/,
    },
    {
      what: 'a site with a setting there is not',
      words: (at) => ['--site', at.put('site.json', '{"networks":{"list":{}}}'), 'x'],
      says: /no such setting networks\.list; known are vpc, named, aws, lists/,
    },
    { what: 'a flow format that is none', words: () => ['--flow-format', 'one two', 'x'], says: /--flow-format "one two"/ },
    {
      what: 'a state file that is none',
      words: (at) => ['--state', at.put('state', 'hello'), at.put('a.ndjson', burst(nine, 1))],
      says: /no state file/,
    },
    {
      what: 'a state file of another program',
      words: (at) => ['--state', at.put('state', gzipSync('{"a":1}\n')), at.put('a.ndjson', burst(nine, 1))],
      says: /no state file/,
    },
    {
      what: 'a state file cut short',
      words: (at) => [
        '--state',
        at.put('state', gzipSync('{"plimsoll":"state","version":1}\n').subarray(0, 20)),
        at.put('a.ndjson', burst(nine, 1)),
      ],
      says: /damaged/,
    },
    {
      what: 'a place for rejects that is none',
      words: (at) => ['--rejects', at.path('no/where'), at.put('a.ndjson', burst(nine, 1))],
      says: /--rejects/,
    },
    {
      what: 'a place for the state that is none',
      words: (at) => ['--state', at.path('no/where'), at.put('a.ndjson', burst(nine, 1))],
      says: /--state/,
    },
  ];

  it.each(wrong)('2 and one clear line for $what', ({ words, says }) => {
    const { code, out, told } = run('replay', words(desk), desk.directory);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(told.filter((line) => line.startsWith('replay: '))).toHaveLength(1);
    expect(told.at(-1)).toMatch(says);
    expect(told.join('\n')).not.toMatch(/^\s+at /m);
  });
});
