import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { readSiteFile } from '../../cli/site-file.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { questionsFor } from '../../shared/history/questions.ts';
import { longestQuery, rendered } from '../../shared/intake/insights-query.ts';
import { atLeast } from '../../shared/model/finding.ts';
import { siteOf } from '../../shared/model/site.ts';
import { milliseconds } from '../simulation/clock.ts';
import { type Records, scenario } from '../simulation/scenario.ts';
import type { StoredLine } from '../support/insights-language.ts';
import { askedOf, differences, learn, learnAsked, type Learnt, uncounted } from '../support/learning.ts';
import { auditLine } from '../support/records.ts';
import { type Sample, samplesIn } from '../support/samples.ts';

const auditStream = 'kube-apiserver-audit-5c1f2f4be03d9a7761c8e2d4b90fa613';
const site = siteOf({ networks: { vpc: ['10.0.0.0/16'] } });

const stored = (messages: readonly string[]): StoredLine[] =>
  messages.map((message, position) => ({
    message,
    time: 1_000 * position,
    stream: message.startsWith('{') ? auditStream : 'authenticator-5c1f2f4be03d9a7761c8e2d4b90fa613',
  }));

const storedRecords = ({ audit }: Records): StoredLine[] =>
  audit.map(({ message, time }) => ({ message, time: milliseconds(time), stream: auditStream }));

describe('the questions to a log', () => {
  it('fit into what Logs Insights takes', () => {
    for (const question of Object.values(questionsFor(catalogue))) expect(rendered(question).length).toBeLessThan(longestQuery);
  });

  it('group by the names that their own captures make, each once', () => {
    const { oneOfEach } = questionsFor(catalogue).habits;
    expect(new Set(oneOfEach).size).toBe(oneOfEach.length);
  });

  it('have no more than a part of what these count, so that bootstrap leaves their counters empty and their ceilings hold', () => {
    expect(uncounted.toSorted()).toEqual([
      'access-key-in-two-places',
      'anonymous-probing',
      'failed-logins-from-internet',
      'forbidden-burst-from-internet',
      'logins-denied',
      'many-kinds-listed',
      'many-logs-read',
      'many-secrets-read',
      'many-secrets-read-by-workload',
      'many-sessions-of-role',
      'principals-denied-in-turn',
      'refused-at-many-doors',
      'secret-reads-refused',
    ]);
  });

  it('ask for what the whole history of a cluster teaches: seen-sets, versions, entities and counts are equal', async () => {
    const lines = storedRecords(scenario.history);
    const asked = askedOf(lines);
    const all = await learn(
      lines.map(({ message }) => message),
      site,
    );
    expect(all.memory.size).toBeGreaterThan(500);
    expect(asked.length).toBeLessThan(lines.length / 3);
    expect(differences(all.memory, (await learnAsked(asked, site)).memory)).toEqual({});
  });

  it('and so on a day with an intrusion, of which they list the same grave deeds', async () => {
    const lines = storedRecords(scenario.day);
    const all = await learn(
      lines.map(({ message }) => message),
      site,
    );
    const asked = await learnAsked(askedOf(lines), site);
    expect(differences(all.memory, asked.memory)).toEqual({});
    const kinds = ({ listed }: typeof all): string[] =>
      [...new Set(listed.map(({ detection, entity }) => `${detection} ${entity.id}`))].sort();
    expect(kinds(all).length).toBeGreaterThan(5);
    expect(kinds(asked)).toEqual(kinds(all));
    expect(asked.listed.every(({ severity }) => atLeast(severity, 'high'))).toBe(true);
  });
});

