import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Desk, run } from '../support/terminal.ts';
import { sample } from '../support/transports.ts';

describe('hostile files: the reason is told, neighbours are judged, the sums add up', () => {
  const beside = (line: string | Buffer): Buffer => {
    const [one = '', , three = ''] = sample('audit.ndjson').toString().trim().split('\n');
    return Buffer.concat([Buffer.from(`${one}\n`), Buffer.from(line), Buffer.from(`\n${three}\n`)]);
  };
  const files: readonly { what: string; bytes: () => Uint8Array; sums: string; reasons?: string }[] = [
    {
      what: 'truncated JSON',
      bytes: () => sample('hostile/truncated-json.ndjson'),
      sums: '3 lines in: 2 judged, 0 skipped, 0 repeated, 1 rejected',
      reasons: 'rejected: 1 bad-json',
    },
    {
      what: 'a [Truncated...] line',
      bytes: () => sample('hostile/truncated-mark.ndjson'),
      sums: '3 lines in: 3 judged, 0 skipped, 0 repeated, 0 rejected',
    },
    {
      what: '__proto__ keys',
      bytes: () => sample('hostile/proto-keys.ndjson'),
      sums: '3 lines in: 3 judged, 0 skipped, 0 repeated, 0 rejected',
    },
    {
      what: 'invalid UTF-8',
      bytes: () => sample('hostile/invalid-utf8.ndjson'),
      sums: '3 lines in: 3 judged, 0 skipped, 0 repeated, 0 rejected',
    },
    {
      what: 'CONTROL_MESSAGE',
      bytes: () => sample('hostile/control-message.ndjson'),
      sums: '3 lines in: 2 judged, 1 skipped, 0 repeated, 0 rejected',
      reasons: 'skipped: 1 control-message',
    },
    {
      what: 'an empty batch',
      bytes: () => sample('hostile/empty-batch.ndjson'),
      sums: '2 lines in: 2 judged, 0 skipped, 0 repeated, 0 rejected',
    },
    {
      what: 'a foreign stream',
      bytes: () => sample('hostile/foreign-stream.ndjson'),
      sums: '3 lines in: 2 judged, 0 skipped, 0 repeated, 1 rejected',
      reasons: 'rejected: 1 foreign-stream',
    },
    {
      what: 'a reused Audit-ID',
      bytes: () => sample('hostile/reused-audit-id.ndjson'),
      sums: '3 lines in: 3 judged, 0 skipped, 0 repeated, 0 rejected',
    },
    {
      what: 'truncated gzip',
      bytes: () => sample('hostile/truncated-gzip.ndjson.gz'),
      sums: '5 lines in: 3 judged, 0 skipped, 0 repeated, 2 rejected',
      reasons: 'rejected: 1 bad-gzip, 1 bad-json',
    },
    {
      what: 'a line of two megabytes',
      bytes: () => beside('a'.repeat(2_000_000)),
      sums: '3 lines in: 2 judged, 0 skipped, 0 repeated, 1 rejected',
      reasons: 'rejected: 1 line-too-long',
    },
    {
      what: 'a hundred thousand levels of nesting',
      bytes: () => beside(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
      sums: '3 lines in: 2 judged, 0 skipped, 0 repeated, 1 rejected',
      reasons: 'rejected: 1 nested-too-deep',
    },
    {
      what: 'a gzip bomb',
      bytes: () => Buffer.concat([gzipSync(sample('audit.ndjson')), gzipSync(Buffer.alloc(100 * 1024 * 1024))]),
      sums: '5 lines in: 3 judged, 0 skipped, 0 repeated, 2 rejected',
      reasons: 'rejected: 1 inflates-too-large, 1 line-too-long',
    },
  ];

  it.each(files)('$what', ({ bytes, sums, reasons }) => {
    using desk = new Desk();
    const { code, told } = run('replay', ['--json', desk.put('hostile', bytes())]);
    expect(code).toBe(0);
    expect(told).toContain(sums);
    if (reasons !== undefined) expect(told).toContain(reasons);
  });
});
