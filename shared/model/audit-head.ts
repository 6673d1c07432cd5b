import { actorOf } from './actor.ts';
import type { Actor, Origin, Target } from './entity.ts';
import { type JsonObject, at, number, object, parseJson, text, texts } from './json.ts';
import { Recent } from './recent.ts';
import type { Site } from './site.ts';
import { owned, type RefField, type Writing } from './writing.ts';

/** Everything an audit line says beside its bodies. */
export interface Head {
  readonly auditId: string;
  readonly stage: string;
  readonly uri: string;
  readonly verb: string;
  readonly client: Client;
  readonly target: Target;
  readonly code: number;
  /** What the server said of a failure; empty where it said nothing. */
  readonly message: string;
  /** When the server received the request, as it wrote it; empty where it did not. */
  readonly received: string;
  /** When the server wrote the line. */
  readonly staged: string;
  /** `authorization.k8s.io/decision`, empty where there is none. */
  readonly decision: string;
  /** The text of an annotation; empty where there is none of the name. */
  annotation(name: string): string;
}

/** Who authenticated, whom they impersonate, and from where. */
export interface Client {
  readonly actor: Actor;
  readonly as: Actor | undefined;
  readonly origin: Origin;
}

/** The head of a line that was parsed; absent where it lacks what `audit.k8s.io` always fills. */
export function headIn(raw: JsonObject, site: Site): Head | undefined {
  const version = raw['apiVersion'];
  if (raw['kind'] !== 'Event' || typeof version !== 'string' || !version.startsWith('audit.k8s.io/')) return undefined;
  for (const field of ['auditID', 'stage', 'verb', 'requestURI']) if (typeof raw[field] !== 'string') return undefined;
  return salvagedHead(raw, site);
}

/** The head of a line of which only some fields could be read. */
export function salvagedHead(raw: JsonObject, site: Site): Head {
  const annotations = object(raw['annotations']);
  return {
    auditId: text(raw['auditID']) ?? '',
    stage: text(raw['stage']) ?? '',
    uri: text(raw['requestURI']) ?? '',
    verb: text(raw['verb']) ?? '',
    client: clientIn(raw, site),
    target: targetIn(object(raw['objectRef'])),
    code: codeIn(raw['responseStatus']),
    message: messageIn(raw['responseStatus']),
    received: text(raw['requestReceivedTimestamp']) ?? '',
    staged: text(raw['stageTimestamp']) ?? '',
    decision: text(annotations?.[decisionKey]) ?? '',
    annotation: (name) => text(at(annotations, name)) ?? '',
  };
}

const decisionKey = 'authorization.k8s.io/decision';

function clientIn(raw: JsonObject, site: Site): Client {
  const impersonated = object(raw['impersonatedUser']);
  return {
    actor: actorOf(object(raw['user']) ?? {}),
    as: impersonated && actorOf(impersonated),
    origin: originIn(raw, site),
  };
}

/** Only the last entry of `sourceIPs` is not the client's to write. Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`. */
function originIn(raw: JsonObject, { addresses }: Site): Origin {
  const entries = texts(raw['sourceIPs']);
  const address = entries.at(-1) ?? '';
  return {
    address,
    network: addresses.network(address),
    reach: addresses.reach(address),
    lists: addresses.listed(address),
    awsKnown: addresses.knowsAws,
    forwarded: entries.slice(0, -1),
    agent: text(raw['userAgent']) ?? '',
  };
}

function targetIn(ref: JsonObject | undefined): Target {
  return {
    group: text(ref?.['apiGroup']) ?? '',
    resource: text(ref?.['resource']) ?? '',
    subresource: text(ref?.['subresource']) ?? '',
    namespace: text(ref?.['namespace']) ?? '',
    name: text(ref?.['name']) ?? '',
  };
}

function codeIn(status: unknown): number {
  return number(at(status, 'code')) ?? 0;
}

function messageIn(status: unknown): string {
  return text(at(status, 'message')) ?? '';
}

/** Clients that are remembered: those of some hours. */
const rememberedClients = 20_000;

/** Longer texts are read and not remembered: what is kept stays bounded. */
const longestRemembered = 4_096;