const lineStart = /^(?:\{"kind":"Event"|time=)/;
const linesIn = ({ history, path }: Sample): string[] =>
  [history, path]
    .flatMap((file) => (file === undefined ? [] : readFileSync(file, 'utf8').split('\n')))
    .filter((text) => lineStart.test(text));

/** Detections on the logs of a control-plane log group. */
const readers = catalogue.filter(
  ({ detection }) => 'source' in detection && (detection.source === 'audit' || detection.source === 'authenticator'),
);

describe('two lines of which one is asked for teach the same', () => {
  const deeds = ({ listed }: Learnt): Set<string> => new Set(listed.map(({ detection }) => detection));

  test.each(readers)('in the samples of $detection.id', async ({ strategy, detection }) => {
    const bySite = Map.groupBy(samplesIn(strategy, detection.id), (sample) => sample.site);
    for (const [path, samples] of bySite) {
      const messages = samples.flatMap(linesIn);
      const known = siteOf(path === undefined ? {} : readSiteFile(path));
      const all = await learn(messages, known);
      const asked = await learnAsked(askedOf(stored(messages)), known);
      expect(differences(all.memory, asked.memory)).toEqual({});
      expect(deeds(asked)).toEqual(deeds(all));
    }
  });

  test('in one log of all samples', async () => {
    const samples = readers.flatMap(({ strategy, detection }) => samplesIn(strategy, detection.id));
    const messages = [...new Set(samples.flatMap(linesIn))];
    expect(messages.length).toBeGreaterThan(1_000);
    const all = await learn(messages, site);
    const asked = await learnAsked(askedOf(stored(messages)), site);
    expect(differences(all.memory, asked.memory)).toEqual({});
    expect(deeds(asked)).toEqual(deeds(all));
  });
});

describe('the newest line of a group', () => {
  const at = Date.parse('2026-03-09T10:00:00Z');
  const read = (minute: number, more: Partial<Parameters<typeof auditLine>[0]> = {}): string =>
    auditLine({ at: at + minute * 60_000, id: `read-${String(minute)}`, ...more });
  const asked = (...messages: readonly string[]): number => askedOf(stored(messages)).length;

  it('speaks for the requests of a day that differ in the name of the Secret alone', () => {
    expect(asked(read(1, { name: 'one' }), read(2, { name: 'other' }))).toBe(1);
  });

  it.each([
    ['caller', { who: 'other' }],
    ['address', { from: '198.51.100.7' }],
    ['client', { agent: 'curl/8.5.0' }],
    ['answer', { code: 403 }],
    ['namespace', { namespace: 'payments' }],
    ['verb', { verb: 'list' }],
    ['day', { at: at + 86_400_000 }],
  ])('does not speak for those of another %s', (_, more) => {
    expect(asked(read(1), read(2, more))).toBe(2);
  });

  it.each([
    ['session', 'sessionName":["session-1"', 'sessionName":["session-2"'],
    ['role behind the same name', 'role/reader"]', 'role/other"]'],
    ['group', '"groups":["system:authenticated"', '"groups":["system:masters","system:authenticated"'],
    ['pod', '"extra":{', '"extra":{"authentication.kubernetes.io/pod-name":["web-0"],'],
    ['impersonated user', '"sourceIPs"', '"impersonatedUser":{"username":"system:admin"},"sourceIPs"'],
    ['trusted address behind the same forwarded one', '"sourceIPs":["192.0.2.10"', '"sourceIPs":["192.0.2.10","198.51.100.7"'],
  ])('does not speak for those of another %s', (_, from, to) => {
    expect(read(2)).toContain(from);
    expect(asked(read(1), read(2).replace(from, to))).toBe(2);
  });

  it('tells the Secret of a name apart from the list, and the tokens of accounts by account', () => {
    expect(asked(read(1), read(2).replace('"name":"thing",', ''))).toBe(2);
    const token = (minute: number, name: string): string =>
      read(minute, { verb: 'create', resource: 'serviceaccounts', subresource: 'token', namespace: 'shop', name }).replace(
        /"username":"[^"]*"/,
        '"username":"system:node:a"',
      );
    expect(asked(token(1, 'api'), token(2, 'api'), token(3, 'web'))).toBe(2);
  });

  it('tells logs apart by namespace, and not by pod', () => {
    const logs = (minute: number, namespace: string): string =>
      read(minute, { resource: 'pods', subresource: 'log', namespace, name: `web-${String(minute)}` });
    expect(asked(logs(1, 'shop'), logs(2, 'shop'), logs(3, 'payments'))).toBe(2);
  });

  it('tells apart what is asked in the name of another, and whether that was refused', () => {
    const as = (minute: number, verb: string, resource: string): string =>
      read(minute, { verb, resource, name: 'a' }).replace('"sourceIPs"', '"impersonatedUser":{"username":"jane"},"sourceIPs"');
    expect(asked(as(1, 'get', 'widgets'), as(2, 'get', 'widgets'))).toBe(1);
    expect(asked(as(1, 'get', 'widgets'), as(2, 'update', 'widgets'), as(3, 'update', 'gadgets'))).toBe(3);
    const refused = read(4, { code: 403, resource: 'widgets' });
    const nobody = read(5, { code: 403, resource: 'widgets' }).replace(
      '"code":403',
      '"message":"may a cannot impersonate resource b","code":403',
    );
    expect(asked(refused, nobody)).toBe(2);
  });

  it('tells kinds that are watched apart from those that are not, and from parts of them', () => {
    const kinds = [{ resource: 'pods' }, { resource: 'leases' }, { resource: 'pods', subresource: 'status' }];
    expect(asked(...kinds.map((kind, minute) => read(minute, kind)))).toBe(2);
  });

  it('tells roles apart by name, and ConfigMaps by the names that mean something', () => {
    expect(asked(...['view', 'edit'].map((name, minute) => read(minute, { resource: 'clusterroles', name })))).toBe(2);
    const maps = ['aws-auth', 'coredns', 'settings', 'more-settings'];
    expect(asked(...maps.map((name, minute) => read(minute, { resource: 'configmaps', namespace: 'kube-system', name })))).toBe(3);
  });

  it('tells apart of whom and what kubelets are asked', () => {
    const review = (minute: number, user: string, subresource: string): string =>
      read(minute, {
        verb: 'create',
        resource: 'subjectaccessreviews',
        request: {
          spec: { resourceAttributes: { verb: 'get', version: '*', resource: 'nodes', subresource, name: `node-${String(minute)}` }, user },
        },
      });
    expect(asked(review(1, 'metrics', 'metrics'), review(2, 'metrics', 'metrics'))).toBe(1);
    expect(asked(review(1, 'metrics', 'metrics'), review(2, 'metrics', 'log'), review(3, 'web', 'log'))).toBe(3);
  });

  it('tells the authenticator’s answers apart by principal, answer and day', () => {
    const answer = (day: string, msg: string, role: string, port: number): string =>
      `time="2026-03-0${day}T10:00:00Z" level=info msg="${msg}" arn="arn:aws:iam::111122223333:role/${role}" client="127.0.0.1:${String(port)}"`;
    const [granted, denied] = ['access granted', 'access denied'];
    expect(asked(answer('9', granted, 'a', 1), answer('9', granted, 'a', 2))).toBe(1);
    expect(
      asked(answer('9', granted, 'a', 1), answer('8', granted, 'a', 2), answer('9', denied, 'a', 3), answer('9', granted, 'b', 4)),
    ).toBe(4);
    expect(asked('time="2026-03-09T10:00:00Z" level=info msg="listening"')).toBe(0);
  });

  it('is not chosen by what a client wrote to look like another field', () => {
    const disguised = read(2, { agent: 'x","objectRef":{"resource":"secrets","namespace":"payments"' });
    expect(asked(read(1, { agent: 'x' }), disguised)).toBe(2);
  });
});
