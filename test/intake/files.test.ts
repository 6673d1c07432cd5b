import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { object, parseJson, text } from '../../shared/model/json.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import { contentOf, defaultFormat, fileOf, readAll, sample } from '../support/transports.ts';
import { linesOf, peekFile } from '../../shared/intake/files.ts';

const names = (lines: readonly string[]): unknown[] => lines.map((line) => text(object(object(parseJson(line))?.['objectRef'])?.['name']));

const nine = Date.parse('2026-03-02T09:00:00Z');
const eachMinute = [1, 2, 3].map((minutes) => nine + minutes * 60_000);

describe('a file is recognised by its content', () => {
  const audit = [
    ['audit.ndjson', ''],
    ['audit-crlf-bom.ndjson', ''],
    ['audit-list.json', ''],
    ['audit-list-pretty.json', ''],
    ['audit-pretty-values.json', ''],
    ['subscription.ndjson', 'harbour'],
    ['subscription-decoded.ndjson', 'harbour'],
    ['subscription-decoded-pretty.json', 'harbour'],
    ['subscription-joined.json', 'harbour'],
    ['export-audit.log', ''],
    ['tail-audit.log', ''],
    ['filter-log-events.json', ''],
  ] as const;

  it.each(audit)('%s holds the three requests, in order, at their times', async (name, cluster) => {
    const { lines } = await readAll(sample(name));
    const requests = lines.filter(({ log, content }) => log !== 'authenticator' && 'message' in content);
    expect(names(requests.map(contentOf))).toEqual(['web-1', 'web-2', 'web-3']);
    expect(requests.map(({ time }) => time)).toEqual(eachMinute);
    expect(new Set(requests.map((line) => `${line.log} ${line.cluster}`))).toEqual(new Set([`audit ${cluster}`]));
  });

  it.each(audit)('%s is the same when compressed, be it in several gzip members', async (name) => {
    const bytes = sample(name);
    const plain = (await readAll(bytes)).lines.map(contentOf);
    const members = Buffer.concat([gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700))]);
    expect((await readAll(gzipSync(bytes))).lines.map(contentOf)).toEqual(plain);
    expect((await readAll(members)).lines.map(contentOf)).toEqual(plain);
  });

  it.each(['flow-header.log', 'flow-default.log', 'flow-export.log', 'flow-subscription.ndjson'])(
    '%s holds three flow records',
    async (name) => {
      const { lines, known } = await readAll(sample(name));
      expect(lines.map(({ log }) => log)).toEqual(['flow', 'flow', 'flow']);
      expect(lines.map(contentOf).every((line) => line.startsWith('2 111122223333 eni-'))).toBe(true);
      expect(lines.map(({ time }) => time)).toEqual(eachMinute.map((time) => time + 59_000));
      expect([...(known?.formats ?? [])].map(({ fields }) => fields)).toEqual([14]);
    },
  );

  it('a flow log in an order of its own is read once the order is told, and is nothing before', async () => {
    const format = flowFormatOf('interface-id srcaddr dstaddr srcport dstport protocol start end action');
    expect((await readAll(sample('flow-custom.log'))).known).toBeUndefined();
    expect((await readAll(sample('flow-custom.log'), format)).lines.map(({ time }) => time)).toEqual(
      eachMinute.map((time) => time + 59_000),
    );
  });

  it('flow logs put one after another may each bring a header', async () => {
    const both = Buffer.concat([
      sample('flow-header.log'),
      Buffer.from('srcaddr dstaddr action end\n10.0.0.1 10.0.0.2 ACCEPT 1772442000\n'),
    ]);
    const { lines } = await readAll(both);
    expect(lines.map(({ format }) => format?.fields)).toEqual([14, 14, 14, 4]);
  });

  it.each([
    ['cloudtrail-file.json', 3],
    ['cloudtrail-records.ndjson', 3],
    ['eventbridge.ndjson', 3],
    ['eventbridge-one.json', 1],
  ])('%s holds API events', async (name, count) => {
    const { lines } = await readAll(sample(name));
    expect(lines.map(({ log, time }) => [log, time])).toEqual(eachMinute.slice(0, count).map((time) => ['api', time]));
  });

  it('lines of the authenticator in an answer are its own', async () => {
    const { lines } = await readAll(sample('filter-log-events.json'));
    expect(lines.at(-1)).toMatchObject({ log: 'authenticator', time: Date.parse('2026-03-02T09:03:20Z') });
  });

  it.each(['', '2026-03-02T09:00:01.000Z ', '2026-03-02T09:00:01.000Z authenticator-0a1b2c3d '])(
    'lines of the authenticator after %j are known without the name of a stream',
    async (prefix) => {
      const { lines } = await readAll(Buffer.from(`${prefix}time="2026-03-02T09:00:00Z" level=info msg="access granted"\n`));
      expect(lines).toMatchObject([{ log: 'authenticator', time: Date.parse('2026-03-02T09:00:00Z') }]);
    },
  );

  it('an export of another control-plane log is skipped line by line', async () => {
    const { lines } = await readAll(
      Buffer.from('2026-03-02T09:00:00.000Z I0302 09:00:00.000000 1 leaderelection.go:260] successfully acquired lease\n'),
    );
    expect(lines.map(contentOf)).toEqual(['skipped other-log-type']);
  });

  it.each(['', '\n\n  \n', '\ufeff', '[]', '[ ]\n', '{"Records":[]}', '{"events":[]}'])('a file of %j holds nothing', async (content) => {
    const { lines } = await readAll(Buffer.from(content));
    expect(lines).toEqual([]);
  });

  it.each(['root:x:0:0:root:/root:/bin/sh\n', '{"hello":"world"}\n', 'a,b,c\n1,2,3\n', '\u0000\u0001\u0002'])(
    'a file of %j is nothing that is read here',
    async (content) => {
      expect((await readAll(Buffer.from(content))).known).toBeUndefined();
    },
  );
});

