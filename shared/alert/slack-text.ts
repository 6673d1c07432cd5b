import { printable, shortened } from './escape.ts';

/** A text object without formatting. */
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** A text object with a link of ours: the only place of a message where formatting is read. */
export interface LinkText {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Nothing but the link that we wrote becomes one. */
  readonly verbatim: true;
}

/** A text of one line. Slack refuses empty text objects. */
export function plain(content: string, limit: number): PlainText {
  return { type: 'plain_text', emoji: false, text: cut(escaped(content), limit) || '-' };
}

/** A text of several lines. Where they do not fit, the longest are cut: one must not hide its neighbours, nor cut a short command. */
export function plainLines(lines: readonly string[], limit: number): PlainText {
  const texts = lines.map(escaped);
  const room = roomFor(
    texts.map(({ length }) => length),
    limit - lines.length,
  );
  return { type: 'plain_text', emoji: false, text: texts.map((text) => cut(text, room)).join('\n') || '-' };
}

/** How long the longest may be so that all fit. */
function roomFor(lengths: readonly number[], limit: number): number {
  let left = limit;
  let waiting = lengths.length;
  for (const length of lengths.toSorted((a, b) => a - b)) {
    if (length * waiting > left) return Math.max(1, Math.floor(left / waiting));
    left -= length;
    waiting -= 1;
  }
  return limit;
}

/** Lines in which nothing is a format either, for where there is no `plain_text`: the marks cannot be escaped, only parted. */
export function inert(lines: readonly string[], limit: number): string {
  return cut(lines.map((line) => parted(escaped(line))).join('\n'), limit);
}

/** A link whose address was checked before, or nothing where it would not fit. */
export function linkText(label: string, url: string, limit: number): LinkText | undefined {
  // Slack ends the address at a bar or an angle bracket; `&` is escaped like everywhere.
  const address = url.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('&', '&amp;');
  const text = `<${address}|${inert([label.replaceAll('|', '/')], 75) || 'open'}>`;
  return text.length > limit ? undefined : { type: 'mrkdwn', text, verbatim: true };
}

/** One line without deceptive characters, mentions or links (`<!channel>`, `<https://…|text>`), or addresses to click on. */
export function escaped(content: string): string {
  return printable(content).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('://', '[:]//');
}

/** Cuts after escaping, never within an entity or a character. */
export function cut(content: string, limit: number): string {
  return content.length <= limit ? content : shortened(content, limit).replace(/&[a-z]{0,4}…$/, '…');
}

function parted(line: string): string {
  return line.replace(/[*_~`]/g, '\u200b$&');
}
