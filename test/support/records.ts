import type { Batch } from '../../shared/intake/batch.ts';
import { EscapedRecord } from '../../shared/intake/envelope.ts';
import type { Scope } from '../../shared/model/base.ts';
import type { LogRecord } from '../../shared/model/record.ts';

/** Where test records come from. */
export const scope: Scope = { cluster: 'harbour', account: '111122223333', region: 'eu-central-1' };

/** A line as it stands in the envelope of a subscription. */
export function escapedRecord(line: string, id = '1', ingested = 0): EscapedRecord {
  const bytes = Buffer.from(`${id}${JSON.stringify(line).slice(1, -1)}`);
  return new EscapedRecord(bytes, { idStart: 0, idEnd: id.length, start: id.length, end: bytes.length }, ingested);
}

/** A request in few words; everything not said is ordinary. */
export interface Request {
  readonly at: number;
  readonly id: string;
  /** A role, or the name of a node: `system:node:…`. */
  readonly who?: string;
  readonly from?: string;
  readonly verb?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly code?: number;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly agent?: string;
  readonly stage?: 'ResponseStarted' | 'ResponseComplete';
}

/** One line of the audit log. */
export function auditLine(request: Request): string {
  const {
    at,
    id,
    who = 'reader',
    verb = 'get',
    resource = 'secrets',
    subresource,
    namespace = 'default',
    name = 'thing',
    code = 200,
  } = request;
  const path = subresource === undefined ? name : `${name}/${subresource}`;
  const stamp = new Date(at).toISOString().replace('Z', '000Z');
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: id,
    stage: request.stage ?? 'ResponseComplete',
    requestURI: `/api/v1/namespaces/${namespace}/${resource}/${path}`,
    verb,
    user: {
      username: who.startsWith('system:node:') ? who : `arn:aws:sts::111122223333:assumed-role/${who}/session-1`,
      uid: `aws-iam-authenticator:111122223333:AROA${who.toUpperCase()}`,
      groups: ['system:authenticated'],
      extra: { canonicalArn: [`arn:aws:iam::111122223333:role/${who}`], sessionName: ['session-1'], accessKeyId: ['ASIAEXAMPLE'] },
    },
    sourceIPs: [request.from ?? '192.0.2.10'],
    userAgent: request.agent ?? 'kubectl/v1.33.1 (linux/amd64) kubernetes/abcdef0',
    objectRef: { resource, namespace, name, apiVersion: 'v1', ...(subresource === undefined ? {} : { subresource }) },
    responseStatus: { metadata: {}, code },
    ...(request.request === undefined ? {} : { requestObject: request.request }),
    ...(request.response === undefined ? {} : { responseObject: request.response }),
    requestReceivedTimestamp: stamp,
    stageTimestamp: stamp,
    annotations: { 'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow', 'authorization.k8s.io/reason': '' },
  });
}

/** A batch of audit lines, as a subscription would deliver it. */
export function auditBatch(records: readonly LogRecord[]): Batch {
  return { log: 'audit', scope, place: '/aws/eks/harbour/cluster:kube-apiserver-audit-0a1b', records, rejects: [], skipped: {} };
}

/** Lines as records with ids of their own. */
export function recordsOf(lines: readonly string[], prefix = 'record'): LogRecord[] {
  return lines.map((message, position) => ({ id: `${prefix} ${String(position)}`, message }));
}
