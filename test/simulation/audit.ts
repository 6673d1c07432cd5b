import { type AuditLevel, type AuditStage, auditLevel } from '../../shared/knowledge/audit-policy.ts';
import { type Micros, microStamp } from './clock.ts';
import { type Json, type JsonObject, serialise } from './go-json.ts';
import type { Identity, IdentityKind } from './identity.ts';
import type { Random } from './random.ts';
import { type Target, pathOf } from './target.ts';

/** One request to the Kubernetes API, from which the audit events follow. */
export interface ApiRequest {
  readonly by: Identity;
  readonly at: Micros;
  readonly verb: string;
  readonly target?: Target;
  /** For requests that are not about a resource. */
  readonly path?: string;
  readonly query?: string;
  /** 200, or 201 for a create, unless said otherwise. */
  readonly code?: number;
  readonly sent?: Json | undefined;
  readonly answered?: Json | undefined;
  /** How long a watch, log or exec stays open. */
  readonly lasts?: Micros;
  readonly impersonating?: JsonObject;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface AuditLine {
  readonly time: Micros;
  /** The `auditID`: the same for all stages of a request. */
  readonly id: string;
  readonly kind: IdentityKind;
  readonly message: string;
}

/** Subresources whose requests are logged at their start too. Source: kubernetes `pkg/controlplane`, long-running check. */
const streamed: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/** The events the API server writes for a request, none if the policy is silent about it. */
export function auditLines(request: ApiRequest, random: Random): AuditLine[] {
  const { by, verb, target } = request;
  const path = target === undefined ? (request.path ?? '/') : pathOf(target, verb);
  const { group = '', resource = '', subresource = '', namespace = '', name = '' } = target ?? {};
  const { level } = auditLevel({ user: by.username, groups: by.groups, verb, group, resource, subresource, namespace, name, path });
  if (level === 'None') return [];
  const id = random.uuid();
  const uri = request.query === undefined ? path : `${path}?${request.query}`;
  return stagesOf(request, random).map(([stage, time]) => ({
    time,
    id,
    kind: by.kind,
    message: serialise(eventOf(request, { level, id, stage, time, uri })),
  }));
}

/** Long-running requests are logged twice, token requests too; a refused authentication only at its start. */
function stagesOf(request: ApiRequest, random: Random): [AuditStage, Micros][] {
  const { at, target } = request;
  const answered = at + random.int(1_100, 18_000);
  if (request.code === 401) return [['ResponseStarted', answered]];
  if (target?.resource === 'serviceaccounts' && target.subresource === 'token') {
    return [
      ['RequestReceived', at],
      ['ResponseComplete', answered],
    ];
  }
  const long = request.verb === 'watch' || (target?.subresource !== undefined && streamed.has(target.subresource));
  if (!long || (request.code ?? 200) >= 400) return [['ResponseComplete', answered]];
  return [
    ['ResponseStarted', answered],
    ['ResponseComplete', Math.max(answered + 500, at + (request.lasts ?? 0))],
  ];
}

interface Logged {
  readonly level: AuditLevel;
  readonly id: string;
  readonly stage: AuditStage;
  readonly time: Micros;
  readonly uri: string;
}

/** Fields in the API server's order. Source: kubernetes/apiserver, `pkg/apis/audit/v1/types.go`. */
function eventOf(request: ApiRequest, { level, id, stage, time, uri }: Logged): JsonObject {
  const { by } = request;
  const failure = (request.code ?? 200) >= 400 ? failureOf(request) : undefined;
  const received = stage === 'RequestReceived';
  const bodies = level === 'Request' || level === 'RequestResponse';
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: id,
    stage,
    requestURI: uri,
    verb: request.verb,
    user: by.user(request.at),
    impersonatedUser: request.impersonating,
    sourceIPs: [by.address],
    userAgent: by.agent,
    objectRef: request.target && objectRef(request.target),
    responseStatus: received ? undefined : (failure ?? { metadata: {}, code: codeOf(request) }),
    requestObject: bodies && !received && failure === undefined ? request.sent : undefined,
    responseObject: level === 'RequestResponse' && !received ? answerOf(request, failure) : undefined,
    requestReceivedTimestamp: microStamp(request.at),
    stageTimestamp: microStamp(time),
    annotations: received || request.code === 401 ? undefined : annotationsOf(request),
  };
}

function codeOf(request: ApiRequest): number {
  return request.code ?? (request.verb === 'create' ? 201 : 200);
}

function answerOf(request: ApiRequest, failure: JsonObject | undefined): Json | undefined {
  return failure === undefined ? request.answered : { kind: 'Status', apiVersion: 'v1', ...failure };
}

function objectRef(target: Target): JsonObject {
  return {
    resource: target.resource,
    namespace: target.namespace,
    name: target.name,
    uid: target.uid,
    apiGroup: target.group,
    apiVersion: target.version ?? 'v1',
    resourceVersion: target.resourceVersion,
    subresource: target.subresource,
  };
}

function annotationsOf(request: ApiRequest): JsonObject {
  const forbidden = request.code === 403;
  return {
    'authorization.k8s.io/decision': forbidden ? 'forbid' : 'allow',
    'authorization.k8s.io/reason': forbidden ? '' : request.by.reason,
    ...request.annotations,
  };
}

function failureOf(request: ApiRequest): JsonObject {
  const { code, target, by } = request;
  if (code === 401) return { metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 };
  const resource = target === undefined ? (request.path ?? '/') : [target.resource, target.subresource].filter(Boolean).join('/');
  const kind = [target?.resource, target?.group].filter(Boolean).join('.');
  const details = { name: target?.name, group: target?.group, kind: target?.resource };
  if (code === 404) {
    const message = `${kind} "${target?.name ?? ''}" not found`;
    return { metadata: {}, status: 'Failure', message, reason: 'NotFound', details, code };
  }
  const subject = target?.name === undefined ? kind : `${kind} "${target.name}"`;
  const where = target?.namespace === undefined ? 'at the cluster scope' : `in the namespace "${target.namespace}"`;
  const message = `${subject} is forbidden: User "${by.username}" cannot ${request.verb} resource "${resource}" in API group "${target?.group ?? ''}" ${where}`;
  return { metadata: {}, status: 'Failure', message, reason: 'Forbidden', details, code: code ?? 403 };
}

/** The query of an exec as kubectl sends it. Source: kubectl `pkg/cmd/exec`. */
export function execQuery(command: readonly string[], container: string, interactive: boolean): string {
  const encoded = command.map((part) => `command=${encodeURIComponent(part).replaceAll('%20', '+')}`);
  const streams = interactive ? ['stdin=true', 'stdout=true', 'tty=true'] : ['stderr=true', 'stdout=true'];
  return [...encoded, `container=${container}`, ...streams].join('&');
}
