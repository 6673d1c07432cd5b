import { type Caller, Callers, type Client, type Custom, type Routine, type Uneventful } from './audit-callers.ts';
import { clientIn, decisionKey, type Head } from './audit-head.ts';
import { type AuditIds, namedRequestAt } from './audit-ids.ts';
import { AuditParts } from './audit-parts.ts';
import { dayAt, isMereArrival, isUneventful, isUsual, kindOf } from './audit-routine.ts';
import type { Target } from './entity.ts';
import { at, type JsonObject, object, parseJson, text } from './json.ts';
import type { Site } from './site.ts';
import { owned, type Writing } from './writing.ts';

/**
 * Reads the heads of lines as the API server writes them, without parsing; who called from where is nearly always known
 * by its bytes. Any other line is left to the parser.
 */
export class HeadScanner {
  private readonly site: Site;
  private readonly parts = new AuditParts();
  private readonly callers = new Callers();
  private readonly ids: AuditIds;
  private readonly verbs = new Map<string, string>();

  constructor(site: Site, ids: AuditIds) {
    this.site = site;
    this.ids = ids;
  }

  /**
   * The head of a line of a cluster; why it is put aside, where it is one more request of a kind that raises nothing and
   * teaches nothing today, or only says that a request came; nothing where the line is not written as expected.
   */
  scan(line: string, writing: Writing, cluster: string): ScannedHead | 'routine' | 'request-received' | undefined {
    const { parts } = this;
    if (!parts.findHead(line, writing) || !parts.findRef(writing)) return undefined;
    if (!parts.readStatus(writing) || !parts.findEnd(writing)) return undefined;
    const known = this.callers.at(line, parts.callerStart, parts.callerEnd);
    const kind = isUsual(parts, writing) ? kindOf(parts, cluster) : undefined;
    if (known !== undefined && kind !== undefined && this.isRoutine(known, kind)) {
      // An id that another request had is told: then the line is read after all.
      if (this.ids.note(namedRequestAt(cluster, parts, known.client.actor.username))) return 'routine';
    }
    const caller = known ?? this.newCaller(writing);
    if (caller === undefined) return undefined;
    if (isMereArrival(parts, writing)) return 'request-received';
    return this.headOf(caller, kind === undefined ? undefined : { caller, kind, day: dayAt(line, parts.receivedStart) }, writing);
  }

  /** Whether such requests raise and teach nothing: all of them, those to the namespace, or those for the very object. */
  private isRoutine(caller: Caller, kind: string): boolean {
    const { parts } = this;
    const anywhere = caller.routines.get(kind);
    if (anywhere === undefined) return false;
    if (this.isUneventful(anywhere.whole)) return true;
    const here = anywhere.parts?.get(parts.refText('namespace'));
    return here !== undefined && (this.isUneventful(here.whole) || this.isUneventful(here.parts?.get(parts.refText('name'))?.whole));
  }

  private isUneventful(routine: Uneventful | undefined): boolean {
    return routine !== undefined && isUneventful(this.parts, routine);
  }

  /** Notes that requests like this one raise nothing and teach nothing until the day is over. */
  note(routine: Routine): void {
    this.callers.note(routine);
  }

  /** What was known of routines may be true no longer. */
  forgetRoutines(): void {
    this.callers.forgetRoutines();
  }

  private newCaller(writing: Writing): Caller | undefined {
    const { line, callerStart, callerEnd } = this.parts;
    const raw = membersOf(line.slice(callerStart, callerEnd), writing, ['user', 'impersonatedUser', 'sourceIPs', 'userAgent']);
    if (raw === undefined || !Object.hasOwn(raw, 'sourceIPs')) return undefined;
    return this.callers.add(line, callerStart, callerEnd, clientIn(raw, this.site));
  }