/**
 * Reads the heads of lines as the API server writes them: compact, in the field order of Go's `Event` type. A text in a
 * JSON string cannot look like the mark before a field, so marks found in order part the line, and who called from where
 * is nearly always known by its bytes. Any other line is left to the parser. Source: kubernetes/apiserver,
 * `pkg/apis/audit/v1/types.go`.
 */
export class HeadScanner {
  private readonly site: Site;
  private readonly clients = new Recent<Client>(rememberedClients);
  private readonly verbs = new Map<string, string>();

  constructor(site: Site) {
    this.site = site;
  }

  /** The head of a line; nothing where it is not written as expected. */
  scan(line: string, writing: Writing): ScannedHead | undefined {
    const { marks } = writing;
    if (!line.startsWith(marks.opening)) return undefined;
    const idMark = line.indexOf(marks.auditId, marks.opening.length);
    const stageMark = line.indexOf(marks.stage, idMark);
    const uriMark = line.indexOf(marks.uri, stageMark);
    const verbMark = line.indexOf(marks.verb, uriMark);
    const userMark = line.indexOf(marks.user, verbMark);
    const refMark = line.indexOf(marks.objectRef, userMark);
    const statusMark = line.indexOf(marks.status, refMark < 0 ? userMark : refMark);
    if (idMark < 0 || stageMark < 0 || uriMark < 0 || verbMark < 0 || userMark < 0 || statusMark < 0) return undefined;
    const level = writing.value(line, marks.opening.length, idMark);
    const auditId = writing.value(line, idMark + marks.auditId.length, stageMark);
    const stage = writing.value(line, stageMark + marks.stage.length, uriMark);
    const uri = writing.value(line, uriMark + marks.uri.length, verbMark);
    const verb = writing.value(line, verbMark + marks.verb.length, userMark);
    if (level === undefined || auditId === undefined || stage === undefined || uri === undefined || verb === undefined) return undefined;
    const client = this.client(line.slice(userMark + marks.beforeUser, refMark < 0 ? statusMark : refMark), writing);
    const target = refMark < 0 ? noTarget : targetAt(line, refMark + marks.objectRef.length, statusMark, writing);
    if (client === undefined || target === undefined) return undefined;
    const head = new ScannedHead(auditId, stage, uri, this.known(verb), client, target, writing);
    return head.readRest(line, statusMark) ? head : undefined;
  }

