import { techniques } from '../knowledge/attack.ts';
import type { Alert } from '../triage/alert.ts';
import { printable, printableJson, shortened } from './escape.ts';
import { alertFields } from './json.ts';
import { alertText } from './text.ts';

/** An alert as it is published. */
interface AlertMessage {
  /** For e-mail. */
  readonly subject: string;
  /** JSON: the alert's contract, why it is told now, and the text that a person reads, in lines. */
  readonly body: string;
  /** What subscriptions filter by. None is ever empty: an attribute without a value matches nothing and SNS refuses it. */
  readonly attributes: {
    readonly severity: string;
    readonly cluster: string;
    readonly detection: string;
    /** Tactics of all techniques: a subscription to one of them gets the alert. */
    readonly tactic: readonly string[];
  };
}

/** SNS takes 256 KB, attributes included. Source: SNS API reference, Publish. */
const largestBody = 240_000;
const longestSubject = 100;
const longestAttribute = 200;
const unknown = 'unknown';

/** The message that tells of an alert. */
export function alertMessage(alert: Alert, reason: string): AlertMessage {
  const { speaker, severity } = alert;
  const tactics = speaker.attack.flatMap((technique) => techniques[technique]?.tactic ?? []);
  return {
    subject: ascii(`[${severity}] ${speaker.title}${speaker.cluster && ` in ${speaker.cluster}`}`, longestSubject),
    body: bodyOf(alert, reason),
    attributes: {
      severity,
      cluster: ascii(speaker.cluster, longestAttribute) || unknown,
      detection: speaker.detection || unknown,
      tactic: tactics.length === 0 ? [unknown] : [...new Set(tactics)],
    },
  };
}

/** Tried in turn until the body fits: how much evidence, and how long a text may be. The table keeps all of it. */
const sizes = [
  { evidence: 20, text: 8_000 },
  { evidence: 10, text: 8_000 },
  { evidence: 5, text: 4_000 },
  { evidence: 2, text: 1_000 },
  { evidence: 0, text: 300 },
] as const;

function bodyOf(alert: Alert, reason: string): string {
  let body = '';
  for (const { evidence, text } of sizes) {
    body = bodyWithin(alert, reason, evidence, text);
    if (body.length <= largestBody) break;
  }
  return body;
}

function bodyWithin(alert: Alert, reason: string, mostEvidence: number, longestText: number): string {
  const { speaker } = alert;
  const evidence = [...speaker.evidence].sort((a, b) => a.time - b.time).slice(Math.max(0, speaker.evidence.length - mostEvidence));
  const omitted = speaker.evidence.length - evidence.length;
  // Cut before anything is rendered: rendering costs time for each character.
  const smaller = bounded({ ...alert, speaker: { ...speaker, evidence } }, longestText) as Alert;
  const lines = alertText(smaller, { width: 100, colour: false, full: true }).split('\n');
  if (omitted > 0) lines.push(`  (${String(omitted)} pieces of evidence left out: the message would be too large)`);
  const fields = alertFields(smaller);
  const telling = alert.telling?.number;
  return onLines(lines, {
    reason,
    ...(telling === undefined ? {} : { telling }),
    ...fields,
    ...(omitted === 0 ? {} : { evidenceOmitted: omitted }),
  });
}

/**
 * JSON with a line for each field and each line of text, so that e-mail shows something to read. ASCII only, because SQS
 * refuses some characters. Source: SQS API reference, SendMessage.
 */
function onLines(text: readonly string[], fields: Readonly<Record<string, unknown>>): string {
  const lines = text.map((line) => `    ${printableJson(line)}`);
  const rest = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${printableJson(value)}`);
  const json = `{\n  "text": [\n${lines.join(',\n')}\n  ],\n${rest.join(',\n')}\n}`;
  return json.replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The value with all texts, lists and objects in it cut to a size. */
function bounded(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return shortened(value, longest);
  if (Array.isArray(value)) return value.slice(0, 50).map((member) => bounded(member, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .map(([name, member]) => [shortened(name, 200), bounded(member, longest)]),
  );
}

/** Subjects are ASCII without control characters. Source: SNS API reference, Publish. */
export function ascii(text: string, most: number): string {
  const plain = printable(text.slice(0, 4 * most))
    .replace(/[^ -~]/g, '?')
    .trim();
  return plain.length <= most ? plain : `${plain.slice(0, most - 3)}...`;
}
