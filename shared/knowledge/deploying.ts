import { callerId } from '../detect/habits.ts';
import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';
import { type SeenSet, type SeenView, seenSet } from '../state/seen-set.ts';
import { imageReference } from './image.ts';
import { networkUsed } from './origin.ts';
import { broughtContainers, deployerOf, isControllersCopy, mentionsImage } from './pod-changes.ts';

/** Everybody who writes workloads otherwise keeps the memory's age. */
const others = 'others';

/** A workload's images are sent by somebody who is no part of the cluster. Whoever only starts bare pods is no deployer. */
const deploys = (event: AuditEvent): boolean =>
  event.allowed && !isControlPlane(event.actor) && event.target.resource !== 'pods' && mentionsImage(event.request);

const handSet = (name: string, member: (event: AuditEvent) => string): SeenSet<AuditEvent> =>
  seenSet({
    id: `deploying-${name}`,
    key: () => [],
    member: (event) => (deploys(event) ? member(event) : others),
    days: 60,
    warmUpDays: 3,
  });

/** Who deploys workloads in this cluster at all: callers, and the roles whose sessions they are. */
export const deployingHands = {
  handCallers: handSet('callers', ({ actor }) => callerId(actor)),
  handRoles: handSet('roles', ({ actor }) => deployerOf(actor)),
};

/** From which networks anybody deploys. */
export const deployingNetworks = handSet('networks', networkUsed);

/** Which roles deploy in a namespace. Not the namespace's customs: pods that controllers make teach this, too. */
export const deployingPlaces: SeenSet<AuditEvent> = seenSet({
  id: 'deploying-places',
  key: ({ target }) => [target.namespace],
  member: (event) => (deploys(event) ? deployerOf(event.actor) : others),
  days: 60,
  warmUpDays: 3,
});

/** What a caller is to the deployments of this cluster. */
export type Hand = 'known' | 'colleague' | 'stranger' | 'unknown';

/** Whether a caller deployed before, or another session of its role; unknown while the cluster is young. */
export function handOf(
  { actor }: AuditEvent,
  { handCallers, handRoles }: { readonly handCallers: SeenView; readonly handRoles: SeenView },
): Hand {
  if (handCallers.has(callerId(actor))) return 'known';
  if (handCallers.learning) return 'unknown';
  return handRoles.has(deployerOf(actor)) ? 'colleague' : 'stranger';
}

/** A hand in words, after a caller's name. */
export const handText: Readonly<Record<Hand, string>> = {
  known: 'who deploys here',
  colleague: 'who never deployed here, though others of the role did',
  stranger: 'who never deployed here',
  unknown: 'of whom nothing is known yet',
};

/** Who published the images that an event brings, each once. */
function publishersIn(event: AuditEvent): readonly string[] {
  let known = publishers.get(event);
  if (known === undefined) {
    const all = broughtContainers(event).flatMap(({ image }) => (image === '' ? [] : [imageReference(image).publisher]));
    publishers.set(event, (known = [...new Set(all)].sort()));
  }
  return known;
}

/** Several detections and memories ask the same of each event. */
const publishers = new WeakMap<AuditEvent, readonly string[]>();

/** What a controller makes on the way from a workload to its pods shows nothing that neither of them shows. */
const showsWhatRuns = (event: AuditEvent): boolean => event.target.resource === 'pods' || !isControllersCopy(event);

const publisherSet = (id: string, place: (event: AuditEvent) => readonly string[]): SeenSet<AuditEvent> =>
  seenSet({
    id,
    key: (event) => (event.allowed && !event.dryRun && showsWhatRuns(event) ? place(event) : undefined),
    member: (event) => publishersIn(event).join(' '),
    days: 90,
    warmUpDays: 3,
  });

/** Whose images the cluster runs: declared by hand, and seen in the pods that controllers make. */
export const clusterPublishers = publisherSet('image-publishers', () => []);

/** Whose images the workloads of a namespace have. */
export const namespacePublishers = publisherSet('namespace-publishers', ({ target }) => [target.namespace]);

/** Publishers looked at: more than any cluster has. */
const mostMembers = 2_000;

/** Publishers of an event's images from whom nothing came before; none while nobody knows. */
export function newPublishers(event: AuditEvent, known: SeenView): readonly string[] {
  const own = publishersIn(event);
  if (known.learning || own.length === 0 || known.has(own.join(' '))) return [];
  const all = new Set(known.some(mostMembers).flatMap((member) => member.split(' ')));
  return own.filter((publisher) => !all.has(publisher));
}

/** Whether a pod that a controller makes tells which images run. */
export function isCopiedPod(event: AuditEvent): boolean {
  return event.verb === 'create' && event.target.resource === 'pods' && event.allowed && isControllersCopy(event);
}

/** Whether deployments are this caller's declared work. */
export function isAppointed(event: AuditEvent): boolean {
  return event.hasDuty('deployer') || event.hasDuty('administrator');
}
