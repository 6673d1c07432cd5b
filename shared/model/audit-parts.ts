import { codeIn, messageIn, noTarget } from './audit-head.ts';
import type { Target } from './entity.ts';
import { object, parseJson } from './json.ts';
import { owned, type RefField, type Writing } from './writing.ts';

/** The members of an `objectRef` in Go's order. Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`. */
const refFields: readonly RefField[] = ['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'];

/**
 * Where the parts of an audit line stand, as the API server writes it: compact, in the field order of Go's `Event` type.
 * A text in a JSON string cannot look like the mark before a field, so marks found in order part the line. One for all
 * lines of a reader: to make one for each would cost more than to fill it.
 */
export class AuditParts {
  line = '';
  idStart = 0;
  idEnd = 0;
  levelStart = 0;
  levelEnd = 0;
  stageStart = 0;
  stageEnd = 0;
  uriStart = 0;
  uriEnd = 0;
  verbStart = 0;
  verbEnd = 0;
  /** Who and whence: `user` to `userAgent`. */
  callerStart = 0;
  callerEnd = 0;
  /** Start of the members of the `objectRef`; -1 where there is none. */
  refStart = -1;
  /** Start of the text of the status, comma first: the end of the `objectRef`. */
  statusStart = 0;
  code = 0;
  /** What the server said of a failure. */
  message = '';
  /** The status is written in the one way of a success. */
  succeeded = false;
  /** Start of the text of the bodies, comma first. */
  bodiesStart = 0;
  /** End of the text of the bodies: the start, where there are none. */
  bodiesEnd = 0;
  receivedStart = 0;
  receivedEnd = 0;
  stagedStart = 0;
  stagedEnd = 0;
  /** The annotations begin with the decision to allow. */
  allowed = false;
  /** Start of the text of the annotations; -1 where there are none. */
  annotationsStart = -1;
  /** Start and end of each member of the `objectRef`; both 0 where it is missing. */
  private readonly ref = new Int32Array(2 * refFields.length);

  /** Finds what stands before the `objectRef`; false where the line is not written as expected. */
  findHead(line: string, { marks }: Writing): boolean {
    this.line = line;
    if (!line.startsWith(marks.opening)) return false;
    this.levelStart = marks.opening.length;
    this.levelEnd = line.indexOf(marks.auditId, this.levelStart);
    if (this.levelEnd < 0) return false;
    this.idStart = this.levelEnd + marks.auditId.length;
    this.idEnd = this.endAt(marks.stage, this.idStart, usualIdLength);
    if (this.idEnd < 0) return false;
    this.stageStart = this.idEnd + marks.stage.length;
    this.stageEnd = this.endAt(marks.uri, this.stageStart, lastStage.length);
    if (this.stageEnd < 0) return false;
    this.uriStart = this.stageEnd + marks.uri.length;
    this.uriEnd = line.indexOf(marks.verb, this.stageEnd);
    if (this.uriEnd < 0) return false;
    this.verbStart = this.uriEnd + marks.verb.length;
    this.verbEnd = line.indexOf(marks.user, this.uriEnd);
    if (this.verbEnd < 0) return false;
    this.callerStart = this.verbEnd + marks.beforeUser;
    const refMark = line.indexOf(marks.objectRef, this.verbEnd);
    this.refStart = refMark < 0 ? -1 : refMark + marks.objectRef.length;
    this.callerEnd = refMark;
    return true;
  }

  /**
   * Finds the members of the `objectRef`: flat, with plain names, in Go's order, and the status after it. Anything else
   * is for the parser. A request that was only received has no status yet: there the times follow.
   */
  findRef({ quote, refMarks, marks }: Writing): boolean {
    const { line, ref } = this;
    const next = this.isReceived ? marks.received : marks.status;
    if (this.refStart < 0) {
      ref.fill(0);
      return (this.callerEnd = this.statusStart = line.indexOf(next, this.verbEnd)) >= 0;
    }
    let at = this.refStart;
    for (let field = 0; field < refFields.length; field += 1) {
      const mark = refMarks[refFields[field] as RefField];
      const isThere = line.startsWith(mark, at);
      const from = isThere ? at + mark.length : 0;
      const to = isThere ? endOfPlainText(line, from) : 0;
      ref[2 * field] = from;
      ref[2 * field + 1] = to;
      if (!isThere) continue;
      if (!line.startsWith(quote, to)) return false;
      at = to + quote.length;
      if (line.charCodeAt(at) === comma) at += 1;
    }
    this.statusStart = at + 1;
    return line.charCodeAt(at) === closingBrace && line.startsWith(next, this.statusStart);
  }

  /** Whether nothing was answered yet. */
  get isReceived(): boolean {
    return this.stageEnd - this.stageStart === firstStage.length && this.line.startsWith(firstStage, this.stageStart);
  }