  /** Who and whence: the same bytes over and over, and half of a head. */
  private client(stretch: string, writing: Writing): Client | undefined {
    const before = this.clients.get(stretch);
    if (before !== undefined) return before;
    const raw = membersOf(stretch, writing, ['user', 'impersonatedUser', 'sourceIPs', 'userAgent']);
    if (raw === undefined || !Object.hasOwn(raw, 'sourceIPs')) return undefined;
    const client = clientIn(raw, this.site);
    if (stretch.length <= longestRemembered) this.clients.set(owned(stretch), client);
    return client;
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

/** A head that was read without parsing the line, and where the bodies stand. */
class ScannedHead implements Head {
  readonly auditId: string;
  readonly stage: string;
  readonly uri: string;
  readonly verb: string;
  readonly client: Client;
  readonly target: Target;
  code = 0;
  message = '';
  received = '';
  staged = '';
  decision = '';
  /** Start of the text of the bodies, comma first. */
  bodiesStart = 0;
  /** End of the text of the bodies: the start, where there are none. */
  bodiesEnd = 0;
  private readonly writing: Writing;
  private annotationText = '';

  constructor(auditId: string, stage: string, uri: string, verb: string, client: Client, target: Target, writing: Writing) {
    this.auditId = auditId;
    this.stage = stage;
    this.uri = uri;
    this.verb = verb;
    this.client = client;
    this.target = target;
    this.writing = writing;
  }

  /** Parsed where it may be there: names of annotations are plain text, which Go writes as it is. */
  annotation(name: string): string {
    return this.annotationText.includes(name) ? (text(at(this.annotations(), name)) ?? '') : '';
  }

  private annotations(): JsonObject | undefined {
    return object(membersOf(this.annotationText, this.writing, ['annotations'])?.['annotations']);
  }

  /** Reads what follows the target; false where it is not written as expected. */
  readRest(line: string, statusMark: number): boolean {
    return this.readStatus(line, statusMark) && this.skipBodies(line) && this.readEnd(line);
  }

  /** Success is written in one way; failures are parsed. */
  private readStatus(line: string, mark: number): boolean {
    const { marks, read } = this.writing;
    if (line.startsWith(marks.success, mark)) {
      const start = mark + marks.success.length;
      // Three digits and no more: anything else is for the parser.
      const code = line.charCodeAt(start + 3) === closingBrace ? Number(line.slice(start, start + 3)) : NaN;
      if (code >= 100 && code <= 999) {
        this.code = code;
        this.bodiesStart = start + 4;
        return true;
      }
    }
    const ends = [marks.request, marks.response, marks.received].map((next) => line.indexOf(next, mark)).filter((end) => end >= 0);
    if (ends.length === 0) return false;
    this.bodiesStart = Math.min(...ends);
    const raw = object(parseJson(`{${read(line.slice(mark + 1, this.bodiesStart))}}`));
    if (raw === undefined || Object.keys(raw).length !== 1) return false;
    this.code = codeIn(raw['responseStatus']);
    this.message = messageIn(raw['responseStatus']);
    return true;
  }

  /** Between status and time stands nothing, or what begins like a body. */
  private skipBodies(line: string): boolean {
    const { marks } = this.writing;
    const start = this.bodiesStart;
    if (line.startsWith(marks.received, start)) this.bodiesEnd = start;
    else if (line.startsWith(marks.request, start) || line.startsWith(marks.response, start))
      this.bodiesEnd = line.lastIndexOf(marks.received);
    else return false;
    return this.bodiesEnd >= start;
  }

  private readEnd(line: string): boolean {
    const { marks, quote, value } = this.writing;
    const stagedMark = line.indexOf(marks.staged, this.bodiesEnd);
    const stagedStart = stagedMark + marks.staged.length;
    const stagedEnd = stagedMark < 0 ? -1 : line.indexOf(quote, stagedStart);
    if (stagedEnd < 0) return false;
    const received = value(line, this.bodiesEnd + marks.received.length, stagedMark);
    const staged = value(line, stagedStart, stagedEnd);
    if (received === undefined || staged === undefined) return false;
    this.received = received;
    this.staged = staged;
    const rest = stagedEnd + quote.length;
    if (line.length === rest + 1) return line.endsWith('}');
    if (!line.startsWith(marks.annotations, rest) || !line.endsWith('}}')) return false;
    this.annotationText = line.slice(rest + 1, -1);
    // What nearly every request is told, and the first of its annotations.
    if (line.startsWith(marks.allowed, rest)) {
      this.decision = 'allow';
      return true;
    }
    const annotations = this.annotations();
    this.decision = text(annotations?.[decisionKey]) ?? '';
    return annotations !== undefined;
  }
}

const closingBrace = 0x7d;

/** The members in a stretch of a line; nothing where there are others, or it is not whole. */
function membersOf(stretch: string, writing: Writing, allowed: readonly string[]): JsonObject | undefined {
  const raw = object(parseJson(`{${writing.read(stretch)}}`));
  return raw !== undefined && Object.keys(raw).every((name) => allowed.includes(name)) ? raw : undefined;
}

/** The members of an `objectRef` in Go's order. */
const refFields: readonly RefField[] = ['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'];

/** An `objectRef` is flat and holds plain names in Go's order. Anything else in it is for the parser. */
function targetAt(line: string, start: number, end: number, { quote, refMarks }: Writing): Target | undefined {
  const ref: Partial<Record<RefField, string>> = {};
  let at = start;
  for (const field of refFields) {
    const mark = refMarks[field];
    if (!line.startsWith(mark, at)) continue;
    const from = at + mark.length;
    const to = line.indexOf(quote, from);
    const value = line.slice(from, to);
    if (to < 0 || value.includes('\\')) return undefined;
    ref[field] = owned(value);
    at = to + quote.length;
    if (line.charCodeAt(at) === comma) at += 1;
  }
  return at === end - 1 && line.charCodeAt(at) === closingBrace ? targetIn(ref) : undefined;
}

const comma = 0x2c;
const noTarget = targetIn(undefined);
