import { describe, expect, it } from 'vitest';
import { scenario } from './scenario.ts';

interface AuditEvent {
  readonly level: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: {
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Record<string, unknown>;
  };
  readonly objectRef?: { readonly resource: string; readonly subresource?: string; readonly apiGroup?: string };
  readonly responseStatus?: { readonly code: number };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly annotations?: unknown;
}

const messages = [...scenario.history.audit, ...scenario.day.audit].map(({ message }) => message);
const events = messages.map((message) => JSON.parse(message) as AuditEvent);

function about(resource: string, subresource?: string): readonly AuditEvent[] {
  return events.filter(({ objectRef }) => objectRef?.resource === resource && objectRef.subresource === subresource);
}

const reads = ['get', 'list', 'watch'];

describe('audit events', () => {
  it('have their fields in the order of the API server', () => {
    const order = [
      ...['kind', 'apiVersion', 'level', 'auditID', 'stage', 'requestURI', 'verb', 'user', 'impersonatedUser', 'sourceIPs', 'userAgent'],
      ...['objectRef', 'responseStatus', 'requestObject', 'responseObject', 'requestReceivedTimestamp', 'stageTimestamp', 'annotations'],
    ];
    const wrong = events.filter((event) =>
      Object.keys(event).some((key, at, keys) => order.indexOf(key) <= order.indexOf(keys[at - 1] ?? '')),
    );
    expect(wrong).toEqual([]);
  });

  it('are written as Go writes JSON', () => {
    expect(messages.filter((message) => /[&<>]/.test(message))).toEqual([]);
    expect(messages.some((message) => message.includes('\\u0026'))).toBe(true);
  });

  it('have times in microseconds', () => {
    const stamp = /"requestReceivedTimestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","stageTimestamp":"[^"]+\.\d{6}Z"/;
    expect(messages.filter((message) => !stamp.test(message))).toEqual([]);
  });

  // Source of the levels: Amazon EKS best practices, "Detective controls", audit policy.
  it('never carry bodies of Secrets, ConfigMaps, token reviews, leases and custom resources', () => {
    const silent = [
      ...about('secrets'),
      ...about('configmaps'),
      ...about('tokenreviews'),
      ...about('leases'),
      ...about('endpointslices'),
      ...about('applications'),
    ];
    expect(silent.length).toBeGreaterThan(100);
    expect(new Set(silent.map(({ level }) => level))).toEqual(new Set(['Metadata']));
    expect(
      silent.filter((event) => 'requestObject' in event || ((event.responseStatus?.code ?? 0) < 400 && 'responseObject' in event)),
    ).toEqual([]);
  });

  it('carry the request of kubelet status patches and token requests, not the answer', () => {
    const requested = [...about('pods', 'status'), ...about('nodes', 'status'), ...about('serviceaccounts', 'token')];
    expect(new Set(requested.map(({ level }) => level))).toEqual(new Set(['Request']));
    expect(requested.filter((event) => 'responseObject' in event)).toEqual([]);
  });

  it('carry both bodies of writes and none of reads', () => {
    const writes = about('pods').filter(({ verb, responseStatus }) => !reads.includes(verb) && responseStatus?.code !== 403);
    expect(
      writes.filter((event) => event.level !== 'RequestResponse' || !('requestObject' in event) || !('responseObject' in event)),
    ).toEqual([]);
    const read = [...about('pods'), ...about('deployments')].filter(({ verb }) => reads.includes(verb));
    expect(read.filter((event) => event.level !== 'Request' || 'requestObject' in event || 'responseObject' in event)).toEqual([]);
  });

  it('leave out core events, health checks and nodes reading nodes', () => {
    expect(about('events')).toEqual([]);
    expect(events.filter(({ requestURI }) => requestURI.startsWith('/healthz'))).toEqual([]);
    expect(about('nodes').filter(({ user, verb }) => verb === 'get' && user.groups?.includes('system:nodes'))).toEqual([]);
  });

  it('tell an exec at its start and at its end, with the command in the URI', () => {
    const stages = about('pods', 'exec').map(({ stage }) => stage);
    expect(stages.filter((stage) => stage === 'ResponseStarted')).toHaveLength(
      stages.filter((stage) => stage === 'ResponseComplete').length,
    );
    expect(
      about('pods', 'exec').every(
        (event) => event.verb === 'get' && event.responseStatus?.code === 101 && event.requestURI.includes('command='),
      ),
    ).toBe(true);
  });

  it('tell a token request when it arrives, and a refused login only at its start and without a user', () => {
    expect(
      about('serviceaccounts', 'token').some(({ stage, annotations }) => stage === 'RequestReceived' && annotations === undefined),
    ).toBe(true);
    const refused = events.filter(({ responseStatus }) => responseStatus?.code === 401);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ stage, user }) => stage === 'ResponseStarted' && user.username === undefined)).toBe(true);
  });

  it('name IAM callers and pods in the extra fields', () => {
    const iam = events.filter(({ user }) => user.uid?.startsWith('aws-iam-authenticator:'));
    expect(iam.every(({ user }) => Array.isArray(user.extra?.['canonicalArn']) && Array.isArray(user.extra['sessionName']))).toBe(true);
    expect(events.some(({ user }) => Array.isArray(user.extra?.['authentication.kubernetes.io/pod-uid']))).toBe(true);
  });
});
