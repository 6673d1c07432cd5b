import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { catalogue } from '../../shared/detect/registry.ts';
import { subscriptionOf } from '../../shared/detect/subscription.ts';
import { type Answer, filterOf } from '../support/filter-pattern.ts';

const { json, text, leftOut } = subscriptionOf(catalogue);
const filters = [filterOf(json), filterOf(text)];

/** Whether either of the two filters forwards a line; `unknown` where that would rest on a guess. */
export function forwarded(line: string): Answer {
  const answers = filters.map((filter) => filter(line));
  return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false;
}

const classes = leftOut.map(({ id }, at) => [id, filterOf(subscriptionOf(catalogue, leftOut.slice(at, at + 1)).json)] as const);

/** The classes by which a line is left out. */
export function classesOf(line: string): readonly string[] {
  return classes.filter(([, passes]) => passes(line) === false).map(([id]) => id);
}

interface Payload {
  readonly logEvents: readonly { readonly message: string }[];
}

/** The content of a file, plain or gzip. */
export function contentOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The messages in a text: of subscription payloads those they carry, of other texts their lines. */
export function messagesIn(content: string): readonly string[] {
  return content
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => (line.includes('"logEvents"') ? payload(line).logEvents.map(({ message }) => message) : [line]));
}

/** Subscription payloads as the filters would have them. */
export function filtered(content: string): string {
  const lines = content.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const message = payload(line);
    const logEvents = message.logEvents.filter((event) => forwarded(event.message) === true);
    return logEvents.length === 0 ? [] : [JSON.stringify({ ...message, logEvents })];
  });
  return lines.join('\n');
}

function payload(line: string): Payload {
  return JSON.parse(line) as Payload;
}
