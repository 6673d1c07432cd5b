import type { Scope } from '../model/base.ts';
import type { Actor, Entity } from '../model/entity.ts';
import type { Event } from '../model/event.ts';
import { digest, memberLength } from '../model/hash.ts';
import { Recent } from '../model/recent.ts';
import { callerId } from './habits.ts';

/** Names made before: most events come from whom a moment ago one came from. */
const known = new Recent<string>(20_000);

/**
 * Who teaches what an event teaches, as a short name that memories hold: the caller, or the workload that opened a
 * connection. By it, what somebody taught can be forgotten. Absent where nobody acts.
 */
export function authorOf(event: Event): string | undefined {
  switch (event.source) {
    case 'audit':
    case 'authenticator':
    case 'api':
      return callerName(event.scope, event.actor);
    case 'flow':
      return authorNamed(event.scope, event.from.entity);
    case 'intake':
    case 'signal':
    case 'coverage':
      return undefined;
  }
}

/** The name under which an entity of a cluster teaches. */
export function authorNamed({ account, region, cluster }: Scope, { kind, id }: Pick<Entity, 'kind' | 'id'>): string {
  const text = `${account}/${region}/${cluster} ${kind} ${id}`;
  let name = known.get(text);
  if (name === undefined) known.set(text, (name = digest(memberLength, [text])));
  return name;
}

/** Sessions that differ in a made-up number are one caller, in habits and here. */
function callerName(scope: Scope, actor: Actor): string {
  return authorNamed(scope, { kind: actor.kind, id: callerId(actor) });
}
