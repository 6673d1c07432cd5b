import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertMessage } from '../../shared/alert/message.ts';
import { type Block, type SlackMessage, slackMessage, withoutBlocks } from '../../shared/alert/slack.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { alertOf, findingNamed } from '../support/findings.ts';

const render = (change: Partial<Finding>): SlackMessage =>
  slackMessage(JSON.parse(alertMessage(alertOf(findingNamed('x', change)), 'first seen').body)) ?? expect.fail('not rendered');

function textsOf(block: Block): { readonly type: string; readonly text: string }[] {
  if ('elements' in block) return [...block.elements];
  return 'fields' in block ? [...block.fields] : [block.text];
}

/** What an adversary writes to be believed, to be overlooked, or to wake everybody. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 5_000 }),
  fc.constantFrom(
    '<!channel>',
    '<!here|all>',
    '<@U024BE7LH>',
    '<!subteam^S1>',
    '<https://evil.example|https://aws.amazon.com>',
    'https://evil.example',
    '&lt;!channel&gt;',
    '*bold* _it_ ~no~ `code`',
    '```',
    '\u202egpj.exe',
    '@channel',
    '\ud800',
  ),
  fc.array(fc.constantFrom('<', '>', '&', '&amp;', '\n', '\u0007', '😀', 'a'), { maxLength: 4_000 }).map((parts) => parts.join('')),
);

const hostileFinding = fc.record({
  title: hostile,
  summary: hostile,
  cluster: hostile,
  account: hostile,
  next: hostile,
  detection: hostile,
  entity: fc.record({ kind: fc.constant('pod' as const), id: fc.constant('p'), name: hostile }),
  evidence: fc.array(fc.record({ time: fc.nat(), eventId: hostile, note: hostile }), { maxLength: 20 }),
  baseline: fc.dictionary(hostile, fc.oneof(hostile, fc.integer()), { maxKeys: 10 }),
});

describe('a Slack message', () => {
  it('says what, who, where, since when, why, with evidence and next step', () => {
    const message = render({});
    const all = (message.blocks ?? [])
      .flatMap(textsOf)
      .map(({ text }) => text)
      .join('\n');
    for (const part of [
      'HIGH: Containers created in a burst',
      'shop/cart created 75 pods',
      'Why now: first seen',
      'Cluster: harbour',
      'identity shop/cart',
      '2026-03-02T12:00:00',
      'Normal: ceiling 60',
      '[4f2a]',
      'Next: Ask the owner',
      'container-spraying',
      'T1610',
    ]) {
      expect(all).toContain(part);
    }
    expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false, mrkdwn: false });
    expect(withoutBlocks(message)).not.toHaveProperty('blocks');
    expect(withoutBlocks(message).text).toContain('shop/cart created 75 pods');
  });

  it('is nothing where the message is no alert', () => {
    for (const other of [undefined, null, 'text', [], {}, { title: 'only' }, { AlarmName: 'x' }])
      expect(slackMessage(other)).toBeUndefined();
  });

  it('says how much evidence it leaves out', () => {
    const evidence = Array.from({ length: 9 }, (_, time) => ({ time, note: `note ${String(time)}` }));
    const all = (render({ evidence }).blocks ?? [])
      .flatMap(textsOf)
      .map(({ text }) => text)
      .join('\n');
    expect(all).toContain('the newest 5 of 9');
    expect(all).toContain('note 8');
    expect(all).not.toContain('note 3');
  });

  it('is cut between entities', () => {
    for (let before = 0; before < 6; before += 1) {
      const header = render({ title: 'x'.repeat(before) + '&<>'.repeat(200) }).blocks?.[0];
      const [{ text } = expect.fail('no header')] = header === undefined ? [] : textsOf(header);
      expect(text).toMatch(/^HIGH: x*(?:&(?:amp|lt|gt);)*…$/);
      expect(text.length).toBeGreaterThan(144);
    }
  });

  it('stays within the limits, holds no mention and no link, and splits no entity, whatever it is about', () => {
    fc.assert(
      fc.property(hostileFinding, (change) => {
        const message = render(change);
        const blocks = message.blocks ?? [];
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          const texts = textsOf(block);
          expect(texts.length).toBeLessThanOrEqual(10);
          const limit = block.type === 'header' ? 150 : 'text' in block ? 3_000 : 2_000;
          for (const { type, text } of texts) {
            expect(type).toBe('plain_text');
            expect(text.length).toBeLessThanOrEqual(limit);
            expect(text.length).toBeGreaterThan(0);
            expectInert(text);
          }
        }
        expect(message.text.length).toBeLessThanOrEqual(4_000);
        expectInert(message.text);
        expect(message.text).not.toMatch(/(?<!\u200b)[*_~`]/);
      }),
      { numRuns: 300 },
    );
  });
});

function expectInert(text: string): void {
  expect(text).not.toMatch(/[<>]/);
  expect(text).not.toMatch(/&(?!(?:amp|lt|gt);)/);
  expect(text).not.toContain('://');
  expect(text.isWellFormed()).toBe(true);
  expect(text.replaceAll('\n', '').replaceAll('\u200b', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
}
