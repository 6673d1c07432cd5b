import { techniques } from '../knowledge/attack.ts';
import type { Evidence, Severity } from '../model/finding.ts';
import { iso } from '../model/time.ts';
import { blindText } from '../coverage/blind.ts';
import type { Alert, Closing } from '../triage/alert.ts';
import { gravestEntries, type TimelineEntry } from '../triage/incidents/timeline.ts';
import { printable, shortened } from './escape.ts';
import { normalText } from './normal.ts';
import { responseTo } from './response/response.ts';
import { responseLines, urgentLines } from './steps-text.ts';
import { gist, whereText, whoText } from './words.ts';
import { field, type Page, wrapped } from './wrap.ts';

/** How much evidence, and of how many steps of an incident, there is in a short text and in a full one. */
const shown = { short: { pieces: 1, note: 300, steps: 15 }, full: { pieces: 5, note: 400, steps: 50 } } as const;

const colours: Readonly<Record<Severity, string>> = {
  critical: '\u001b[1;97;41m',
  high: '\u001b[1;31m',
  medium: '\u001b[33m',
  low: '\u001b[36m',
};
const plain = '\u001b[0m';

/**
 * An alert as a person wants to read it when it wakes them: what, who, where, since when, why, evidence, next steps. The
 * short form has what is needed to decide; the full one everything there is to do.
 */
export function alertText(alert: Alert, page: Page): string {
  const { speaker, severity } = alert;
  const word = severity.toUpperCase();
  const title = wrapped(gist(speaker), page.width - word.length - 2, word.length + 2).trimStart();
  const heading = `${page.colour ? `${colours[severity]}${word}${plain}` : word}  ${title}`;
  const normal = speaker.baseline === undefined ? '' : normalText(speaker.baseline);
  const response = responseTo(alert);
  const lines = [
    field('what', printable(speaker.summary), page),
    field('who', printable(whoText(speaker)), page),
    field('where', printable(whereText(speaker)), page),
    field('when', `${when(alert)}; confidence ${speaker.confidence}${speaker.late ? '; the record arrived late' : ''}`, page),
    ...(alert.blind ?? []).map((blind, index) => field(index === 0 ? 'unseen' : '', printable(blindText(blind)), page)),
    ...(normal === '' ? [] : [field('normal', printable(normal), page)]),
    ...timelineLines(alert.timeline ?? [], page),
    ...evidenceLines(speaker.evidence, page),
    ...(speaker.attack.length === 0
      ? []
      : [field('ATT&CK', speaker.attack.map((id) => `${id} ${techniques[id]?.name ?? ''}`.trim()).join(', '), page)]),
    field('next', speaker.next, page),
    ...(page.full === true ? responseLines(response, page) : urgentLines(response, page)),
    field('more', `${document(alert)}, detection ${speaker.detection}, alert ${alert.id}`, page),
    ...(alert.closings ?? []).map((closing) => field('closed', printable(closingText(closing)), page)),
    ...(alert.silencedBy === undefined ? [] : [field('silenced', printable(alert.silencedBy), page)]),
  ];
  return [heading, ...lines].join('\n');
}

/** An alert in one line, for those that wait until morning. */
export function alertLine({ speaker, severity, firstSeen, count }: Alert, page: Page): string {
  const word = severity.toUpperCase();
  const times = count === 1 ? '' : `, ${String(count)} times`;
  return `${word}  ${wrapped(`${clock(firstSeen)} ${gist(speaker)}${times}`, page.width - word.length - 2, word.length + 2).trimStart()}`;
}

function document({ speaker: { strategy } }: Alert): string {
  return strategy === '' ? 'README.md' : `shared/detections/${strategy}/ADS.md`;
}

/** A decision in words. */
export function closingText({ verdict, who, why, at }: Closing): string {
  return `${verdict}, by ${who}, ${clock(at)}${why === '' ? '' : `: ${why}`}`;
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

/** The gravest steps as they came about; the full form says of each what was seen. */
function timelineLines(timeline: readonly TimelineEntry[], page: Page): string[] {
  const full = page.full === true;
  const { steps, note } = full ? shown.full : shown.short;
  const lines = gravestEntries(timeline, steps).map(({ time, severity, title, summary }, index) => {
    const detail = full ? `: ${shortened(printable(summary), note)}` : '';
    return field(index === 0 ? 'timeline' : '', `${clock(time)} ${severity}: ${printable(title)}${detail}`, page);
  });
  const rest = timeline.length - lines.length;
  return rest > 0 ? [...lines, field('', `and ${String(rest)} more in the JSON form`, page)] : lines;
}

/** Newest first: what happened last is what may still be going on. */
function evidenceLines(evidence: readonly Evidence[], page: Page): string[] {
  const { pieces, note: longest } = page.full === true ? shown.full : shown.short;
  const newestFirst = [...evidence].sort((a, b) => b.time - a.time);
  const lines = newestFirst.slice(0, pieces).map(({ time, note, eventId, record }, index) => {
    const reference = eventId === undefined || eventId === '' ? '' : ` [${eventId}]`;
    const raw = record === undefined || page.full !== true ? '' : ` [${record}]`;
    const text = `${clock(time)} ${shortened(printable(note), longest)}${shortened(printable(`${reference}${raw}`), longest)}`;
    return field(index === 0 ? 'evidence' : '', text, page);
  });
  const rest = newestFirst.length - lines.length;
  return rest > 0 ? [...lines, field('', `and ${String(rest)} more in the JSON form`, page)] : lines;
}
