import { AuditEvent, AuditReader } from '../../../shared/model/audit.ts';
import { object, parseJson } from '../../../shared/model/json.ts';
import { siteOf } from '../../../shared/model/site.ts';
import { auditLine, type Request, scope } from '../../support/records.ts';

/** A moment that histories begin at. */
export const start = Date.parse('2026-03-10T08:00:00Z');

const reader = new AuditReader(siteOf());

/** An audit event about policies or namespaces, as a pipeline reads it. */
export function written(request: Request, group = 'networking.k8s.io'): AuditEvent {
  const line = object(parseJson(auditLine({ verb: 'update', namespace: 'shop', ...request })));
  const target = { ...object(line?.['objectRef']), apiGroup: group };
  const event = reader.read({ id: request.id, message: JSON.stringify({ ...line, objectRef: target }) }, scope);
  if (event instanceof AuditEvent) return event;
  throw new Error('unreadable');
}

let requests = 0;

/** A NetworkPolicy is written, or deleted where it has no spec. */
export function policyWritten(at: number, name: string, spec?: unknown, namespace = 'shop', generation = 0): AuditEvent {
  const id = `policy ${String((requests += 1))}`;
  const verb = spec === undefined ? 'delete' : 'update';
  const response = spec === undefined ? { kind: 'Status' } : { kind: 'NetworkPolicy', metadata: { name, namespace, generation }, spec };
  return written({ at, id, resource: 'networkpolicies', name, namespace, verb, response });
}

/** All NetworkPolicies of a namespace are deleted, or those with a label. */
export function policiesDeleted(at: number, selected = false, namespace = 'shop'): AuditEvent {
  const id = `policies ${String((requests += 1))}`;
  return written({
    at,
    id,
    resource: 'networkpolicies',
    name: selected ? '?labelSelector=a%3Db' : '',
    namespace,
    verb: 'deletecollection',
  });
}

/** A namespace is created, or its labels change. */
export function namespaceWritten(at: number, name: string, labels: Readonly<Record<string, string>>, verb = 'create'): AuditEvent {
  const id = `namespace ${String((requests += 1))}`;
  return written(
    { at, id, resource: 'namespaces', name, namespace: name, verb, response: { kind: 'Namespace', metadata: { name, labels } } },
    '',
  );
}
