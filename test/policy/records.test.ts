import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { benchmarkAudit } from '../simulation/benchmark.ts';
import { scenario } from '../simulation/scenario.ts';
import { samplesRoot } from '../support/samples.ts';
import { logsBelow, unlikeEks, unlikeEksIn } from './lines.ts';

/** Every audit event that is shipped or simulated is one that EKS's policy would write: level, stage and bodies. */

describe.each(readdirSync(samplesRoot))('samples of %s', (strategy) => {
  it('are logged as EKS logs', () => {
    expect(logsBelow(join(samplesRoot, strategy)).flatMap((path) => unlikeEksIn(path).breaches)).toEqual([]);
  });
});

test.each(logsBelow(join(samplesRoot, '../scenarios')))('scenario %s is logged as EKS logs', (path) => {
  const { events, breaches } = unlikeEksIn(path);
  expect(breaches).toEqual([]);
  expect(events > 1_000 || path.endsWith('api.ndjson')).toBe(true);
});

describe('the simulation', () => {
  it('logs a scenario as EKS logs', () => {
    const lines = [...scenario.history.audit, ...scenario.day.audit].map(({ message }) => message);
    expect(unlikeEks(lines, 'simulated scenario')).toEqual({ events: lines.length, breaches: [] });
  });

  it('logs the benchmark as EKS logs', () => {
    const lines = benchmarkAudit(11, 5_000);
    expect(unlikeEks(lines, 'simulated benchmark')).toEqual({ events: lines.length, breaches: [] });
  });
});

describe('a record that EKS would not write', () => {
  const secretRead = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/payments/secrets/db',
    verb: 'get',
    user: { username: 'jane', groups: ['system:authenticated'] },
    objectRef: { resource: 'secrets', namespace: 'payments', name: 'db', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
  const breaches = (event: object): readonly string[] => unlikeEks([JSON.stringify(event)], 'here.ndjson').breaches;
  const deleted = { ...secretRead, verb: 'delete', objectRef: { ...secretRead.objectRef, resource: 'pods' }, level: 'RequestResponse' };

  test.each([
    [secretRead],
    [deleted],
    [{ ...deleted, requestObject: { kind: 'DeleteOptions' }, responseObject: { kind: 'Pod' } }],
    [{ kind: 'Something else', apiVersion: 'v1' }],
  ])('is not this: %j', (event) => {
    expect(breaches(event)).toEqual([]);
  });

  test.each([
    [
      { ...secretRead, responseObject: { kind: 'Secret' } },
      'get secrets payments/db by jane: responseObject needs level RequestResponse, and EKS logs this at level Metadata',
    ],
    [
      { ...secretRead, level: 'RequestResponse' },
      'get secrets payments/db by jane: level is RequestResponse, and EKS logs this at level Metadata',
    ],
    [
      { ...secretRead, stage: 'RequestReceived' },
      'get secrets payments/db by jane: stage is RequestReceived, and EKS writes ResponseComplete, Panic for this',
    ],
    [
      { ...secretRead, objectRef: { resource: 'events', namespace: 'payments' } },
      'get events payments by jane: EKS logs this at level None, so this event never exists',
    ],
    [
      { ...deleted, requestObject: {}, annotations: { 'authorization.k8s.io/decision': 'forbid' } },
      'delete pods payments/db by jane: requestObject is never read of a request that the authorizer refuses',
    ],
    [
      { ...deleted, responseObject: { kind: 'Pod' }, annotations: { 'authorization.k8s.io/decision': 'forbid' } },
      'delete pods payments/db by jane: responseObject of a request that the authorizer refuses is a Status',
    ],
    [
      { ...deleted, verb: 'create', objectRef: { ...deleted.objectRef, subresource: 'exec' }, requestObject: {} },
      'create pods/exec payments/db by jane: requestObject is never logged of streams such as exec',
    ],
    [
      { ...secretRead, level: 'Request', objectRef: { ...secretRead.objectRef, resource: 'pods' }, requestObject: {} },
      'get pods payments/db by jane: requestObject needs a verb that sends one, and this is a get (logged at level Request)',
    ],
  ])('is told with its place, the field and the level: %#', (event, breach) => {
    expect(breaches(event)).toEqual([`here.ndjson:1: ${breach}`]);
  });

  it('is found in a subscription payload, and where the line was cut', () => {
    const wrong = JSON.stringify({ ...secretRead, level: 'Request' });
    const payload = JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: wrong }] });
    const cut = `${wrong.slice(0, wrong.indexOf(',"annotations"'))},"requ[Truncated...]`;
    expect(unlikeEks([payload, cut], 'here.ndjson').breaches).toHaveLength(2);
  });
});
