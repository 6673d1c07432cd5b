import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Actor, Entity } from '../model/entity.ts';
import { type JsonObject, at, list, number, object, text, texts } from '../model/json.ts';
import { type Container, podBearing, workloadResources } from '../model/pod-spec.ts';
import { type SeenSet, seenSet } from '../state/seen-set.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import type { PodTrait } from './pod-trait.ts';
import { allTraits, lookedForFirst, lookedForNow } from './pod-traits.ts';
import { withoutGeneratedSuffix } from './spawner.ts';

/** Writes that declare a pod: of pods themselves, of ephemeral containers, and of everything that makes pods. */
export const podWrites = {
  verbs: ['create', 'update', 'patch'],
  resources: [...podBearing, 'pods/ephemeralcontainers'],
};

/** Writes of objects that make pods. */
export const workloadWrites = { verbs: ['create', 'update', 'patch'], resources: workloadResources };

/**
 * Whether an event declares containers that nobody was judged for yet: done or refused, but no dry run. The fields
 * that matter are fixed once a pod exists, so of pods only the creation counts, and of ephemeral containers all writes.
 */
export function declaresContainers(event: AuditEvent): boolean {
  let declares = declaring.get(event);
  if (declares === undefined) declaring.set(event, (declares = isDeclaration(event)));
  return declares;
}

/** Several detections ask the same of each event. */
const declaring = new WeakMap<AuditEvent, boolean>();

function isDeclaration(event: AuditEvent): boolean {
  const { resource, subresource } = event.target;
  if (event.dryRun || !(event.allowed || event.outcome === 'forbidden')) return false;
  if (resource === 'pods' && subresource === '' && !isCreation(event)) return false;
  // Metadata tells a controller's copy, of which there are most, without reading the spec.
  return !isControllersCopy(event) && event.pod !== undefined && !isMirrorPod(event);
}

/** Whether an event changed or created an object that makes pods. */
export function declaresWorkload(event: AuditEvent): boolean {
  return event.allowed && !event.dryRun && !isControllersCopy(event) && event.pod !== undefined;
}

/** Kinds whose controllers copy a template; the template's author is on the event that wrote it. */
const copiedFrom: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'DaemonSet',
  'StatefulSet',
  'Job',
  'CronJob',
  'ReplicationController',
]);

/** A controller of the cluster making what a workload declares. Nobody else's word about owners is taken. */
export function isControllersCopy(event: AuditEvent): boolean {
  return controllerOf(event) !== undefined;
}

/** A controller making a pod for a workload, or one whose event was cut, so that nobody can tell for whom. */
export function isControllersPod(event: AuditEvent): boolean {
  return isControllersCopy(event) || (event.metadata === undefined && isControlPlane(event.actor));
}

function controllerOf(event: AuditEvent): Controller | undefined {
  if (!isControlPlane(event.actor)) return undefined;
  let known = controllers.get(event);
  if (known === undefined) controllers.set(event, (known = controllerIn(event) ?? null));
  return known ?? undefined;
}

/** What a controller makes an object for. */
interface Controller {
  readonly kind: string;
  readonly name: string;
}

/** Several detections ask the same of each event. */
const controllers = new WeakMap<AuditEvent, Controller | null>();

function controllerIn(event: AuditEvent): Controller | undefined {
  const owner = list(event.metadata?.['ownerReferences']).find((reference) => at(reference, 'controller') === true);
  const [kind = '', name = ''] = [text(at(owner, 'kind')), text(at(owner, 'name'))];
  return copiedFrom.has(kind) ? { kind, name } : undefined;
}

/** A node showing a static pod that its kubelet runs already. NodeRestriction lets a node do so for itself only. */
function isMirrorPod(event: AuditEvent): boolean {
  const annotations = object(event.metadata?.['annotations']);
  const node = text(event.pod?.raw['nodeName']);
  return (
    event.actor.type === 'node' &&
    event.actor.id === `system:node:${node ?? ''}` &&
    annotations?.['kubernetes.io/config.mirror'] !== undefined
  );
}

/** The containers that an event brings: ephemeral ones are written alone. */
export function broughtContainers(event: AuditEvent): readonly Container[] {
  const all = event.pod?.containers ?? [];
  return event.target.subresource === 'ephemeralcontainers' ? all.filter(({ role }) => role === 'ephemeral') : all;
}

/** What is remarkable about the pod that an event declares. Several detections ask the same of each event. */
export function traitsOf(event: AuditEvent): readonly PodTrait[] {
  let known = traits.get(event);
  if (known === undefined) {
    const { pod, target, metadata } = event;
    known = pod === undefined ? [] : allTraits(pod, broughtContainers(event), target.namespace, object(metadata?.['annotations']));
    traits.set(event, known);
  }
  return known;
}

const traits = new WeakMap<AuditEvent, readonly PodTrait[]>();

/** The object that declares the containers, in words: `deployment shop/checkout`. */
export function declaredName(event: AuditEvent): string {
  const { resource, namespace } = event.target;
  return `${resource.replace(/s$/, '')} ${[namespace, event.name].filter(Boolean).join('/')}`;
}

/** Whom a finding about a declaration is about: the workload; for a bare pod, whose names never repeat, its maker. */
export function declarerOf(event: AuditEvent): Entity {
  const { resource, namespace } = event.target;
  if (resource === 'pods') return event.actor;
  const path = `${namespace}/${resource.replace(/s$/, '')}/${event.name}`;
  return { kind: 'workload', id: path, name: path };
}

