import type { Duty } from '../contract.ts';
import type { Site } from './site.ts';
import { actorOf } from './actor.ts';
import { type Bodies, wholeBodies, withoutBodies } from './audit-bodies.ts';
import { type Command, commandOf } from './command.ts';
import type { Actor, Origin, Reach, Target } from './entity.ts';
import { type EventBase, type Scope, lateness } from './base.ts';
import { digest, identifierLength } from './hash.ts';
import { type JsonObject, at, nestsTooDeep, number, object, parseJson, text, texts } from './json.ts';
import { type PodSpec, podSpecOf } from './pod-spec.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import { salvage, truncationMark } from './salvage.ts';

/** How the API server answered. */
export type Outcome = 'allowed' | 'forbidden' | 'unauthenticated' | 'failed';

/** A request to the Kubernetes API, as the audit log tells it. */
export class AuditEvent implements EventBase {
  readonly source = 'audit';
  readonly time: number;
  readonly scope: Scope;
  readonly late: boolean;
  /** What tells this request from all others: the same for every stage and delivery of it. */
  readonly identity: string;
  /** From the client's `Audit-ID` header: evidence, never a key. */
  readonly auditId: string;
  readonly verb: string;
  readonly uri: string;
  /** Who authenticated. Under impersonation this is the real caller. */
  readonly actor: Actor;
  /** Whom the caller impersonates. */
  readonly as: Actor | undefined;
  readonly target: Target;
  readonly origin: Origin;
  readonly outcome: Outcome;
  /** HTTP status; 101 for an open exec or attach stream. */
  readonly code: number;
  /** The line was cut at the size limit: bodies and annotations are missing. */
  readonly truncated: boolean;

  private readonly raw: JsonObject;
  private readonly site: Site;
  private readonly bodies: Bodies;
  private knownKey: string | undefined;
  private knownCommand: Command | undefined;
  private knownPod: PodSpec | undefined | null = null;

  constructor(
    raw: JsonObject,
    record: LogRecord,
    scope: Scope,
    site: Site,
    rest: { readonly bodies?: Bodies; readonly truncated?: boolean } = {},
  ) {
    const truncated = rest.truncated === true;
    const user = object(raw['user']) ?? {};
    const impersonated = object(raw['impersonatedUser']);
    const received = text(raw['requestReceivedTimestamp']);
    this.raw = raw;
    this.site = site;
    this.bodies = rest.bodies ?? wholeBodies(raw);
    this.scope = scope;
    this.truncated = truncated;
    this.auditId = text(raw['auditID']) ?? '';
    this.verb = text(raw['verb']) ?? '';
    this.uri = text(raw['requestURI']) ?? '';
    this.actor = actorOf(user);
    this.as = impersonated && actorOf(impersonated);
    this.target = targetOf(object(raw['objectRef']));
    this.origin = originOf(raw, site);
    this.code = number(at(raw['responseStatus'], 'code')) ?? 0;
    this.outcome = outcomeOf(this.code, at(raw['annotations'], 'authorization.k8s.io/decision'));
    this.time = timeOf(received, text(raw['stageTimestamp']), record);
    this.late = record.ingested !== undefined && record.ingested - this.time > lateness.audit;
    // Only the server writes the time: with it, one id on two requests makes two identities.
    this.identity = truncated
      ? record.id
      : `${this.auditId}\n${received ?? ''}\n${text(user['username']) ?? ''}\n${this.verb}\n${this.uri}`;
  }

  /** The request key: the hash of what identifies the request, made when it is asked for. */
  get key(): string {
    this.knownKey ??= digest(identifierLength, [this.identity]);
    return this.knownKey;
  }

  get allowed(): boolean {
    return this.outcome === 'allowed';
  }

  /** Whether the site gave the real caller this duty. */
  hasDuty(duty: Duty): boolean {
    return this.site.identities.has(this.actor, duty, this.time);
  }

  /** Where an address that the event mentions lies. */
  reachOf(address: string): Reach {
    return this.site.addresses.reach(address);
  }

