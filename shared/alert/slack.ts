import { at, list, number, object, text } from '../model/json.ts';
import { printable, shortened } from './escape.ts';

/**
 * Alerts as Slack messages. Whatever an adversary can write stands in `plain_text` objects, which know neither
 * formatting nor mentions, and is escaped all the same.
 * Limits: Slack developer documentation, "Blocks" and "Text object".
 */
const longest = { header: 150, section: 3_000, field: 2_000, text: 4_000 } as const;
const mostFields = 10;
const mostEvidence = 5;

/** A text object without formatting. */
interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** A block of a message, as far as alerts use them. */
export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] };

/** What a webhook takes. */
export interface SlackMessage {
  /** What notifications show, and all there is where Slack refuses the blocks. */
  readonly text: string;
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly blocks?: readonly Block[];
}

/** An alert message as published, rendered for Slack; absent where it is none. */
export function slackMessage(message: unknown): SlackMessage | undefined {
  const title = text(at(message, 'title'));
  const summary = text(at(message, 'summary'));
  if (title === undefined || summary === undefined) return undefined;
  const headline = `${(text(at(message, 'severity')) ?? 'unknown').toUpperCase()}: ${title}`;
  const next = text(at(message, 'next'));
  const baseline = baselineLine(at(message, 'baseline'));
  return {
    text: inert([headline, summary, ...facts(message).map(([name, value]) => `${name}: ${value}`)], longest.text),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(headline, longest.header) },
      section(summary),
      {
        type: 'section',
        fields: facts(message)
          .slice(0, mostFields)
          .map(([name, value]) => plain(`${name}: ${value}`, longest.field)),
      },
      ...(baseline === '' ? [] : [section(`Normal: ${baseline}`)]),
      ...evidenceSections(message),
      ...(next === undefined ? [] : [section(`Next: ${next}`)]),
      { type: 'context', elements: [plain(footer(message), longest.field)] },
    ],
  };
}

/** The same message for a Slack that refuses the blocks: better plain than unheard. */
export function withoutBlocks({ text: all, mrkdwn, unfurl_links, unfurl_media }: SlackMessage): SlackMessage {
  return { text: all, mrkdwn, unfurl_links, unfurl_media };
}

function facts(message: unknown): (readonly [name: string, value: string])[] {
  const entity = object(at(message, 'entity'));
  const all: readonly (readonly [string, string | undefined])[] = [
    ['Why now', text(at(message, 'reason'))],
    ['Cluster', text(at(message, 'cluster'))],
    ['Who or what', `${text(entity?.['kind']) ?? ''} ${text(entity?.['name']) ?? ''}`.trim()],
    ['Closed before', closedBefore(message)],
    ['Confidence', text(at(message, 'confidence'))],
    ['Findings', number(at(message, 'count'))?.toString()],
    ['First seen', text(at(message, 'firstSeen'))],
    ['Last seen', text(at(message, 'lastSeen'))],
    [
      'ATT&CK',
      list(at(message, 'attack'))
        .flatMap((id) => text(id) ?? [])
        .join(', '),
    ],
  ];
  return all.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

function closedBefore(message: unknown): string | undefined {
  const last = list(at(message, 'closings')).at(-1);
  if (last === undefined) return undefined;
  const [verdict, who, why, when] = ['verdict', 'who', 'why', 'at'].map((name) => text(at(last, name)) ?? '');
  return `${verdict ?? ''}, by ${who ?? ''}, ${when ?? ''}${why ? `: ${why}` : ''}`;
}

function baselineLine(baseline: unknown): string {
  return Object.entries(object(baseline) ?? {})
    .map(([name, value]) => `${name} ${String(text(value) ?? number(value) ?? '')}`)
    .join(', ');
}

function evidenceSections(message: unknown): Block[] {
  const evidence = list(at(message, 'evidence'));
  if (evidence.length === 0) return [];
  const lines = evidence
    .slice(-mostEvidence)
    .reverse()
    .map((one) => {
      const where = text(at(one, 'eventId')) ?? text(at(one, 'record')) ?? '';
      return `${text(at(one, 'time')) ?? ''} ${text(at(one, 'note')) ?? ''}${where === '' ? '' : ` [${where}]`}`;
    });
  const all = (number(at(message, 'evidenceOmitted')) ?? 0) + evidence.length;
  const title = all > lines.length ? `Evidence, the newest ${String(lines.length)} of ${String(all)}:` : 'Evidence:';
  // One long line must not hide its neighbours.
  const room = Math.floor((longest.section - title.length) / lines.length) - 1;
  return [
    {
      type: 'section',
      text: { type: 'plain_text', emoji: false, text: [title, ...lines.map((line) => cut(escaped(line), room))].join('\n') },
    },
  ];
}

function footer(message: unknown): string {
  const parts = ['detection', 'id', 'account', 'region'].map((field) => text(at(message, field)) ?? '');
  return parts.filter((part) => part !== '').join(' · ') || 'Plimsoll';
}

function section(content: string): Block {
  return { type: 'section', text: plain(content, longest.section) };
}

/** Slack refuses empty text objects. */
function plain(content: string, limit: number): PlainText {
  return { type: 'plain_text', emoji: false, text: cut(escaped(content), limit) || '-' };
}

/** Lines in which nothing is a format either, for where there is no `plain_text`: the marks cannot be escaped, only parted. */
function inert(lines: readonly string[], limit: number): string {
  return cut(lines.map((line) => escaped(line).replace(/[*_~`]/g, '\u200b$&')).join('\n'), limit);
}

/** One line without deceptive characters, mentions or links (`<!channel>`, `<https://…|text>`), or addresses to click on. */
function escaped(content: string): string {
  return printable(content).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('://', '[:]//');
}

/** Cuts after escaping, never within an entity or a character. */
function cut(content: string, limit: number): string {
  return content.length <= limit ? content : shortened(content, limit).replace(/&[a-z]{0,4}…$/, '…');
}