/**
 * Named and not by uid: an object that is deleted and made again is compared with what it was. What controllers make has
 * a new name each time, and is compared with nothing.
 */
export function objectKey(event: AuditEvent): readonly string[] | undefined {
  const { resource, subresource, namespace } = event.target;
  if (resource === 'pods' || subresource !== '' || isControllersCopy(event) || event.name === '') return undefined;
  return [resource, namespace, event.name];
}

/** One container of a template version. */
export interface KnownContainer {
  readonly name: string;
  readonly image: string;
  readonly limits: Readonly<Record<string, string>>;
}

/** The newest versions of every workload's template, shared by all detections that compare them. */
export const templates: Snapshot<AuditEvent> = snapshot({ id: 'pod-template', key: objectKey, value: templateOf });

function templateOf(event: AuditEvent): JsonObject | undefined {
  if (event.pod === undefined || !event.allowed || event.dryRun) return undefined;
  return {
    containers: event.pod.containers.map(({ name, image, raw }) => ({ name, image, limits: limitsOf(raw) })),
    access: [...new Set(traitsOf(event).map(({ id }) => id))],
    lookedFor: lookedForNow.length,
  };
}

/** The kinds of trait that a remembered template tells about: a kind that came later, an old one does not know. */
export function traitsLookedFor(remembered: JsonObject): readonly string[] {
  if (!Object.hasOwn(remembered, 'lookedFor')) return lookedForFirst;
  const count = number(remembered['lookedFor']);
  // For a while they were remembered by name.
  return count === undefined ? texts(remembered['lookedFor']) : lookedForNow.slice(0, count);
}

/** The limits of a container by resource, as text. */
export function limitsOf(container: JsonObject): Readonly<Record<string, string>> {
  const limits = object(at(container, 'resources', 'limits')) ?? {};
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
}

/** The containers of a remembered template. */
export function knownContainers(previous: JsonObject): readonly KnownContainer[] {
  return list(previous['containers']).flatMap((member) => {
    const limits = object(at(member, 'limits')) ?? {};
    const texts = Object.fromEntries(Object.entries(limits).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    return [{ name: text(at(member, 'name')) ?? '', image: text(at(member, 'image')) ?? '', limits: texts }];
  });
}

/** All images of a declared pod, as one habit. */
export function imagesOf(event: AuditEvent): string {
  return (event.pod?.containers ?? []).map(({ image }) => image).join(' ');
}

/** Images that a workload's pods ran, also those of pods that controllers made: known long before anybody changes the workload. */
export const runningImages: SeenSet<AuditEvent> = seenSet({
  id: 'workload-images',
  key: (event) => (event.allowed && !event.dryRun ? workloadKey(event) : undefined),
  member: imagesOf,
  days: 60,
  warmUpDays: 0,
  // Whoever sent an image, a controller that makes pods of it would vouch for it too.
  ofThePlace: true,
});

/** A workload by name, for its own event and for the pods that controllers make from it. */
function workloadKey(event: AuditEvent): readonly string[] | undefined {
  const owner = event.target.resource === 'pods' ? controllerOf(event) : undefined;
  if (owner === undefined) return objectKey(event);
  const resource = { ReplicaSet: 'deployments', Job: 'cronjobs' }[owner.kind] ?? `${owner.kind.toLowerCase()}s`;
  return [resource, event.target.namespace, withoutGeneratedSuffix(owner.kind, owner.name)];
}

/** Who deploys a workload: whoever sent its images before, by role where several sessions share one. */
export const deployers: SeenSet<AuditEvent> = seenSet({
  id: 'deployers',
  key: (event) => {
    const key = objectKey(event);
    return key !== undefined && mentionsImage(event.request) ? key : undefined;
  },
  member: (event) => deployerOf(event.actor),
  days: 180,
  warmUpDays: 0,
});

/** Who deploys anything in a namespace: a team's pipeline is no stranger to a workload of the team that it has not released yet. */
export const namespaceDeployers: SeenSet<AuditEvent> = seenSet({
  id: 'namespace-deployers',
  key: (event) => (event.allowed && objectKey(event) !== undefined && mentionsImage(event.request) ? [event.target.namespace] : undefined),
  member: (event) => deployerOf(event.actor),
  days: 90,
  warmUpDays: 0,
});

/** The deployer's lasting identity: pipelines take a new session name for every run. */
export function deployerOf(actor: Actor): string {
  return actor.session !== undefined && actor.id.endsWith(`/${actor.session}`) ? actor.id.slice(0, -actor.session.length - 1) : actor.id;
}

/** Whether a body names images: somebody who labels or scales a workload does not thereby become its deployer. */
export function mentionsImage(body: JsonObject | undefined): boolean {
  if (body === undefined) return false;
  let known = mentioning.get(body);
  if (known === undefined) mentioning.set(body, (known = JSON.stringify(body['spec'] ?? null).includes('"image":')));
  return known;
}

/** Several memories ask the same of each body. */
const mentioning = new WeakMap<JsonObject, boolean>();

/** Whether an event makes its object: a server-side apply does so by `patch`, and tells by its status. */
export function isCreation({ verb, code }: AuditEvent): boolean {
  return verb === 'create' || code === 201;
}

/** What the caller did to the object, before its name. */
export function deedText(event: AuditEvent): string {
  const [done, infinitive] =
    event.target.subresource === 'ephemeralcontainers'
      ? ['debugged', 'debug']
      : isCreation(event)
        ? ['created', 'create']
        : ['changed', 'change'];
  return event.allowed ? done : `was refused when trying to ${infinitive}`;
}
