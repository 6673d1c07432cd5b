import type { Duty } from '../contract/site.ts';
import type { Site } from './site.ts';
import { type Bodies, bodiesBetween, noBodies, wholeBodies } from './audit-bodies.ts';
import type { Custom, Routine } from './audit-callers.ts';
import { type Head, headIn, salvagedHead } from './audit-head.ts';
import { HeadScanner, ScannedHead } from './audit-scan.ts';
import { type Command, commandOf } from './command.ts';
import type { Actor, Origin, Reach } from './entity.ts';
import { dayOf } from './time.ts';
import { type EventBase, type Scope, lateness } from './base.ts';
import { digest, identifierLength } from './hash.ts';
import { type JsonObject, at, nestsTooDeep, object, parseJson, text } from './json.ts';
import { type PodSpec, podSpecOf } from './pod-spec.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import { salvage, truncationMark } from './salvage.ts';
import { AuditIds, namedRequest } from './audit-ids.ts';
import { dryRun } from './audit-routine.ts';
import { WatchedTarget } from './watched-target.ts';
import type { Whereabouts } from './whereabouts.ts';
import { insideString, plain } from './writing.ts';

/** How the API server answered. */
export type Outcome = 'allowed' | 'forbidden' | 'unauthenticated' | 'failed';

/**
 * A request to the Kubernetes API, as the audit log tells it. It notes whether anybody asked for what is its own: URI, time, bodies, annotations. While nobody did, every request of the same kind would have been judged alike.
 */
export class AuditEvent implements EventBase {
  readonly source = 'audit';
  readonly day: number;
  readonly scope: Scope;
  /** What tells this request from all others: the same for every stage and delivery of it. */
  readonly identity: string;
  /** From the client's `Audit-ID` header: evidence, never a key. */
  readonly auditId: string;
  readonly verb: string;
  /** Who authenticated. Under impersonation this is the real caller. */
  readonly actor: Actor;
  /** Whom the caller impersonates. */
  readonly as: Actor | undefined;
  readonly target: WatchedTarget;
  readonly origin: Origin;
  readonly outcome: Outcome;
  /** HTTP status; 101 for an open exec or attach stream. */
  readonly code: number;
  /** The line was cut at the size limit: bodies and annotations are missing. */
  readonly truncated: boolean;
  /** Another request had its Audit-ID before. */
  readonly idReused: boolean;

  private readonly head: Head;
  private readonly site: Site;
  private readonly ownBodies: Bodies;
  private readonly moment: number;
  private readonly ingested: number | undefined;
  private askedForOwn = false;
  private readonly absent: string[] = [];
  private located: Whereabouts | undefined;
  private knownKey: string | undefined;
  private knownCommand: Command | undefined;
  private knownPod: PodSpec | undefined | null = null;

  constructor(
    head: Head,
    record: LogRecord,
    scope: Scope,
    site: Site,
    { bodies = noBodies, truncated = false, idReused = false }: Circumstances = {},
  ) {
    this.head = head;
    this.site = site;
    this.ownBodies = bodies;
    this.scope = scope;
    this.truncated = truncated;
    this.idReused = idReused;
    this.auditId = head.auditId;
    this.verb = head.verb;
    this.actor = head.client.actor;
    this.as = head.client.as;
    this.target = new WatchedTarget(head.target);
    this.origin = head.client.origin;
    this.code = head.code;
    this.outcome = outcomeOf(head.code, head.decision);
    this.moment = timeOf(head, record);
    this.day = dayOf(this.moment);
    this.ingested = record.ingested;
    // Only the server writes the time: with it, one id on two requests makes two identities.
    this.identity = truncated ? record.id : `${head.auditId}\n${head.received}\n${this.actor.username}\n${head.verb}\n${head.uri}`;
  }

  /** Where the caller's credential belongs, for detections that ask to have it looked up: what is unknown may be known later. */
  get whereabouts(): Whereabouts | undefined {
    if (this.located === undefined) this.askedForOwn = true;
    return this.located;
  }