describe('what a broken file comes to', () => {
  it('one broken line is one reject, and its neighbours are read', async () => {
    const { lines } = await readAll(sample('hostile/no-json.ndjson'));
    expect(names(lines.map(contentOf))).toEqual(['web-1', undefined, 'web-3']);
  });

  it('the first line may be the broken one', async () => {
    const { lines } = await readAll(Buffer.concat([Buffer.from('!!\n'), sample('audit.ndjson')]));
    expect(names(lines.map(contentOf))).toEqual([undefined, 'web-1', 'web-2', 'web-3']);
  });

  it('a member of a list that was cut is one reject, and its neighbours are read', async () => {
    const members = sample('audit.ndjson').toString().trim().split('\n');
    for (const cut of [400, 700, 1_000]) {
      const list = `[\n${[members[0], members[1]?.slice(0, cut), members[2]].join(',\n')}\n]\n`;
      const found = names((await readAll(Buffer.from(list))).lines.map(contentOf)).filter((name) => name !== undefined);
      expect(found).toContain('web-1');
      expect(found).toContain('web-3');
    }
  });

  it('a line without any end keeps its head and costs no memory', async () => {
    const { lines } = await readAll(Buffer.concat([sample('audit.ndjson'), Buffer.alloc(3_000_000, 'a')]));
    const last = lines.at(-1)?.content;
    expect(last).toMatchObject({ reject: 'line-too-long' });
    expect(last !== undefined && 'record' in last && last.record.message.length).toBe(1_000);
  });

  it('a record that tells no time took place when its neighbour did', async () => {
    const { lines } = await readAll(sample('hostile/truncated-mark.ndjson'));
    expect(lines.map(({ time }) => time)).toEqual([eachMinute[0], eachMinute[0], eachMinute[2]]);
    expect(lines[1]?.content).toMatchObject({ ingested: eachMinute[0] });
  });
});

describe('reading is streaming', () => {
  it('the same lines come out however the bytes are chunked', async () => {
    const bytes = sample('filter-log-events.json');
    const whole = (await readAll(bytes)).lines;
    for (const chunk of [1, 7, 64, 4_096]) {
      const known = await peekFile(fileOf(bytes, 'sample', chunk), defaultFormat);
      const lines = [];
      if (known !== undefined) for await (const some of linesOf(known, defaultFormat)) lines.push(...some);
      expect(lines).toEqual(whole);
    }
  });
});
