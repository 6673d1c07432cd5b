import { type JsonObject, at, list, object, text } from './json.ts';

/** Where a container stands in a pod. */
export type ContainerRole = 'container' | 'init' | 'ephemeral';

/** One container as declared. */
export interface Container {
  readonly role: ContainerRole;
  readonly name: string;
  readonly image: string;
  /** `command` and `args` in order. */
  readonly command: readonly string[];
  readonly raw: JsonObject;
}

/** A pod as declared, wherever the declaration stands. */
export interface PodSpec {
  readonly raw: JsonObject;
  readonly containers: readonly Container[];
  /** Of the pod or the template, not of the object that holds the template. */
  readonly annotations: JsonObject;
}

const containerLists = [
  ['container', 'containers'],
  ['init', 'initContainers'],
  ['ephemeral', 'ephemeralContainers'],
] as const;

const templated: ReadonlySet<string> = new Set([
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
]);

/** Resources whose objects hold a pod spec. */
export const podBearing: readonly string[] = ['pods', ...templated, 'cronjobs', 'podtemplates'];

/** Resources that make pods: a person writes these, a controller writes the pods. */
export const workloadResources: readonly string[] = podBearing.filter((resource) => resource !== 'pods');

/** The pod spec inside an object of a resource, if there is one. */
export function podSpecOf(resource: string, body: unknown): PodSpec | undefined {
  const path = specPath(resource);
  if (path === undefined) return undefined;
  const raw = object(at(body, ...path));
  if (raw === undefined) return undefined;
  const containers = containerLists.flatMap(([role, key]) =>
    list(raw[key]).flatMap((member) => {
      const container = object(member);
      return container === undefined ? [] : [containerOf(role, container)];
    }),
  );
  return { raw, containers, annotations: object(at(body, ...path.slice(0, -1), 'metadata', 'annotations')) ?? {} };
}

function specPath(resource: string): readonly string[] | undefined {
  if (resource === 'pods') return ['spec'];
  if (resource === 'cronjobs') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  if (resource === 'podtemplates') return ['template', 'spec'];
  return templated.has(resource) ? ['spec', 'template', 'spec'] : undefined;
}

function containerOf(role: ContainerRole, raw: JsonObject): Container {
  return {
    role,
    name: text(raw['name']) ?? '',
    image: text(raw['image']) ?? '',
    command: [...list(raw['command']), ...list(raw['args'])].filter((part) => typeof part === 'string'),
    raw,
  };
}