  set whereabouts(whereabouts: Whereabouts | undefined) {
    this.located = whereabouts;
  }

  /** The request key: the hash of what identifies the request, made when it is asked for. */
  get key(): string {
    this.knownKey ??= digest(identifierLength, [this.identity]);
    return this.knownKey;
  }

  get time(): number {
    this.askedForOwn = true;
    return this.moment;
  }

  get late(): boolean {
    this.askedForOwn = true;
    return this.ingested !== undefined && this.ingested - this.moment > lateness.audit;
  }

  get uri(): string {
    this.askedForOwn = true;
    return this.head.uri;
  }

  /** Bodies are asked for through here alone. */
  private get bodies(): Bodies {
    this.askedForOwn = true;
    return this.ownBodies;
  }

  /** What the request is one of many of, if its line was written in the usual way. */
  get custom(): Custom | undefined {
    return this.head.custom;
  }

  /** Whether anybody asked for more than what all requests of its kind, by its caller on its day, have in common. */
  wasAskedForOwn(): boolean {
    return this.askedForOwn || this.absent.length > 0 || this.target.wasAsked;
  }

  /** What the event is one of many of, where it was judged by that alone. */
  get routine(): Routine | undefined {
    const { custom } = this.head;
    if (custom === undefined || this.askedForOwn) return undefined;
    return { ...custom, place: this.target.asked, absent: [...new Set(this.absent)] };
  }

  get allowed(): boolean {
    return this.outcome === 'allowed';
  }

  /** Whether the site gave the real caller this duty. */
  hasDuty(duty: Duty): boolean {
    return this.site.identities.has(this.actor, duty, this);
  }

  /** Whether the site lets images of this repository run; so it does where it has no list of them. */
  allowsImage(repository: string): boolean {
    return this.site.images?.allows(repository) ?? true;
  }

  /** Where an address that the event mentions lies. */
  reachOf(address: string): Reach {
    return this.site.addresses.reach(address);
  }

  /** What the server said of a failure: it repeats names that the client wrote. */
  get message(): string {
    return this.head.message;
  }

  /** A dry run changes nothing. */
  get dryRun(): boolean {
    // No routine holds one: to ask is not to ask for what is the request's own.
    return this.head.uri.includes(dryRun);
  }

  /** The body sent: the object of a create, the patch of a patch, DeleteOptions of a delete. */
  get request(): JsonObject | undefined {
    return this.bodies.request;
  }

  /** The object after the request, where the policy level keeps it. */
  get response(): JsonObject | undefined {
    return this.bodies.response;
  }

  /** The object as the cluster holds it now: the answer where there is one, else what a create or update asked for. */
  get result(): JsonObject | undefined {
    const response = this.response;
    if (response !== undefined && response['kind'] !== 'Status') return response;
    return this.verb === 'patch' || this.verb.startsWith('delete') ? undefined : this.request;
  }

  /** What a kubelet reports of a pod: {@link request} without the containers. */
  get report(): JsonObject | undefined {
    return this.bodies.report;
  }

  /** Whether a word may stand in a body: what does not is not worth parsing for. */
  mayMention(word: string): boolean {
    if (this.ownBodies.mayMention(word)) return (this.askedForOwn = true);
    this.absent.push(word);
    return false;
  }

  /** Metadata of {@link result}, without reading the rest of it; `managedFields` may be missing. */
  get metadata(): JsonObject | undefined {
    return this.bodies.responseMetadata ?? object(at(this.result, 'metadata'));
  }

  /** Name of the target; for generated names the answer knows it. */
  get name(): string {
    return this.target.name || (text(this.metadata?.['name']) ?? '');
  }

