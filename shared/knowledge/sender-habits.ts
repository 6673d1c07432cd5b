import { destinationOf } from '../model/destination.ts';
import type { Entity } from '../model/entity.ts';
import type { FlowEvent } from '../model/flow.ts';
import { seenSet } from '../state/seen-set.ts';
import { maySendOn } from './sender.ts';

/** Traffic that stays inside keeps a sender's memory of age, so that its first destination outside is judged. */
export const inside = 'inside';

/** Days that what a sender does is remembered. */
export const rememberedDays = 30;

/**
 * Addresses that stand for groups of receivers, and the broadcast address: nobody outside is there.
 * Source: RFC 5771, RFC 4291 section 2.7, RFC 919.
 */
const forMany = /^(?:22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff[0-9a-f]{2}:/i;

/** Whether traffic leaves for the internet or a service of AWS. */
export function goesOut({ responder: { reach, address } }: FlowEvent): boolean {
  return (reach === 'public' || reach === 'aws') && !forMany.test(address);
}

/** Where traffic goes, as a habit of its sender. */
export function outsideHabit(event: FlowEvent): string {
  return goesOut(event) ? destinationOf(event.responder) : inside;
}

/** Nodes and unknown senders come and go, and any pod may run on any node: they share one habit. */
export function senderKey({ from }: FlowEvent): readonly string[] {
  return from.basis === 'pod' ? ['workload', from.entity.id] : [from.basis];
}

/** The same as one text. */
export function senderName({ from }: FlowEvent): string {
  return from.basis === 'pod' ? `workload ${from.entity.id}` : from.basis;
}

/** A sender and where it goes. Nearly all stay inside: of them no text is made anew, for this is asked of every conversation. */
export function senderAndHabit(event: FlowEvent): string {
  const { basis, entity } = event.from;
  if (goesOut(event)) return `${senderName(event)} ${outsideHabit(event)}`;
  if (basis !== 'pod') return stayingInside[basis];
  let text = workloadsInside.get(entity);
  if (text === undefined) workloadsInside.set(entity, (text = `${senderName(event)} ${inside}`));
  return text;
}

const stayingInside = { node: `node ${inside}`, gateway: `gateway ${inside}`, interface: `interface ${inside}` };
const workloadsInside = new WeakMap<Entity, string>();

/** Destinations outside of each sender. */
export const destinations = seenSet({
  id: 'external-destinations',
  key: senderKey,
  member: outsideHabit,
  days: rememberedDays,
  warmUpDays: 3,
});

/** Destinations outside of all senders. A gateway sends again, under its own address, what others sent: it must not vouch for them. */
export const destinationsOfAll = seenSet({
  id: 'external-destinations-of-all',
  key: ({ from }: FlowEvent) => (maySendOn(from) ? undefined : []),
  member: outsideHabit,
  days: rememberedDays,
  warmUpDays: 3,
});

/** How long flows have been watched here: what is rare has no memory of its own that could tell, and at first everything is new. */
export const watched = seenSet({
  id: 'flows-watched',
  key: () => [],
  member: () => 'flows',
  days: rememberedDays,
  warmUpDays: 3,
  ofThePlace: true,
});
