import { actorOf } from './actor.ts';
import type { Origin, Target } from './entity.ts';
import { type JsonObject, at, number, object, text, texts } from './json.ts';
import type { Client, Custom } from './audit-callers.ts';
import type { Site } from './site.ts';

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
  /** What the line is one of many of; absent where it was not written in the usual way. */
  readonly custom: Custom | undefined;
  /** The text of an annotation; empty where there is none of the name. */
  annotation(name: string): string;
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
    custom: undefined,
    annotation: (name) => text(at(annotations, name)) ?? '',
  };
}

/** The annotation that tells whether a request was allowed. */
export const decisionKey = 'authorization.k8s.io/decision';

/** The client in fields of a line. */
export function clientIn(raw: JsonObject, site: Site): Client {
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

/** Of a request that is for no resource. */
export const noTarget: Target = { group: '', resource: '', subresource: '', namespace: '', name: '' };

function targetIn(ref: JsonObject | undefined): Target {
  return {
    group: text(ref?.['apiGroup']) ?? '',
    resource: text(ref?.['resource']) ?? '',
    subresource: text(ref?.['subresource']) ?? '',
    namespace: text(ref?.['namespace']) ?? '',
    name: text(ref?.['name']) ?? '',
  };
}

/** The HTTP status in a `responseStatus`; 0 where there is none. */
export function codeIn(status: unknown): number {
  return number(at(status, 'code')) ?? 0;
}

/** What the server said in a `responseStatus`; empty where it said nothing. */
export function messageIn(status: unknown): string {
  return text(at(status, 'message')) ?? '';
}
