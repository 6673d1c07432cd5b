import { decoded } from '../knowledge/access-calls.ts';
import type { ApiEvent } from '../model/api.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { AuthenticatorEvent } from '../model/authenticator.ts';
import type { Actor, Entity } from '../model/entity.ts';
import type { Event } from '../model/event.ts';
import type { Where, Who } from '../model/finding.ts';
import type { Attribution, FlowEvent } from '../model/flow.ts';
import { text } from '../model/json.ts';

/** Who did it and where: only what is known, and what all events agree on. */
export interface Scene {
  readonly who?: Who;
  readonly where?: Where;
}

/** The scene of a verdict on events. */
export function sceneOf(events: readonly Event[], entity: Entity): Scene {
  const scenes = events.map((event) => sceneIn(event, entity));
  const who = agreed(scenes.map((scene) => scene.who));
  const where = agreed(scenes.map((scene) => scene.where));
  return tidy(who, { ...where, ...placeOf(entity) });
}

/** The scene of a verdict on an hour of traffic, of which only the sender and some of its pods are known. */
export function sceneOfTraffic(from: Entity | undefined, pods: readonly string[], entity: Entity): Scene {
  const who = from && { kind: from.kind, name: from.name };
  return tidy(who, { ...(pods.length === 1 && pods[0] !== undefined ? podNamed(pods[0]) : {}), ...placeOf(entity) });
}

type Texts = Readonly<Record<string, string | undefined>>;

interface Loose {
  readonly who: Texts;
  readonly where: Texts;
}

function sceneIn(event: Event, entity: Entity): Loose {
  switch (event.source) {
    case 'audit':
      return {
        who: { ...callerOf(event, entity), as: event.as && (event.as.username || event.as.name) },
        where: targetOf(event),
      };
    case 'authenticator':
      return { who: callerOf(event, entity), where: {} };
    case 'api':
      return { who: callerOf(event, entity), where: { object: named(event) } };
    case 'flow':
      return trafficOf(event, entity);
    case 'intake':
    case 'coverage':
      return { who: {}, where: {} };
    case 'signal':
      return { who: event.entity.kind === 'identity' ? identityText(event.entity) : {}, where: {} };
  }
}

/** The caller; or whom the verdict is about, where somebody else's request told of their deed. */
function callerOf(event: AuditEvent | ApiEvent | AuthenticatorEvent, entity: Entity): Texts {
  const { id, principal, username } = event.actor;
  if (entity.kind === 'identity' && ![id, principal, username].includes(entity.id)) return identityText(entity);
  return { ...actorText(event.actor), address: event.source === 'authenticator' ? undefined : event.origin.address };
}

/** An identity of which only id and name are at hand: the id of a role's session ends in it, and its name in brackets. */
function identityText({ kind, id, name }: Entity): Texts {
  const session = /\(([^()]+)\)$/.exec(name)?.[1];
  const ending = `/${session ?? ''}`;
  const isSession = session !== undefined && id.endsWith(ending);
  return {
    kind,
    name,
    principal: isSession ? id.slice(0, -ending.length) : id,
    session: isSession ? session : undefined,
    serviceAccount: serviceAccountIn(id),
  };
}

const accountPrefix = 'system:serviceaccount:';

function actorText({ type, name, username, principal, session, accessKey, pod }: Actor): Texts {
  return { kind: type, name, principal, session, accessKey, serviceAccount: serviceAccountIn(username), pod: pod?.name };
}

function serviceAccountIn(username: string): string | undefined {
  return username.startsWith(accountPrefix) ? username.slice(accountPrefix.length).replace(':', '/') : undefined;
}

/** Kinds of workloads, as the API names them. */
const workloads: ReadonlySet<string> = new Set([
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
  'cronjobs',
]);

function targetOf(event: AuditEvent): Texts {
  const { resource, namespace } = event.target;
  const { name } = event;
  if (resource === 'namespaces') return { namespace: name };
  if (name === '' || resource === '') return { namespace };
  if (resource === 'pods') return { namespace, pod: name };
  if (resource === 'nodes') return { node: name };
  if (workloads.has(resource)) return { namespace, workload: `${namespace}/${resource.slice(0, -1)}/${name}` };
  return { namespace, object: `${resource}/${name}` };
}

/** What a call is about, by the parameter that names it: the first of these wins. */
const parameters: readonly (readonly [parameter: string, kind: string])[] = [
  ['principalArn', 'access-entry'],
  ['associationId', 'pod-identity-association'],
  ['roleName', 'role'],
  ['addonName', 'addon'],
  ['nodegroupName', 'nodegroup'],
  ['logGroupName', 'log-group'],
  ['groupId', 'security-group'],
  ['keyId', 'key'],
  ['trailName', 'trail'],
  ['instanceId', 'instance'],
];

function named(event: ApiEvent): string | undefined {
  for (const [parameter, kind] of parameters) {
    const value = text(event.parameters[parameter]);
    if (value !== undefined && value !== '') return `${kind}/${decoded(value)}`;
  }
  return undefined;
}

/** The initiator acts; where it ended is the responder's place, if that is inside, else the initiator's. */
function trafficOf({ from, to, initiator }: FlowEvent, entity: Entity): Loose {
  const who = {
    kind: from.entity.kind,
    name: from.entity.name,
    serviceAccount: accountOf(from),
    pod: from.pod,
    address: initiator.address,
  };
  const inside = entity.id === to.entity.id ? to : from;
  return { who, where: { namespace: inside.namespace, pod: inside.pod, node: inside.node, workload: workloadOf(inside) } };
}

function accountOf({ namespace, serviceAccount }: Attribution): string | undefined {
  return serviceAccount === '' ? undefined : `${namespace}/${serviceAccount}`;
}

function workloadOf({ entity }: Attribution): string | undefined {
  return entity.kind === 'workload' ? entity.name : undefined;
}

/** What the verdict is about is where it happened, unless that is somebody. */
function placeOf({ kind, name }: Entity): Where {
  if (kind === 'workload') return { workload: name };
  if (kind === 'pod') return podNamed(name);
  if (kind === 'node') return { node: name };
  return kind === 'namespace' ? { namespace: name } : {};
}

function podNamed(path: string): Where {
  const [first = '', ...rest] = path.split('/');
  return rest.length === 0 ? { pod: first } : { namespace: first, pod: rest.join('/') };
}

function agreed(all: readonly Texts[]): Texts {
  const [first = {}, ...others] = all;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)));
}

/** Longest text: a path of an IAM role alone may have 512 characters. Source: IAM user guide, "IAM and AWS STS quotas". */
const longest = 640;

function bounded(texts: Texts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, value]) => {
      if (value === undefined || value === '') return [];
      // What is cut ends in a character that no name has: no command will be made of it.
      return [[name, value.length <= longest ? value : `${value.slice(0, longest - 1)}…`]];
    }),
  );
}

function tidy(who: Texts | undefined, where: Texts): Scene {
  // Sessions of one role have a name each, and the role in common.
  const somebody = bounded({ ...who, name: who?.['name'] ?? who?.['principal'] });
  const place = bounded(where);
  return {
    ...(somebody['kind'] === undefined || somebody['name'] === undefined ? {} : { who: somebody as unknown as Who }),
    ...(Object.keys(place).length === 0 ? {} : { where: place }),
  };
}