  /** The pod declared by the resulting object, whatever kind holds it. */
  get pod(): PodSpec | undefined {
    if (this.knownPod === null) {
      const spec = this.bodies.responseSpec;
      this.knownPod = podSpecOf(this.target.resource, spec === undefined ? this.result : { spec });
    }
    return this.knownPod;
  }

  /** What an exec or attach runs. */
  get command(): Command {
    this.knownCommand ??= commandOf(this.uri);
    return this.knownCommand;
  }

  annotation(key: string): string {
    const said = this.head.annotation(key);
    if (said === '') this.absent.push(key);
    else this.askedForOwn = true;
    return said;
  }
}

/** What is known of an event beside its head. */
interface Circumstances {
  readonly bodies?: Bodies;
  readonly truncated?: boolean;
  readonly idReused?: boolean;
}

/** Reads the lines of audit streams. It remembers what lines have in common: one for the life of a process. */
export class AuditReader {
  private readonly site: Site;
  private readonly scanner: HeadScanner;
  private readonly ids = new AuditIds();
  private readonly clusters = new WeakMap<Scope, string>();

  constructor(site: Site) {
    this.site = site;
    this.scanner = new HeadScanner(site, this.ids);
  }

  /** One line as an event. A truncated line is salvaged from its head. */
  read(record: LogRecord, scope: Scope): AuditEvent | Reject | Skip {
    const { escaped } = record;
    const line = escaped ?? record.message;
    if (line.endsWith(truncationMark)) {
      const fields = salvage(record.message);
      return fields
        ? new AuditEvent(salvagedHead(fields, this.site), record, scope, this.site, { truncated: true })
        : { reject: 'bad-json', record };
    }
    if (line.length > longestUnchecked && nestsTooDeep(record.message)) return { reject: 'nested-too-deep', record };
    const writing = escaped === undefined ? plain : insideString;
    const scanned = this.scanner.scan(line, writing, this.clusterOf(scope));
    if (scanned instanceof ScannedHead)
      return this.event(scanned, record, scope, bodiesBetween(line, scanned.bodiesStart, scanned.bodiesEnd, writing));
    if (scanned !== undefined) return { skip: scanned };
    const raw = object(parseJson(record.message));
    if (raw === undefined) return { reject: 'bad-json', record };
    const head = headIn(raw, this.site);
    return head === undefined ? { reject: 'not-an-audit-event', record } : this.event(head, record, scope, wholeBodies(raw));
  }

  /** Notes that events of this routine raise nothing and teach nothing until the day is over. */
  noteRoutine(routine: Routine): void {
    this.scanner.note(routine);
  }

  /** What was known of routines may be true no longer. */
  forgetRoutines(): void {
    this.scanner.forgetRoutines();
  }

  private event(head: Head, record: LogRecord, scope: Scope, bodies: Bodies): AuditEvent | Skip {
    if (head.stage === 'RequestReceived') return { skip: 'request-received' };
    const idReused = !this.ids.note(namedRequest(this.clusterOf(scope), head, head.client.actor.username));
    return new AuditEvent(head, record, scope, this.site, { bodies, idReused });
  }

  /** The name of a cluster: made once for all lines of a batch. */
  private clusterOf(scope: Scope): string {
    let name = this.clusters.get(scope);
    if (name === undefined) this.clusters.set(scope, (name = `${scope.account} ${scope.region} ${scope.cluster}`));
    return name;
  }
}

/** Shorter lines are checked for depth only where somebody reads their bodies. */
const longestUnchecked = 32_768;

function timeOf({ received, staged }: Head, record: LogRecord): number {
  for (const stamp of [received, staged]) {
    const time = stamp === '' ? NaN : Date.parse(stamp);
    if (!Number.isNaN(time)) return time;
  }
  return record.ingested ?? 0;
}

function outcomeOf(code: number, decision: unknown): Outcome {
  if (code === 401) return 'unauthenticated';
  if (code === 403 || decision === 'forbid') return 'forbidden';
  return code >= 400 ? 'failed' : 'allowed';
}
