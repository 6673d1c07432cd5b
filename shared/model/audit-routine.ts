import type { Uneventful } from './audit-callers.ts';
import { type AuditParts, isPlainText, lastStage, stampLength } from './audit-parts.ts';
import { owned, type Writing } from './writing.ts';

/*
 * The fast path. A request is of a routine if it came from the same caller, byte for byte, on the same day, with the
 * same verb, code and kind of target, was allowed, and is written as the API server always writes it. If the judges of
 * one such request looked at nothing else, found nothing and learnt nothing, they will not find or learn from the next.
 */

/** What a line's request has in common with others, besides caller and day, wherever they are sent to. */
export function kindOf(parts: AuditParts, cluster: string): string {
  const { line, verbStart, verbEnd, code } = parts;
  return `${cluster} ${line.slice(verbStart, verbEnd)} ${String(code)} ${parts.refText('resource')}/${parts.refText('subresource')} ${parts.refText('apiGroup')}`;
}

/** What the URI of a dry run holds. */
export const dryRun = 'dryRun=';

/** Length of the day in a stamp. */
const dayLength = 10;

/** Lines longer than this are checked for depth, hence read. */
const longestRoutine = 32_768;

/**
 * Whether every part of a line that is not looked at for its routine is written so plainly that reading it could reveal
 * nothing: an allowed success, texts without anything to unescape, times of the usual form.
 */
export function isUsual(parts: AuditParts, writing: Writing): boolean {
  const { line } = parts;
  return (
    parts.succeeded &&
    parts.allowed &&
    parts.code < 400 &&
    isStage(line, parts) &&
    parts.receivedEnd - parts.receivedStart === stampLength &&
    isTime(line, parts.receivedStart) &&
    isPlain(parts, writing)
  );
}

/** Whether a line says no more than that a request came, so plainly that reading it could reveal nothing. */
export function isMereArrival(parts: AuditParts, writing: Writing): boolean {
  return (
    parts.isReceived &&
    parts.annotationsStart < 0 &&
    parts.bodiesEnd === parts.bodiesStart &&
    isPlainText(parts.line, parts.verbStart, parts.verbEnd) &&
    isPlainText(parts.line, parts.receivedStart, parts.receivedEnd) &&
    isPlain(parts, writing)
  );
}

/** Whether the texts that no routine is told by have nothing to unescape. */
function isPlain(parts: AuditParts, writing: Writing): boolean {
  const { line } = parts;
  return (
    line.length <= longestRoutine &&
    isPlainText(line, parts.levelStart, parts.levelEnd) &&
    isPlainText(line, parts.idStart, parts.idEnd) &&
    isPlainUri(line, parts.uriStart, parts.uriEnd, writing) &&
    isPlainText(line, parts.stagedStart, parts.stagedEnd)
  );
}

/** Whether a line is of the day, and lacks the words. They are looked for in all that follows the status. */
export function isUneventful({ line, receivedStart, bodiesStart }: AuditParts, { day, absent }: Uneventful): boolean {
  return line.startsWith(day, receivedStart) && absent.every((word) => !line.includes(word, bodiesStart));
}

/** The day that a stamp of the usual form begins with: a copy, as it outlives the line. */
export function dayAt(line: string, start: number): string {
  return owned(line.slice(start, start + dayLength));
}

/** The server answers once or, where an answer goes on, says so first. */
function isStage(line: string, { stageStart, stageEnd }: AuditParts): boolean {
  const length = stageEnd - stageStart;
  return (
    (length === lastStage.length && line.startsWith(lastStage, stageStart)) ||
    (length === started.length && line.startsWith(started, stageStart))
  );
}

const started = 'ResponseStarted';

/** Go writes `&` as an escape. Any other escape in a URI is for the parser, and a dry run for the judges. */
function isPlainUri(line: string, start: number, end: number, { ampersand }: Writing): boolean {
  const uri = line.slice(start, end);
  for (let at = uri.indexOf('\\'); at >= 0; at = uri.indexOf('\\', at + ampersand.length)) if (!uri.startsWith(ampersand, at)) return false;
  // In a file a quote ends the text; inside an envelope it would have a backslash before it.
  return !uri.includes('"') && !uri.includes(dryRun);
}

/** Whether the time of a stamp exists: `T23:59:59.999999Z` after the day, which is compared with that of a line that was read. */
function isTime(line: string, start: number): boolean {
  const at = start + dayLength;
  if (line.charCodeAt(at) !== 0x54 || line.charCodeAt(at + 3) !== 0x3a || line.charCodeAt(at + 6) !== 0x3a) return false;
  if (line.charCodeAt(at + 9) !== 0x2e || line.charCodeAt(at + 16) !== 0x5a) return false;
  for (let digit = at + 10; digit < at + 16; digit += 1) if (!isDigit(line, digit)) return false;
  return twoDigits(line, at + 1) < 24 && twoDigits(line, at + 4) < 60 && twoDigits(line, at + 7) < 60;
}

function isDigit(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** The number in two digits; NaN for anything else. */
function twoDigits(line: string, at: number): number {
  return isDigit(line, at) && isDigit(line, at + 1) ? (line.charCodeAt(at) - 0x30) * 10 + line.charCodeAt(at + 1) - 0x30 : NaN;
}
