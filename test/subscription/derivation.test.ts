import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { audit, intake } from '../../shared/detect/kit.ts';
import { longestPattern, missedBy, subscriptionOf } from '../../shared/detect/subscription.ts';
import { auditLevel } from '../../shared/knowledge/audit-policy.ts';
import { acceptedBy, blindClasses, untouched } from '../../shared/knowledge/blind-classes.ts';
import { AuditEvent, AuditReader } from '../../shared/model/audit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { groupsOf, servedResources } from '../policy/resources.ts';
import { filterOf } from '../support/filter-pattern.ts';

/** What the subscription leaves out follows from the detections, and never holds what always has to pass. */

const { json, text, leftOut, kept } = subscriptionOf(catalogue);
const passes = filterOf(json);

const words = { severity: 'low', confidence: 'low', attack: ['T1610'], rows: [], next: 'Nothing: this is a test.' } as const;
const reading = (verb: string, resource: string) => ({
  strategy: 'test',
  detection: audit.detection({
    ...words,
    id: 'curious',
    title: 'Curious',
    reads: { verbs: [verb], resources: [resource] },
    judge: () => undefined,
  }),
});
const keptWith = (verb: string, resource: string): readonly string[] =>
  subscriptionOf([...catalogue, reading(verb, resource)]).kept.map(({ kind }) => kind.id);

describe('the patterns', () => {
  it('are as long as they may be, and written as such', () => {
    for (const pattern of [json, text]) expect(pattern.length).toBeLessThanOrEqual(longestPattern);
    expect(text).toBe('?"[Truncated...]" ?"access granted" ?"access denied"');
    expect(json).toMatch(/^\{ .+ \}$/);
  });

  it('leave out every class today', () => {
    expect(kept).toEqual([]);
    expect(leftOut).toEqual(blindClasses);
  });

  it('ask for the words of the authenticator only where somebody listens', () => {
    const deaf = catalogue.filter(({ detection }) => !('source' in detection) || detection.source !== 'authenticator');
    expect(subscriptionOf(deaf).text).toBe('?"[Truncated...]"');
  });
});

describe('a detection', () => {
  test.each([
    ['update', 'leases', ['leases']],
    ['*', 'leases', ['leases']],
    ['get', '*', ['leases']],
    ['update', 'deployments/status', ['workload-status']],
    ['*', '*', ['leases', 'workload-status']],
    ['list', 'leases', []],
    ['update', 'deployments', []],
    ['watch', 'pods', []],
  ])('that reads %s %s has %j forwarded again', (verb, resource, ids) => {
    expect(keptWith(verb, resource)).toEqual(ids);
  });

  it('that reads a class gets its lines', () => {
    const renewal = line({ verb: 'update', user: 'system:node:a', group: 'coordination.k8s.io', resource: 'leases' });
    expect(passes(renewal)).toBe(false);
    expect(filterOf(subscriptionOf([...catalogue, reading('update', 'leases')]).json)(renewal)).toBe(true);
  });

  it('has all forwarded, when nothing is left that nobody reads', () => {
    const classes = blindClasses.filter(({ reads }) => reads !== undefined);
    expect(subscriptionOf([...catalogue, reading('*', '*')], classes).json).toBe('');
  });

  it('that waits for other text than is picked stops the synthesis', () => {
    const detection = intake.detection({ ...words, id: 'note-reader', title: 'Notes', reads: ['unreadable-line'], judge: () => undefined });
    expect(() => subscriptionOf([...catalogue, { strategy: 'test', detection }])).toThrow('note-reader: reads lines that no filter picks');
  });

  it('that accepts a class, or is said to be untouched by all, is there and would have read it', () => {
    const byId = new Map(catalogue.map(({ detection }) => [detection.id, detection]));
    for (const id of Object.keys(acceptedBy)) {
      const detection = byId.get(id);
      expect(detection && missedBy(detection), id).not.toEqual([]);
    }
    for (const id of untouched) expect(byId.get(id), id).toMatchObject({ reads: ['* *'] });
  });
});

describe('a class', () => {
  it('counts every resource of the groups that it names', () => {
    for (const { lines, reads } of blindClasses) {
      const groups = lines.flatMap(({ group = [] }) => group);
      const served = servedResources.filter((resource) => groupsOf(resource).some((group) => groups.includes(group)));
      const subresource = lines.flatMap((each) => each.subresource ?? [])[0];
      const names = served.map((resource) => (subresource === undefined ? resource : `${resource}/${subresource}`));
      if (reads !== undefined) expect(reads.resources.toSorted()).toEqual(names.toSorted());
    }
  });

  it('counts every verb', () => {
    for (const { lines, reads } of blindClasses)
      if (reads !== undefined) expect(reads.verbs.toSorted()).toEqual(lines.flatMap(({ verb = [] }) => verb).toSorted());
  });

  it('that says its request is told by another line is right: EKS writes both', () => {
    const request = { user: 'jane', groups: [], group: '', namespace: 'shop', name: 'api', path: '/api/v1' };
    const stages = (verb: string, resource: string, subresource = '') => auditLevel({ ...request, verb, resource, subresource }).stages;
    expect(stages('create', 'serviceaccounts', 'token')).toEqual(expect.arrayContaining(['RequestReceived', 'ResponseComplete']));
    for (const resource of servedResources.filter((each) => each !== 'events')) {
      expect(stages('watch', resource), resource).toEqual(expect.arrayContaining(['ResponseStarted', 'ResponseComplete']));
      expect(stages('get', resource, 'log'), resource).toEqual(expect.arrayContaining(['ResponseStarted', 'ResponseComplete']));
    }
  });
});