  /** What the request is for. */
  get target(): Target {
    if (this.refStart < 0) return noTarget;
    return {
      group: owned(this.refText('apiGroup')),
      resource: owned(this.refText('resource')),
      subresource: owned(this.refText('subresource')),
      namespace: owned(this.refText('namespace')),
      name: owned(this.refText('name')),
    };
  }

  /** The text of a member of the `objectRef`; empty where it is missing. */
  refText(field: RefField): string {
    const at = 2 * refFields.indexOf(field);
    return this.line.slice(this.ref[at], this.ref[at + 1]);
  }

  /** Reads the status and finds where it ends; false where the line is not written as expected. */
  readStatus(writing: Writing): boolean {
    if (this.isReceived) {
      this.bodiesStart = this.statusStart;
      this.code = 0;
      this.message = '';
      this.succeeded = false;
      return true;
    }
    return this.readSuccess(writing) || this.readFailure(writing);
  }

  /** Success is written in one way. */
  private readSuccess({ marks }: Writing): boolean {
    const { line, statusStart } = this;
    this.succeeded = false;
    if (!line.startsWith(marks.success, statusStart)) return false;
    const start = statusStart + marks.success.length;
    // Three digits and no more: anything else is for the parser.
    const code = line.charCodeAt(start + 3) === closingBrace ? Number(line.slice(start, start + 3)) : NaN;
    if (!(code >= 100 && code <= 999)) return false;
    this.code = code;
    this.message = '';
    this.bodiesStart = start + 4;
    this.succeeded = true;
    return true;
  }

  /** Failures are parsed. */
  private readFailure({ marks, read }: Writing): boolean {
    const { line, statusStart } = this;
    const ends = [marks.request, marks.response, marks.received].map((next) => line.indexOf(next, statusStart)).filter((end) => end >= 0);
    if (ends.length === 0) return false;
    this.bodiesStart = Math.min(...ends);
    const raw = object(parseJson(`{${read(line.slice(statusStart + 1, this.bodiesStart))}}`));
    if (raw === undefined || Object.keys(raw).length !== 1) return false;
    this.code = codeIn(raw['responseStatus']);
    this.message = messageIn(raw['responseStatus']);
    return true;
  }

  /** Finds what follows the status, from `bodiesStart` on; false where the line is not written as expected. */
  findEnd({ marks, quote }: Writing): boolean {
    const { line, bodiesStart } = this;
    if (line.startsWith(marks.received, bodiesStart)) this.bodiesEnd = bodiesStart;
    else if (line.startsWith(marks.request, bodiesStart) || line.startsWith(marks.response, bodiesStart))
      this.bodiesEnd = line.lastIndexOf(marks.received);
    else return false;
    if (this.bodiesEnd < bodiesStart) return false;
    this.receivedStart = this.bodiesEnd + marks.received.length;
    this.receivedEnd = this.endAt(marks.staged, this.receivedStart, stampLength);
    if (this.receivedEnd < 0) return false;
    this.stagedStart = this.receivedEnd + marks.staged.length;
    this.stagedEnd = this.endAt(quote, this.stagedStart, stampLength);
    if (this.stagedEnd < 0) return false;
    const rest = this.stagedEnd + quote.length;
    this.annotationsStart = -1;
    this.allowed = false;
    if (line.length === rest + 1) return line.charCodeAt(rest) === closingBrace;
    if (!line.startsWith(marks.annotations, rest) || !line.endsWith('}}')) return false;
    this.annotationsStart = rest + 1;
    // What nearly every request is told, and the first of its annotations.
    this.allowed = line.startsWith(marks.allowed, rest);
    return true;
  }

  /** Where a text ends that is followed by a mark: it nearly always has its usual length. A text that is no text is found out where it is read. */
  private endAt(mark: string, start: number, usual: number): number {
    return this.line.startsWith(mark, start + usual) ? start + usual : this.line.indexOf(mark, start);
  }
}

/** The stages of a request at which it is received, and answered. Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`. */
const firstStage = 'RequestReceived';
export const lastStage = 'ResponseComplete';

/** Characters of a UUID. */
const usualIdLength = 36;

/** Length of a stamp as Go's `MicroTime` writes it. Source: kubernetes/apimachinery, `pkg/apis/meta/v1`. */
export const stampLength = 27;

/** Where a text ends that has nothing to unescape: at a quote, or at the backslash before it. */
function endOfPlainText(line: string, from: number): number {
  for (let at = from; ; at += 1) {
    const code = line.charCodeAt(at);
    if (code === backslash || code === quotationMark || Number.isNaN(code)) return at;
  }
}

/** Whether a stretch of a line is text without anything to unescape, and no more than one text. */
export function isPlainText(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = line.charCodeAt(at);
    if (code === backslash || code === quotationMark) return false;
  }
  return true;
}

const backslash = 0x5c;
const quotationMark = 0x22;
const closingBrace = 0x7d;
const comma = 0x2c;
