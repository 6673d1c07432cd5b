import { actorOf } from './actor.ts';
import type { Actor, Origin, Target } from './entity.ts';
import { type JsonObject, at, number, object, parseJson, text, texts } from './json.ts';
import { Recent } from './recent.ts';
import type { Site } from './site.ts';
import { isLiteral, owned, type Writing } from './writing.ts';

/** Everything an audit line says beside its bodies. */
export interface Head {
  readonly auditId: string;
  readonly stage: string;
  readonly uri: string;
  readonly verb: string;
  readonly client: Client;
  readonly target: Target;
  readonly code: number;
  /** When the server received the request, as it wrote it; empty where it did not. */
  readonly received: string;
  /** When the server wrote the line. */
  readonly staged: string;
  /** `authorization.k8s.io/decision`, empty where there is none. */
  readonly decision: string;
  /** Read when somebody asks. */
  readonly annotations: () => JsonObject | undefined;
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
    received: text(raw['requestReceivedTimestamp']) ?? '',
    staged: text(raw['stageTimestamp']) ?? '',
    decision: text(annotations?.[decisionKey]) ?? '',
    annotations: () => annotations,
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

/** A head that was read without parsing the line, and where the bodies stand. */
export interface Scanned {
  readonly head: Head;
  /** Start and end of the text of the bodies, comma first; equal where there are none. */
  readonly from: number;
  readonly to: number;
}

/** Texts of each kind that are remembered: callers, clients and objects of some minutes. */
const rememberedParts = 20_000;

/** Longer texts are read and not remembered: what is kept stays bounded. */
const longestRemembered = 4_096;

/**
 * Reads the heads of lines as the API server writes them: compact, in the field order of Go's `Event` type. A text in a
 * JSON string cannot look like the mark before a field, so marks found in order part the line; and nearly all of what
 * stands between them stood in some line before, so that it is looked up rather than parsed. Any other line is left to
 * the parser. Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`.
 */
export class HeadScanner {
  private readonly site: Site;
  private readonly clients = new Recent<Client>(rememberedParts);
  private readonly verbs = new Recent<string>(256);

  constructor(site: Site) {
    this.site = site;
  }

  /** The head of a line; nothing where it is not written as expected. */
  scan(line: string, writing: Writing): Scanned | undefined {
    const { marks } = writing;
    if (!line.startsWith(marks.opening)) return undefined;
    const idMark = line.indexOf(marks.auditId, marks.opening.length);
    const stageMark = line.indexOf(marks.stage, idMark);
    const uriMark = line.indexOf(marks.uri, stageMark);
    const verbMark = line.indexOf(marks.verb, uriMark);
    const userMark = line.indexOf(marks.user, verbMark);
    const statusMark = line.indexOf(marks.status, userMark);
    if (idMark < 0 || stageMark < 0 || uriMark < 0 || verbMark < 0 || userMark < 0 || statusMark < 0) return undefined;
    const level = writing.value(line, marks.opening.length, idMark);
    const auditId = writing.value(line, idMark + marks.auditId.length, stageMark);
    const stage = writing.value(line, stageMark + marks.stage.length, uriMark);
    const uri = writing.value(line, uriMark + marks.uri.length, verbMark);
    const verb = writing.value(line, verbMark + marks.verb.length, userMark);
    if (level === undefined || auditId === undefined || stage === undefined || uri === undefined || verb === undefined) return undefined;

    const refMark = line.lastIndexOf(marks.objectRef, statusMark);
    const clientEnd = refMark < userMark ? statusMark : refMark;
    const client = this.client(line.slice(userMark + marks.beforeUser, clientEnd), writing);
    const target = refMark < userMark ? noTarget : readTarget(line, refMark + marks.objectRef.length, statusMark, writing);
    const status = statusAt(line, statusMark, writing);
    const tail = status && tailAt(line, status.end, writing);
    if (client === undefined || target === undefined || status === undefined || tail === undefined) return undefined;
    const { start: to, ...rest } = tail;
    return { head: { auditId, stage, uri, verb: this.known(verb), client, target, code: status.code, ...rest }, from: status.end, to };
  }

  /** Who and whence: the same bytes over and over, and a third of a head. */
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
    if (before === undefined && verb.length <= longestRemembered) this.verbs.set(owned(verb), owned(verb));
    return before ?? verb;
  }
}