  private headOf(caller: Caller, custom: Custom | undefined, writing: Writing): ScannedHead | undefined {
    const { parts } = this;
    const { line } = parts;
    const level = writing.value(line, parts.levelStart, parts.levelEnd);
    const auditId = writing.value(line, parts.idStart, parts.idEnd);
    const stage = writing.value(line, parts.stageStart, parts.stageEnd);
    const uri = writing.value(line, parts.uriStart, parts.uriEnd);
    const verb = writing.value(line, parts.verbStart, parts.verbEnd);
    const received = writing.value(line, parts.receivedStart, parts.receivedEnd);
    const staged = writing.value(line, parts.stagedStart, parts.stagedEnd);
    if (level === undefined || auditId === undefined || stage === undefined || uri === undefined || verb === undefined) return undefined;
    if (received === undefined || staged === undefined) return undefined;
    const annotations = parts.annotationsStart < 0 ? '' : line.slice(parts.annotationsStart, -1);
    const head = new ScannedHead(parts, { auditId, stage, uri, verb: this.known(verb), received, staged, annotations }, caller, writing);
    head.custom = custom;
    return head.readDecision(parts.allowed) ? head : undefined;
  }

  /** Verbs are few and are kept in keys of many maps: one string for each. */
  private known(verb: string): string {
    const before = this.verbs.get(verb);
    if (before === undefined && this.verbs.size < mostVerbs) this.verbs.set(owned(verb), owned(verb));
    return before ?? verb;
  }
}

/** The API server has a dozen verbs; more are inventions. */
const mostVerbs = 100;

type Texts = Readonly<Record<'auditId' | 'stage' | 'uri' | 'verb' | 'received' | 'staged' | 'annotations', string>>;

/** A head that was read without parsing the line, and where the bodies stand. */
export class ScannedHead implements Head {
  readonly auditId: string;
  readonly stage: string;
  readonly uri: string;
  readonly verb: string;
  readonly client: Client;
  readonly target: Target;
  readonly code: number;
  readonly message: string;
  readonly received: string;
  readonly staged: string;
  /** Start of the text of the bodies, comma first. */
  readonly bodiesStart: number;
  /** End of the text of the bodies: the start, where there are none. */
  readonly bodiesEnd: number;
  decision = '';
  custom: Custom | undefined;
  private readonly writing: Writing;
  private readonly annotationText: string;

  constructor(parts: AuditParts, texts: Texts, { client }: Caller, writing: Writing) {
    this.auditId = texts.auditId;
    this.stage = texts.stage;
    this.uri = texts.uri;
    this.verb = texts.verb;
    this.client = client;
    this.target = parts.target;
    this.code = parts.code;
    this.message = parts.message;
    this.received = texts.received;
    this.staged = texts.staged;
    this.bodiesStart = parts.bodiesStart;
    this.bodiesEnd = parts.bodiesEnd;
    this.writing = writing;
    this.annotationText = texts.annotations;
  }

  /** Parsed where it may be there: names of annotations are plain text, which Go writes as it is. */
  annotation(name: string): string {
    return this.annotationText.includes(name) ? (text(at(this.annotations(), name)) ?? '') : '';
  }

  /** Reads whether the request was allowed; false where the annotations are not written as expected. */
  readDecision(allowed: boolean): boolean {
    if (allowed) this.decision = 'allow';
    if (allowed || this.annotationText === '') return true;
    const annotations = this.annotations();
    this.decision = text(annotations?.[decisionKey]) ?? '';
    return annotations !== undefined;
  }

  private annotations(): JsonObject | undefined {
    return object(membersOf(this.annotationText, this.writing, ['annotations'])?.['annotations']);
  }
}

/** The members in a stretch of a line; nothing where there are others, or it is not whole. */
function membersOf(stretch: string, writing: Writing, allowed: readonly string[]): JsonObject | undefined {
  const raw = object(parseJson(`{${writing.read(stretch)}}`));
  return raw !== undefined && Object.keys(raw).every((name) => allowed.includes(name)) ? raw : undefined;
}
