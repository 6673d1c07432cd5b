import type { ApiEvent } from '../model/api.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Deed, Thing } from '../model/deed.ts';
import type { Entity } from '../model/entity.ts';
import type { Event } from '../model/event.ts';
import type { Attribution } from '../model/flow.ts';
import { owned } from '../model/writing.ts';
import type { Destination } from '../state/ledger-pair.ts';

/** Who touched what, as an event tells it; absent where it tells of nobody. */
export function deedOf(event: Event): Deed | undefined {
  switch (event.source) {
    case 'audit':
      return { ...callerOf(event), did: refused(verbOf(event), !event.allowed), to: targetOf(event) };
    case 'authenticator':
      return event.arn === ''
        ? undefined
        : { who: thing('identity', event.arn), did: event.outcome, to: thing('object', 'cluster access') };
    case 'api':
      return { ...callerOf(event), did: refused(event.action, event.error !== ''), to: thing('object', `AWS ${event.service}`) };
    case 'flow':
      return {
        who: endOf(event.from, event.initiator.address, 'address'),
        did: refused(`port ${String(event.port)}`, !event.accepted),
        to: endOf(event.to, event.responder.address, 'outside'),
      };
    case 'intake':
    case 'signal':
    case 'coverage':
      return undefined;
  }
}

/** What a sender sent within an hour, to one destination or to a number of them. */
export function sendingOf(from: Entity, pods: readonly string[], to: Pick<Destination, 'kind' | 'name'>, bytes: number): Deed {
  const [pod] = pods;
  const who = partyOf(from, 'address');
  return {
    who: pods.length === 1 && pod !== undefined ? { ...who, pod } : who,
    did: 'sent',
    to: partyOf(to, 'outside'),
    bytes,
  };
}

/** Longest name: those of objects and identities are shorter, and a picture shows less. */
const longestName = 300;

function thing(kind: Thing['kind'], name: string): Thing {
  return { kind, name: name.length <= longestName ? owned(name) : `${owned(name.slice(0, longestName - 1))}…` };
}

function refused(did: string, isRefused: boolean): string {
  return isRefused ? `${did}, refused` : owned(did);
}

function callerOf({ actor, origin }: AuditEvent | ApiEvent): Pick<Deed, 'who' | 'from'> {
  return { who: thing('identity', actor.name), ...(origin.address === '' ? {} : { from: owned(origin.address) }) };
}

function verbOf({ verb, target: { subresource } }: AuditEvent): string {
  return subresource === '' || subresource === 'status' ? verb : subresource;
}

function targetOf({ target: { resource, namespace }, name, uri }: AuditEvent): Thing {
  if (resource === '') return thing('object', uri.split('?', 1)[0] ?? '');
  if (resource === 'nodes' && name !== '') return thing('node', name);
  const prefix = namespace === '' || resource === 'namespaces' ? '' : `${namespace}/`;
  if (resource === 'pods' && name !== '') return thing('pod', `${prefix}${name}`);
  return thing('object', `${prefix}${resource}${name === '' ? '' : `/${name}`}`);
}

/** An end of traffic: what is known to belong to the cluster, else what is at that end. */
function partyOf({ kind, name }: Pick<Destination, 'kind' | 'name'>, otherwise: 'address' | 'outside'): Thing {
  return thing(kind === 'workload' || kind === 'node' ? kind : otherwise, name);
}

/** Who had an address; the address itself where nobody is known to. */
function endOf({ entity, namespace, pod }: Attribution, address: string, otherwise: 'address' | 'outside'): Thing {
  const end = partyOf(entity, otherwise);
  return end.kind === otherwise ? end : { ...end, address, ...(pod === '' ? {} : { pod: `${namespace}/${pod}` }) };
}