/** The members in a stretch of a line; nothing where there are others, or it is not whole. */
function membersOf(stretch: string, writing: Writing, allowed: readonly string[]): JsonObject | undefined {
  const raw = object(parseJson(`{${writing.read(stretch)}}`));
  return raw !== undefined && Object.keys(raw).every((name) => allowed.includes(name)) ? raw : undefined;
}

/** An `objectRef` is flat and holds short texts. Anything but plain names in it is for the parser. */
function readTarget(line: string, start: number, end: number, { quote, marks }: Writing): Target | undefined {
  if (!line.startsWith(quote, start) || !line.startsWith(`${quote}}`, end - 1 - quote.length)) return undefined;
  const ref: Record<string, string> = {};
  for (const member of line.slice(start + quote.length, end - 1 - quote.length).split(marks.between)) {
    const colon = member.indexOf(marks.pair);
    const name = member.slice(0, colon);
    const value = member.slice(colon + marks.pair.length);
    if (colon < 0 || !isLiteral(name) || !isLiteral(value)) return undefined;
    ref[name] = owned(value);
  }
  return targetIn(ref);
}

const noTarget = targetIn(undefined);

/** The response's code, and where its status ends. Success is written in one way; failures are parsed. */
function statusAt(line: string, mark: number, writing: Writing): { readonly code: number; readonly end: number } | undefined {
  const { marks } = writing;
  if (line.startsWith(marks.success, mark)) {
    const start = mark + marks.success.length;
    const end = line.indexOf('}', start);
    // Three digits and no more: anything else is for the parser.
    if (end === start + 3) {
      const code = Number(line.slice(start, end));
      if (code >= 100 && code <= 999) return { code, end: end + 1 };
    }
  }
  const ends = [marks.request, marks.response, marks.received].map((next) => line.indexOf(next, mark)).filter((end) => end >= 0);
  const end = Math.min(...ends);
  const raw = ends.length === 0 ? undefined : object(parseJson(`{${writing.read(line.slice(mark + 1, end))}}`));
  if (raw === undefined || Object.keys(raw).length !== 1) return undefined;
  return { code: codeIn(raw['responseStatus']), end };
}

/** What follows the bodies, if between `from` and that stands nothing or what begins like a body. */
function tailAt(
  line: string,
  from: number,
  writing: Writing,
): ({ readonly start: number } & Pick<Head, 'received' | 'staged' | 'decision' | 'annotations'>) | undefined {
  const { marks, quote } = writing;
  const start = line.lastIndexOf(marks.received);
  if (start !== from && (start < from || !(line.startsWith(marks.request, from) || line.startsWith(marks.response, from))))
    return undefined;
  const stagedMark = line.indexOf(marks.staged, start);
  const stagedEnd = stagedMark < 0 ? -1 : line.indexOf(quote, stagedMark + marks.staged.length);
  if (stagedEnd < 0) return undefined;
  const received = writing.value(line, start + marks.received.length, stagedMark);
  const staged = writing.value(line, stagedMark + marks.staged.length, stagedEnd);
  const rest = stagedEnd + quote.length;
  if (received === undefined || staged === undefined) return undefined;
  if (line.length === rest + 1 && line.endsWith('}')) return { start, received, staged, decision: '', annotations: () => undefined };
  if (!line.startsWith(marks.annotations, rest) || !line.endsWith('}}')) return undefined;
  const stretch = line.slice(rest + 1, -1);
  const parse = (): JsonObject | undefined => object(membersOf(stretch, writing, ['annotations'])?.['annotations']);
  const decision = decisionIn(stretch, writing) ?? parse();
  if (decision === undefined) return undefined;
  return {
    start,
    received,
    staged,
    decision: typeof decision === 'string' ? decision : (text(decision[decisionKey]) ?? ''),
    annotations: parse,
  };
}

/** The decision among annotations, which are a flat list of texts; nothing where they are something else. */
function decisionIn(stretch: string, writing: Writing): string | undefined {
  const { marks, quote } = writing;
  if (stretch.includes('{', marks.annotations.length)) return undefined;
  const mark = stretch.lastIndexOf(marks.decision);
  if (mark < 0) return undefined;
  const start = mark + marks.decision.length;
  return writing.value(stretch, start, stretch.indexOf(quote, start));
}