  /** A dry run changes nothing. */
  get dryRun(): boolean {
    return this.uri.includes('dryRun=');
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

  /** Whether a word may stand in a body: what does not is not worth parsing for. */
  mayMention(word: string): boolean {
    return this.bodies.mayMention(word);
  }

  /** Metadata of {@link result}, without reading the rest of it. */
  get metadata(): JsonObject | undefined {
    return this.bodies.responseMetadata ?? object(at(this.result, 'metadata'));
  }

  /** Name of the target; for generated names the answer knows it. */
  get name(): string {
    return this.target.name || (text(this.metadata?.['name']) ?? '');
  }

  /** The pod declared by the resulting object, whatever kind holds it. */
  get pod(): PodSpec | undefined {
    if (this.knownPod === null) this.knownPod = podSpecOf(this.target.resource, this.result);
    return this.knownPod;
  }

  /** What an exec or attach runs. */
  get command(): Command {
    this.knownCommand ??= commandOf(this.uri);
    return this.knownCommand;
  }

  annotation(key: string): string {
    return text(at(this.raw['annotations'], key)) ?? '';
  }
}

/**
 * One line of an EKS audit stream as an event. A truncated line is salvaged from its head. Request key: the same
 * for every stage and delivery, because its timestamp is the server's; `auditID` alone is the client's to choose.
 */
export function normaliseAudit(record: LogRecord, scope: Scope, site: Site): AuditEvent | Reject | Skip {
  const stored = record.escaped ?? record.message;
  if (stored.endsWith(truncationMark)) {
    const head = salvage(record.message);
    return head ? new AuditEvent(head, record, scope, site, { truncated: true }) : { reject: 'bad-json', record };
  }
  if (stored.length > longestUnchecked && nestsTooDeep(record.message)) return { reject: 'nested-too-deep', record };
  const parts = withoutBodies(stored, record.escaped !== undefined);
  if (parts !== undefined && isAuditEvent(parts.head)) return eventOf(parts.head, record, scope, site, parts.bodies);
  const raw = object(parseJson(record.message));
  if (raw === undefined) return { reject: 'bad-json', record };
  return isAuditEvent(raw) ? eventOf(raw, record, scope, site) : { reject: 'not-an-audit-event', record };
}

/** Shorter lines are checked for depth only where somebody reads their bodies. */
const longestUnchecked = 32_768;

function eventOf(raw: JsonObject, record: LogRecord, scope: Scope, site: Site, bodies?: Bodies): AuditEvent | Skip {
  if (raw['stage'] === 'RequestReceived') return { skip: 'request-received' };
  return new AuditEvent(raw, record, scope, site, bodies === undefined ? {} : { bodies });
}

/** Whether JSON is an event of the audit log: the fields that `audit.k8s.io` always fills. */
function isAuditEvent(raw: JsonObject): boolean {
  return (
    raw['kind'] === 'Event' &&
    typeof raw['apiVersion'] === 'string' &&
    raw['apiVersion'].startsWith('audit.k8s.io/') &&
    typeof raw['auditID'] === 'string' &&
    typeof raw['stage'] === 'string' &&
    typeof raw['verb'] === 'string' &&
    typeof raw['requestURI'] === 'string'
  );
}

function timeOf(received: string | undefined, stage: string | undefined, record: LogRecord): number {
  for (const stamp of [received, stage]) {
    const time = stamp === undefined ? NaN : Date.parse(stamp);
    if (!Number.isNaN(time)) return time;
  }
  return record.ingested ?? 0;
}

function outcomeOf(code: number, decision: unknown): Outcome {
  if (code === 401) return 'unauthenticated';
  if (code === 403 || decision === 'forbid') return 'forbidden';
  return code >= 400 ? 'failed' : 'allowed';
}

function targetOf(ref: JsonObject | undefined): Target {
  return {
    group: text(ref?.['apiGroup']) ?? '',
    resource: text(ref?.['resource']) ?? '',
    subresource: text(ref?.['subresource']) ?? '',
    namespace: text(ref?.['namespace']) ?? '',
    name: text(ref?.['name']) ?? '',
  };
}

/** Only the last entry of `sourceIPs` is not the client's to write. Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`. */
function originOf(raw: JsonObject, site: Site): Origin {
  const addresses = texts(raw['sourceIPs']);
  const address = addresses.at(-1) ?? '';
  return {
    address,
    network: site.addresses.network(address),
    reach: site.addresses.reach(address),
    forwarded: addresses.length > 1 ? addresses.slice(0, -1) : none,
    agent: text(raw['userAgent']) ?? '',
  };
}

const none: readonly string[] = [];
