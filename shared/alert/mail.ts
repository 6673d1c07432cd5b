import { ascii } from './message.ts';
import type { PublishedAlert } from './published.ts';
import { headline } from './wording.ts';

/** A subject takes so much. Source: SNS API reference, Publish. */
const longestSubject = 100;

/** An alert as a mail: the text that a person reads, and nothing for machines. */
export function alertMail(alert: PublishedAlert): { readonly subject: string; readonly body: string } {
  const { text, reason, severity, title, cluster } = alert;
  const lines = text.every((line) => line.trim() === '') ? [headline(alert), alert.summary] : text;
  return {
    subject: ascii(`[${severity || 'unknown'}] ${title}${cluster && ` in ${cluster}`}`, longestSubject) || 'alert',
    body: [...(reason === '' ? [] : [`Told because: ${reason}`, '']), ...lines].map(legible).join('\n'),
  };
}

/** SNS takes what XML does. The text was made printable when it was written; this is for what may have come since. */
function legible(line: string): string {
  return line.toWellFormed().replace(/[^\t -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');
}