interface Told {
  readonly stage?: string | undefined;
  readonly verb?: string | undefined;
  readonly user?: string | undefined;
  readonly as?: string | undefined;
  readonly group?: string | undefined;
  readonly resource?: string | undefined;
  readonly subresource?: string | undefined;
  readonly code?: number | undefined;
}

function line({ stage = 'ResponseComplete', verb, user, as, group, resource, subresource, code = 200 }: Told): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a',
    stage,
    requestURI: '/apis',
    verb,
    user: { username: user, groups: [] },
    ...(as === undefined ? {} : { impersonatedUser: { username: as } }),
    sourceIPs: ['10.0.0.1'],
    ...(resource === undefined ? {} : { objectRef: { resource, apiGroup: group, subresource } }),
    responseStatus: { metadata: {}, code },
    requestReceivedTimestamp: '2026-03-10T00:00:00.000000Z',
    stageTimestamp: '2026-03-10T00:00:00.100000Z',
    annotations: { 'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow' },
  });
}

/** Requests around the classes: everything that a class names, and what stands beside it. */
const requests = fc.record({
  stage: fc.constantFrom('ResponseStarted', 'ResponseComplete', 'Panic'),
  verb: fc.constantFrom('get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'),
  user: fc.constantFrom('jane', 'system:node:a', 'system:serviceaccount:kube-system:job-controller', 'system:serviceaccount:shop:api'),
  as: fc.constant<string | undefined>(undefined),
  group: fc.constantFrom(undefined, 'apps', 'batch', 'coordination.k8s.io', 'example.com'),
  resource: fc.constantFrom(undefined, 'leases', 'deployments', 'jobs', 'pods', 'secrets', 'nodes'),
  subresource: fc.constantFrom(undefined, 'status', 'log', 'scale'),
  code: fc.constantFrom(101, 200, 201, 399),
});

const reader = new AuditReader(siteOf());

describe('any request', () => {
  it('passes or does not, and never by a guess', () => {
    fc.assert(fc.property(requests, (request) => passes(line(request)) !== 'unknown'));
  });

  it('passes where it was refused or failed', () => {
    const refused = fc.constantFrom(400, 401, 403, 404, 409, 422, 429, 500, 503);
    fc.assert(fc.property(requests, refused, (request, code) => passes(line({ ...request, code })) === true));
  });

  it('passes where it is made in the name of another', () => {
    const names = fc.oneof(fc.constantFrom('system:node:a', 'system:masters'), fc.string({ minLength: 1 }));
    fc.assert(fc.property(requests, names, (request, as) => passes(line({ ...request, as })) === true));
  });

  it('passes where nobody showed a credential', () => {
    fc.assert(fc.property(requests, (request) => passes(line({ ...request, user: 'system:anonymous' })) === true));
  });

  it('passes where it makes, lists, deletes or patches an object, whoever asks', () => {
    const grave = fc.constantFrom('list', 'create', 'patch', 'delete', 'deletecollection');
    fc.assert(fc.property(requests, grave, (request, verb) => passes(line({ ...request, verb, stage: 'ResponseStarted' })) === true));
  });

  it('passes where it is by somebody who is no part of the cluster, the end of a stream aside', () => {
    fc.assert(fc.property(requests, (request) => passes(line({ ...request, user: 'jane', stage: 'ResponseStarted' })) === true));
  });

  it('passes where a field is missing that every such line has', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom('stage', 'verb', 'user', 'objectRef', 'responseStatus'), (request, name) => {
        const event = JSON.parse(line(request)) as Record<string, unknown>;
        return passes(JSON.stringify({ ...event, [name]: undefined })) === true;
      }),
    );
  });

  it('that does not pass is nothing to a detection that is said to be untouched', () => {
    const judges = catalogue.flatMap(({ detection }) => (untouched.includes(detection.id) && 'when' in detection ? [detection.when] : []));
    expect(judges).toHaveLength(untouched.length);
    fc.assert(
      fc.property(requests, (request) => {
        const message = line(request);
        fc.pre(passes(message) === false);
        const event = reader.read({ id: 'test', message }, { account: '', region: '', cluster: '' });
        return event instanceof AuditEvent && judges.every((when) => !(when as (event: AuditEvent) => boolean)(event));
      }),
    );
  });
});
