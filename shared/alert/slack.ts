import { linksOf } from './links.ts';
import type { PublishedAlert } from './published.ts';
import { inert, type LinkText, linkText, plain, plainLines, type PlainText } from './slack-text.ts';
import { evidenceLines, facts, firstSteps, headline, stepLines, timelineLines } from './wording.ts';

/**
 * Alerts as Slack messages. Whatever an adversary can write stands in `plain_text` objects, which know neither
 * formatting nor mentions, and is escaped all the same.
 * Limits: Slack developer documentation, "Blocks" and "Text object".
 */
const longest = { header: 150, section: 3_000, field: 2_000, text: 4_000 } as const;
const mostBlocks = 50;
const mostFields = 10;
const mostEvidence = 5;
const mostSteps = 3;

/** A block of a message, as far as alerts use them. */
export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | LinkText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] };

/** What a webhook takes, and the methods that post. */
export interface SlackMessage {
  /** What notifications show, and all there is where Slack refuses the blocks. */
  readonly text: string;
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly blocks?: readonly Block[];
}

/** The message that tells of an alert: headline, who, where and when, why, what to do first, where to look further. */
export function slackMessage(alert: PublishedAlert): SlackMessage {
  const known = facts(alert);
  const lines = known.map(([name, value]) => `${name}: ${value}`);
  return message(
    [headline(alert), alert.summary, ...lines],
    [
      { type: 'header', text: plain(headline(alert), longest.header) },
      section(alert.summary),
      { type: 'section', fields: lines.slice(0, mostFields).map((line) => plain(line, longest.field)) },
      ...(alert.normal === '' ? [] : [section(`Normal: ${alert.normal}`)]),
      ...stepSections(alert),
      ...linkSections(alert),
      ...evidenceSections(alert),
      { type: 'context', elements: [plain(footer(alert), longest.field)] },
    ],
  );
}

/** The rest, for the message's thread; absent where the message says it all. */
export function slackDetails(alert: PublishedAlert): SlackMessage | undefined {
  const rest = restOf(alert);
  if (rest.length === 0) return undefined;
  const blocks = rest.flatMap(({ title, groups }) => groups.map((group, index) => sectionOf(index === 0 ? [title, ...group] : group)));
  return message(
    rest.map(({ title }) => title),
    blocks,
  );
}

/** What changed, for the thread of a message that was brought up to date. */
export function slackChange(alert: PublishedAlert): SlackMessage {
  const lines = [
    `Now ${alert.severity}: ${alert.reason || 'told again'}`,
    `Findings: ${String(alert.count)}, last seen ${alert.lastSeen}`,
    ...evidenceLines(alert, mostEvidence),
  ];
  return message(lines, [sectionOf(lines)]);
}

/** The same message for a Slack that refuses the blocks: better plain than unheard. */
export function withoutBlocks<Message extends SlackMessage>(given: Message): Omit<Message, 'blocks'> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'blocks')) as Omit<Message, 'blocks'>;
}

function message(lines: readonly string[], blocks: readonly Block[]): SlackMessage {
  return { text: inert(lines, longest.text), mrkdwn: false, unfurl_links: false, unfurl_media: false, blocks: blocks.slice(0, mostBlocks) };
}

interface Part {
  readonly title: string;
  /** Lines that stand together. */
  readonly groups: readonly (readonly string[])[];
}

/** What the message has no room for. */
function restOf(alert: PublishedAlert): readonly Part[] {
  const shown = firstSteps(alert.steps, mostSteps);
  const parts: readonly Part[] = [
    { title: 'What happened:', groups: chunks(timelineLines(alert)) },
    { title: 'Further steps:', groups: alert.steps.filter((step) => !shown.includes(step)).map(stepLines) },
    { title: 'What cannot be known from these logs:', groups: chunks(alert.unknowns) },
    { title: 'Not watched meanwhile:', groups: chunks(alert.blind) },
    {
      title: `Evidence, all that was sent (${String(alert.evidence.length)}):`,
      groups: alert.evidence.length > mostEvidence ? chunks(evidenceLines(alert, alert.evidence.length)) : [],
    },
  ];
  return parts.filter(({ groups }) => groups.length > 0);
}

/** So few lines to a section that each has room for a few hundred characters. */
function chunks(lines: readonly string[]): readonly (readonly string[])[] {
  const size = 8;
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, index) => lines.slice(index * size, (index + 1) * size));
}

function stepSections(alert: PublishedAlert): Block[] {
  if (alert.steps.length === 0) return alert.next === '' ? [] : [section(`Next: ${alert.next}`)];
  return firstSteps(alert.steps, mostSteps).map((step, index) => {
    const [first = '', ...rest] = stepLines(step);
    return sectionOf([`${String(index + 1)}. ${first}`, ...rest]);
  });
}

function linkSections(alert: PublishedAlert): Block[] {
  return linksOf(alert).flatMap(({ label, url }) => {
    const text = linkText(label, url, longest.section);
    return text === undefined ? [] : [{ type: 'section', text } as const];
  });
}

function evidenceSections(alert: PublishedAlert): Block[] {
  const lines = evidenceLines(alert, mostEvidence);
  if (lines.length === 0) return [];
  const all = alert.evidenceOmitted + alert.evidence.length;
  return [sectionOf([all > lines.length ? `Evidence, the newest ${String(lines.length)} of ${String(all)}:` : 'Evidence:', ...lines])];
}

/** What to look up, and how much this message leaves out. */
function footer(alert: PublishedAlert): string {
  const { detection, id, account, region } = alert;
  const more = restOf(alert).length === 0 ? '' : `more: detection ${detection} in docs/catalogue.md`;
  return [detection, id, account, region, more].filter((part) => part !== '').join(' · ') || 'Plimsoll';
}

function section(content: string): Block {
  return { type: 'section', text: plain(content, longest.section) };
}

function sectionOf(lines: readonly string[]): Block {
  return { type: 'section', text: plainLines(lines, longest.section) };
}
