import { techniques } from '../knowledge/attack.ts';
import type { Baseline, Evidence, Severity } from '../model/finding.ts';
import { iso } from '../model/time.ts';
import { blindText } from '../coverage/blind.ts';
import type { Alert, Closing } from '../triage/alert.ts';
import { printable, shortened } from './escape.ts';
import { wrapped } from './wrap.ts';

/** How the reader's terminal is. */
export interface Page {
  readonly width: number;
  /** Whether to colour the severity; nothing else is coloured. */
  readonly colour: boolean;
}

/** Evidence lines that a person reads at night; the JSON form has more. */
const shownEvidence = 5;
const longestNote = 400;
const labelWidth = 10;

const colours: Readonly<Record<Severity, string>> = {
  critical: '\u001b[1;97;41m',
  high: '\u001b[1;31m',
  medium: '\u001b[33m',
  low: '\u001b[36m',
};
const plain = '\u001b[0m';

/** An alert as a person wants to read it when it wakes them: what, who, where, since when, why, evidence, next step. */
export function alertText(alert: Alert, page: Page): string {
  const { speaker, severity } = alert;
  const word = severity.toUpperCase();
  const title = wrapped(printable(speaker.title), page.width - word.length - 2, word.length + 2).trimStart();
  const heading = `${page.colour ? `${colours[severity]}${word}${plain}` : word}  ${title}`;
  const lines = [
    field('what', printable(speaker.summary), page),
    field('who', printable(`${kindName(speaker.entity.kind)} ${speaker.entity.name}`), page),
    field('where', printable(place(alert)), page),
    field('when', when(alert), page),
    ...(alert.blind ?? []).map((blind, index) => field(index === 0 ? 'unseen' : '', printable(blindText(blind)), page)),
    ...(speaker.baseline === undefined ? [] : [field('normal', printable(baselineText(speaker.baseline)), page)]),
    field('sure', `confidence ${speaker.confidence}${speaker.late ? '; the record arrived late' : ''}`, page),
    ...evidenceLines(speaker.evidence, page),
    ...(speaker.attack.length === 0
      ? []
      : [field('ATT&CK', speaker.attack.map((id) => `${id} ${techniques[id]?.name ?? ''}`.trim()).join(', '), page)]),
    field('next', speaker.next, page),
    field('more', `${document(alert)}, detection ${speaker.detection}, alert ${alert.id}`, page),
    ...(alert.closings ?? []).map((closing) => field('closed', printable(closingText(closing)), page)),
    ...(alert.silencedBy === undefined ? [] : [field('silenced', printable(alert.silencedBy), page)]),
  ];
  return [heading, ...lines].join('\n');
}

function document({ speaker: { strategy } }: Alert): string {
  return strategy === '' ? 'README.md' : `shared/detections/${strategy}/ADS.md`;
}

/** A decision in words. */
export function closingText({ verdict, who, why, at }: Closing): string {
  return `${verdict}, by ${who}, ${clock(at)}${why === '' ? '' : `: ${why}`}`;
}

function field(label: string, text: string, { width }: Page): string {
  const indent = labelWidth + 2;
  return `  ${label.padEnd(labelWidth)}${wrapped(text, width - indent, indent).trimStart()}`;
}

function kindName(kind: string): string {
  return kind.replace('-', ' ');
}

function place({ speaker: { cluster, account, region } }: Alert): string {
  const parts = [cluster && `cluster ${cluster}`, account && `account ${account}`, region];
  return parts.filter((part) => part !== '').join(', ') || 'unknown';
}

function when({ firstSeen, lastSeen, count }: Alert): string {
  const times = count === 1 ? 'once' : `${String(count)} times`;
  if (lastSeen - firstSeen < 1_000) return `${clock(firstSeen)}, ${times}`;
  return `since ${clock(firstSeen)}, last ${clock(lastSeen)}, ${times}`;
}

/** Minutes and seconds matter at night; milliseconds do not. */
function clock(time: number): string {
  return time <= 0
    ? 'an unknown time'
    : iso(time)
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
}

function baselineText(baseline: Baseline): string {
  return Object.entries(baseline)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${typeof value === 'number' ? number(value) : value}`)
    .join(', ');
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2).replace(/\.?0+$/, '');
}

/** Newest first: what happened last is what may still be going on. */
function evidenceLines(evidence: readonly Evidence[], page: Page): string[] {
  const newestFirst = [...evidence].sort((a, b) => b.time - a.time);
  const shown = newestFirst.slice(0, shownEvidence).map(({ time, note, eventId, record }, index) => {
    const reference = eventId === undefined || eventId === '' ? '' : ` [${eventId}]`;
    const raw = record === undefined ? '' : ` [${record}]`;
    const text = `${clock(time)} ${shortened(printable(note), longestNote)}${shortened(printable(`${reference}${raw}`), longestNote)}`;
    return field(index === 0 ? 'evidence' : '', text, page);
  });
  const rest = newestFirst.length - shown.length;
  return rest > 0 ? [...shown, field('', `and ${String(rest)} more in the JSON form`, page)] : shown;
}
