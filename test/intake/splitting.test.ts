import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Layout, splitterFor } from '../../shared/intake/elements.ts';
import type { Element } from '../../shared/intake/gathering.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { readAll, sample } from '../support/transports.ts';
import { cpuTime } from '../support/cpu.ts';

function split(layout: Layout, bytes: Uint8Array, cuts: readonly number[], limit?: number): Element[] {
  const splitter = splitterFor(layout, limit);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks = [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });
const layout = fc.constantFrom<Layout>('lines', 'values');
const awkward = fc.stringMatching(/^[[\]{}",:\\ \n\ra-cé]*$/, { size: 'large' });

describe('a file is split into elements', () => {
  it('the same ones however the bytes are chunked', () => {
    fc.assert(
      fc.property(awkward, layout, cuts, fc.integer({ min: 1, max: 40 }), (text, by, at, limit) => {
        const bytes = Buffer.from(text);
        expect(split(by, bytes, at, limit)).toEqual(split(by, bytes, [], limit));
      }),
      { numRuns: 2_000 },
    );
  });

  it('nothing is lost: what is no white space and no bracket around the whole is in some element', () => {
    fc.assert(
      fc.property(
        fc.array(fc.object({ maxDepth: 3 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(undefined, 1, 4),
        cuts,
        (values, indent, at) => {
          const printed = [
            JSON.stringify(values, null, indent),
            values.map((value) => JSON.stringify(value, null, indent)).join('\n'),
            values.map((value) => JSON.stringify(value, null, indent)).join(''),
            JSON.stringify({ Records: values }, null, indent),
            JSON.stringify({ nextToken: 'Records', events: values, searchedLogStreams: [{ events: 1 }] }, null, indent),
          ];
          // A member may itself be a wrapper of records: then it stands for them.
          fc.pre(values.every((value) => !['Records', 'events'].some((name) => Object.hasOwn(value, name))));
          for (const text of printed) {
            expect(split('values', Buffer.from(text), at).map((element) => JSON.parse(element.text) as unknown)).toEqual(
              JSON.parse(JSON.stringify(values)),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('lines are numbered as an editor numbers them', () => {
    const found = split('lines', Buffer.from('one\n\n\r\nfour\r\nfive'), []);
    expect(found.map(({ text, position }) => [text, position])).toEqual([
      ['one', 1],
      ['four', 4],
      ['five', 5],
    ]);
  });

  it('takes time in proportion to the size, whatever the bytes', () => {
    for (const unit of ['[', '{"a":', '"', '\\', '{}', ',', '"\n', '][']) {
      const bytes = Buffer.from(unit.repeat(Math.ceil(1_000_000 / unit.length)));
      const cuts = Array.from({ length: 16 }, (_, index) => index * 65_536);
      expect(cpuTime(() => split('values', bytes, cuts))).toBeLessThan(3_000);
    }
  });
});

describe('cutting a payload anywhere never throws', () => {
  const data = gzipSync(sample('subscription-decoded-pretty.json')).toString('base64');

  it('at every offset of a subscription payload', () => {
    for (let end = 0; end < data.length; end += 1) {
      const { records, rejects } = decodeSubscription(data.slice(0, end), 'eu-central-1', {});
      // The last characters may be mere padding.
      if (records.length < 3) expect(rejects).toHaveLength(1);
      else expect(end).toBeGreaterThan(data.length - 4);
    }
  });

  it('at every offset of a compressed file, and what was whole is read', async () => {
    const whole = gzipSync(sample('audit.ndjson'));
    for (let end = 2; end < whole.length; end += 1) {
      const { lines } = await readAll(whole.subarray(0, end));
      expect(lines.at(-1)?.content).toMatchObject({ reject: 'bad-gzip' });
    }
  });

  it.each(['audit-list-pretty.json', 'cloudtrail-file.json', 'filter-log-events.json', 'subscription-joined.json'])(
    'at any offset of %s',
    async (name) => {
      const bytes = sample(name);
      for (let end = 0; end < bytes.length; end += 13) await readAll(bytes.subarray(0, end));
    },
  );
});
