import { type AuditLevel, type AuditedRequest, auditLevel, auditPolicy } from '../../shared/knowledge/audit-policy.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { type Body, isBelow, requestText, withheld } from './logged.ts';
import type { AuditReader, Reading } from './recorder.ts';
import { groupsOf, servedResources } from './resources.ts';

/** What the policy gives at best of the requests that a detection declares to read. */
interface Declared {
  /** As the dispatch knows it: `get pods/exec`. */
  readonly read: string;
  readonly level: AuditLevel;
  readonly bodies: readonly Body[];
}

const resourceVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
/** Verbs of requests for paths that are no resource: methods of HTTP. */
const pathVerbs = ['get', 'head', 'options', 'patch', 'post', 'put', 'delete'];

/** Callers and objects that the rules tell apart, and ordinary ones. */
const users = [...new Set(['anybody', ...auditPolicy.flatMap((rule) => rule.users ?? [])])];
const memberships = ['', ...new Set(auditPolicy.flatMap((rule) => rule.groups ?? []))].map((group) => [group]);
const namespaces = [...new Set(['', 'default', ...auditPolicy.flatMap((rule) => rule.namespaces ?? [])])];
const names = ['', ...auditPolicy.flatMap((rule) => rule.resources ?? []).flatMap((resources) => resources.names ?? [])];
const circumstances = users.flatMap((user) =>
  memberships.flatMap((groups) => namespaces.flatMap((namespace) => names.map((name) => ({ user, groups, namespace, name })))),
);

/** What is logged of a declared read for whomever most is logged of. */
function declaredOf(read: string): Declared {
  const [verb = '', kind = ''] = read.split(' ');
  const [asked = '', subresource = ''] = kind.split('/');
  const verbs = verb === '*' ? resourceVerbs : [verb];
  const resources = asked === '*' ? servedResources : [asked];
  const bodies = new Set<Body>();
  let level: AuditLevel = 'None';
  for (const one of verbs) {
    for (const resource of resources) {
      const most = highestLevel(one, resource, subresource);
      if (isBelow(level, most)) level = most;
      for (const body of ['requestObject', 'responseObject'] as const) {
        if (withheld(body, most, { verb: one, subresource }) === undefined) bodies.add(body);
      }
    }
  }
  return { read, level, bodies: [...bodies] };
}

function highestLevel(verb: string, resource: string, subresource: string): AuditLevel {
  const groups = resource === '' ? [''] : groupsOf(resource);
  const levels = groups.flatMap((group) =>
    circumstances.map((circumstance) => auditLevel({ ...circumstance, verb, group, resource, subresource, path: '/' }).level),
  );
  return levels.reduce((highest, level) => (isBelow(highest, level) ? level : highest));
}

/** Declared reads that no event can come from: one sentence each. */
export function deadReadsOf({ id, reads }: Pick<AuditReader, 'id' | 'reads'>): string[] {
  return reads.flatMap((read) => {
    const [verb = '', kind = ''] = read.split(' ');
    const verbs = kind === '' ? pathVerbs : kind === '*' ? [...resourceVerbs, ...pathVerbs] : resourceVerbs;
    if (verb !== '*' && !verbs.includes(verb))
      return [`${id} reads "${read}": the API server has no such verb; there are ${verbs.join(', ')}`];
    return declaredOf(read).level === 'None'
      ? [`${id} reads "${read}": EKS logs this at level None, whoever asks, so it can never fire`]
      : [];
  });
}

/** Bodies that a detection asks for and that none of its declared reads has: one sentence each. */
export function unmetNeedsOf({ id, reads }: Pick<AuditReader, 'id' | 'reads'>, readings: readonly Reading[]): string[] {
  const declared = reads.map(declaredOf);
  const asked = new Map(readings.flatMap((reading) => [...reading.asked]));
  return [...asked].flatMap(([body, reader]) => {
    if (declared.some(({ bodies }) => bodies.includes(body))) return [];
    const levels = declared.map(({ read, level }) => `${read} at ${level}`).join(', ');
    return [`${reader} of ${id} asks for ${body}, and EKS logs none of what the detection declares to read (${levels})`];
  });
}

/** What a detection read that EKS does not log of the very request: one sentence each. */
export function illicitReadsOf({ id }: Pick<AuditReader, 'id'>, readings: readonly Reading[]): string[] {
  return readings.flatMap(({ event, fields }) => {
    const request = askedIn(event);
    const { level } = auditLevel(request);
    return [...fields].flatMap(([body, paths]) => {
      const reason = withheld(body, level, request);
      const [[field, reader] = [body, 'it']] = [...paths].slice(-1);
      return reason === undefined ? [] : [`${requestText(request)}: ${reader} of ${id} reads ${field}: ${reason}`];
    });
  });
}

/** What the policy sees of the request behind an event. */
function askedIn({ actor, verb, target, uri }: AuditEvent): AuditedRequest {
  const { group, resource, subresource, namespace, name } = target;
  return {
    user: actor.username,
    groups: actor.groups,
    verb,
    ...{ group, resource, subresource, namespace, name },
    path: uri.split('?', 1)[0] ?? '',
  };
}
