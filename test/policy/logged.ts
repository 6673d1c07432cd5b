import { type AuditLevel, type AuditedRequest, type AuditStage, auditLevel, auditLevels } from '../../shared/knowledge/audit-policy.ts';
import { type JsonObject, at, object, text, texts } from '../../shared/model/json.ts';

/** The fields of an audit event that the policy gives or withholds. */
export type Body = 'requestObject' | 'responseObject';

/** The level from which on a body is logged. */
const levelOf: Readonly<Record<Body, AuditLevel>> = { requestObject: 'Request', responseObject: 'RequestResponse' };

export function isBelow(level: AuditLevel, needed: AuditLevel): boolean {
  return auditLevels.indexOf(level) < auditLevels.indexOf(needed);
}

/** What the policy sees of the request that an audit event is about. */
function requestOf(event: JsonObject): AuditedRequest {
  const ref = event['objectRef'];
  const field = (name: string): string => text(at(ref, name)) ?? '';
  return {
    user: text(at(event['user'], 'username')) ?? '',
    groups: texts(at(event['user'], 'groups')),
    verb: text(event['verb']) ?? '',
    group: field('apiGroup'),
    resource: field('resource'),
    subresource: field('subresource'),
    namespace: field('namespace'),
    name: field('name'),
    path: (text(event['requestURI']) ?? '').split('?', 1)[0] ?? '',
  };
}

/** A request in words: `get secrets payments/db by jane`. */
export function requestText({ user, verb, group, resource, subresource, namespace, name, path }: AuditedRequest): string {
  const kind = [resource, subresource].filter(Boolean).join('/') + (group === '' ? '' : `.${group}`);
  const where = [namespace, name].filter(Boolean).join('/');
  const what = resource === '' ? path : [kind, where].filter(Boolean).join(' ');
  return `${verb} ${what} by ${user === '' ? 'nobody who authenticated' : user}`;
}

/** Requests that have nothing to send, and streams, whose first bytes are no object. */
const bodilessVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const streamSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);

/**
 * Why a request has no such body at its level; absent where it may have one. Source: kubernetes/apiserver,
 * `pkg/audit/request.go` and `pkg/endpoints/handlers`.
 */
export function withheld(body: Body, level: AuditLevel, request: Pick<AuditedRequest, 'verb' | 'subresource'>): string | undefined {
  const needed = levelOf[body];
  if (isBelow(level, needed)) return `${body} needs level ${needed}, and EKS logs this at level ${level}`;
  if (body === 'responseObject') return undefined;
  if (bodilessVerbs.has(request.verb))
    return `${body} needs a verb that sends one, and this is a ${request.verb} (logged at level ${level})`;
  if (streamSubresources.has(request.subresource)) return `${body} is never logged of streams such as ${request.subresource}`;
  return undefined;
}

/** Where an audit event is not what EKS writes for its request: one sentence each. */
export function breachesOf(event: JsonObject): string[] {
  const request = requestOf(event);
  const { level, stages } = auditLevel(request);
  if (level === 'None') return [`${requestText(request)}: EKS logs this at level None, so this event never exists`];
  const found: string[] = [];
  if (event['level'] !== level) found.push(`level is ${String(event['level'])}, and EKS logs this at level ${level}`);
  if (!(stages as readonly unknown[]).includes(event['stage'])) {
    found.push(`stage is ${String(event['stage'])}, and EKS writes ${stages.join(', ')} for this`);
  }
  for (const body of ['requestObject', 'responseObject'] as const) {
    const reason = event[body] === undefined ? undefined : (withheld(body, level, request) ?? unwritten(body, event, request));
    if (reason !== undefined) found.push(reason);
  }
  return found.map((breach) => `${requestText(request)}: ${breach}`);
}

/** Bodies are noted by the handler, which a request that the authorizer refuses never reaches. */
function unwritten(body: Body, event: JsonObject, { subresource }: AuditedRequest): string | undefined {
  if (event['stage'] === ('RequestReceived' satisfies AuditStage)) return `${body} is not yet known at stage RequestReceived`;
  const forbidden = at(event['annotations'], 'authorization.k8s.io/decision') === 'forbid';
  if (body === 'requestObject') return forbidden ? `${body} is never read of a request that the authorizer refuses` : undefined;
  if (object(event[body])?.['kind'] === 'Status') return undefined;
  if (forbidden) return `${body} of a request that the authorizer refuses is a Status`;
  return streamSubresources.has(subresource) ? `${body} is never logged of streams such as ${subresource}` : undefined;
}
