import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedAlert } from '../../shared/alert/published.ts';
import { type Block, slackChange, slackDetails, type SlackMessage, slackMessage, withoutBlocks } from '../../shared/alert/slack.ts';
import { everything, hostileAlerts, publishedWith, textsIn } from '../support/published.ts';

const objectsOf = (block: Block): readonly { readonly type: string; readonly text: string }[] => {
  if ('elements' in block) return block.elements;
  return 'fields' in block ? block.fields : [block.text];
};

const readIn = ({ blocks = [] }: SlackMessage) =>
  blocks
    .flatMap(objectsOf)
    .map(({ text }) => text)
    .join('\n');

describe('a Slack message', () => {
  it('says what, who, where, since when, why, with evidence and next step', () => {
    const message = slackMessage(publishedWith({ steps: [] }));
    for (const part of [
      'HIGH: Containers created in a burst',
      'shop/cart created 75 pods',
      'Why now: first seen',
      'Cluster: harbour',
      'identity shop/cart',
      '2026-03-02T12:00:00',
      'Normal: no habit is known here yet; 60 is the limit for everybody',
      '[4f2a]',
      'Next: Ask the owner',
      'container-spraying',
      'T1610',
    ])
      expect(readIn(message)).toContain(part);
    expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false, mrkdwn: false });
    expect(withoutBlocks(message)).not.toHaveProperty('blocks');
    expect(withoutBlocks(message).text).toContain('shop/cart created 75 pods');
  });

  it('says what was normal in words, also where an older version published the figures alone', () => {
    const baseline = { usual: 3, limit: 20, ceiling: 60, 'known windows': 40, 'known days': '12 of 30' };
    const words = 'Normal: usually 3; learnt from 40 stretches of time on 12 days; the limit is 20';
    expect(readIn(slackMessage(publishedWith({ baseline, normal: undefined })))).toContain(words);
    expect(readIn(slackMessage(publishedWith({}, { baseline })))).toContain(words);
    expect(readIn(slackMessage(publishedWith({ baseline: undefined, normal: undefined })))).not.toContain('Normal');
  });

  it('begins with what matters most, then who, where and when, why, and what to do first', () => {
    const lines = readIn(slackMessage(publishedWith(everything))).split('\n');
    const order = [
      'HIGH: ',
      'shop/cart created',
      'Who: identity dana; principal arn:aws:iam',
      'Where: namespace shop',
      'Normal: ',
      '1. verify: ',
      'Evidence:',
    ];
    const found = order.map((begin) => lines.findIndex((line) => line.startsWith(begin)));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  it('shows the three steps to begin with, one of each kind, with their commands whole', () => {
    const shown = readIn(slackMessage(publishedWith(everything)));
    expect(shown).toContain('1. verify: Ask dana.\n$ kubectl get pod cart-1 -n shop -o yaml');
    expect(shown).toContain('2. contain: Isolate the pod.\n$ kubectl label pod cart-1 quarantine=true -n shop\nMind: Policies only add.');
    expect(shown).toContain('3. investigate: Read what it did.\n$ aws logs start-query --limit 100 &amp;&amp; true');
    expect(shown).not.toContain('access entry');
    expect(shown).toContain('more: detection container-spraying in docs/catalogue.md');
  });

  it('leaves the rest to the thread', () => {
    const details = slackDetails(publishedWith(everything)) ?? expect.fail('no details');
    for (const part of ['Remove the access entry.', 'Look at the pod.', 'typed in the shell', 'no flow logs', 'entered'])
      expect(readIn(details)).toContain(part);
    expect(slackDetails(publishedWith({ steps: [], links: [], unknowns: [] }))).toBeUndefined();
  });

  it('says in the thread what changed', () => {
    const change = readIn(slackChange(publishedWith({ reason: 'graver: was medium', count: 12 })));
    expect(change).toContain('Now high: graver: was medium');
    expect(change).toContain('Findings: 12');
  });

  it('links to pages of AWS and to no others', () => {
    const links = (slackMessage(publishedWith(everything)).blocks ?? []).flatMap(objectsOf).filter(({ type }) => type === 'mrkdwn');
    expect(links.map(({ text }) => text)).toEqual([
      '<https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1&amp;x=1#logsV2:q~(a*b)|Logs of the pod>',
    ]);
  });

  it('is nothing where the message is no alert', () => {
    for (const other of [undefined, null, 'text', [], {}, { title: 'only' }, { AlarmName: 'x' }])
      expect(publishedAlert(other)).toBeUndefined();
  });

  it('says how much evidence it leaves out', () => {
    const evidence = Array.from({ length: 9 }, (_, time) => ({ time, note: `note ${String(time)}` }));
    const shown = readIn(slackMessage(publishedWith({}, { evidence })));
    expect(shown).toContain('the newest 5 of 9');
    expect(shown).toContain('note 8');
    expect(shown).not.toContain('note 3');
  });

  it('cuts the longest lines only, so that a padded one hides no neighbour', () => {
    const commands = ['kubectl get pods', 'x'.repeat(9_000), `kubectl describe pod ${'y'.repeat(400)}`];
    const shown = readIn(slackMessage(publishedWith({ steps: [{ phase: 'verify', text: 'Look.', commands }] })));
    expect(shown).toContain(`$ kubectl describe pod ${'y'.repeat(400)}\n`);
    expect(shown).toContain('$ kubectl get pods\n');
  });

  it('is cut between entities', () => {
    for (let before = 0; before < 6; before += 1) {
      const header = slackMessage(publishedWith({}, { title: 'x'.repeat(before) + '&<>'.repeat(200) })).blocks?.[0];
      const [{ text } = expect.fail('no header')] = header === undefined ? [] : objectsOf(header);
      expect(text).toMatch(/^HIGH: x*(?:&(?:amp|lt|gt);)*…$/);
      expect(text.length).toBeGreaterThan(144);
    }
  });

  it('stays within the limits, holds no mention and no link but ours, and splits no entity, whatever it is about', () => {
    fc.assert(
      fc.property(hostileAlerts, (alert) => {
        for (const message of [slackMessage(alert), slackChange(alert), slackDetails(alert)]) {
          if (message === undefined) continue;
          expectWithinLimits(message);
          expect(message.text.length).toBeLessThanOrEqual(4_000);
          expect(message.text).not.toMatch(/(?<!\u200b)[*_~`]/);
          expectInert(message.text);
          const json = JSON.stringify(message);
          expect(JSON.parse(json)).toEqual(message);
          expect(json).not.toMatch(/<[!@#]/);
          expect(json.replaceAll('<https://eu-central-1.console.aws.amazon.com/', '')).not.toContain('<http');
          for (const text of textsIn(JSON.parse(json))) expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function expectWithinLimits({ blocks = [] }: SlackMessage): void {
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) {
    const objects = objectsOf(block);
    expect(objects.length).toBeLessThanOrEqual(10);
    const limit = block.type === 'header' ? 150 : 'text' in block ? 3_000 : 2_000;
    for (const { type, text } of objects) {
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.length).toBeGreaterThan(0);
      if (type === 'mrkdwn') expect(text).toMatch(/^<https:\/\/eu-central-1\.console\.aws\.amazon\.com\/[!-;=?-{}~]*\|[^<>|]+>$/);
      else expectInert(text);
    }
  }
}

function expectInert(text: string): void {
  expect(text).not.toMatch(/[<>]/);
  expect(text).not.toMatch(/&(?!(?:amp|lt|gt);)/);
  expect(text).not.toContain('://');
  expect(text.isWellFormed()).toBe(true);
  expect(text.replaceAll('\n', '').replaceAll('\u200b', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
}
