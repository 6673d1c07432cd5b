import type { AuditEvent } from '../model/audit.ts';
import type { Baseline } from '../model/finding.ts';
import { at, list, text } from '../model/json.ts';
import type { Container } from '../model/pod-spec.ts';
import type { SeenView } from '../state/seen-set.ts';
import type { SnapshotView } from '../state/snapshot.ts';
import { imageReference } from './image.ts';
import { deployerOf, isControllersCopy, type KnownContainer, knownContainers } from './pod-changes.ts';
import { some } from './shorten.ts';

/** What is new in a workload's template against its previous version. */
export interface WorkloadChange {
  readonly changed: readonly { readonly container: Container; readonly before: KnownContainer }[];
  readonly added: readonly Container[];
  readonly before: readonly KnownContainer[];
  /** Whether the caller sent images of this workload before, or of others beside it; unknown while nobody is known to have. */
  readonly hand: 'usual' | 'neighbour' | 'unusual' | 'unknown';
  /** Who the caller is to this workload, for text. */
  readonly caller: string;
  readonly baseline: Baseline;
}

/** What is remembered of a workload when an event changes it. */
interface Past {
  readonly template: SnapshotView;
  readonly deployers: SeenView;
  readonly neighbours?: SeenView;
  readonly images?: SeenView;
}

const callers = {
  usual: 'its usual deployer',
  neighbour: 'who deploys others in its namespace',
  unusual: 'somebody who never deployed it before',
  unknown: 'though nobody is known to deploy it',
} as const;

/** How an event changes a workload; absent while nothing is known of it. */
export function workloadChange(event: AuditEvent, { template, deployers, neighbours, images }: Past): WorkloadChange | undefined {
  if (isControllersCopy(event) || event.pod === undefined) return undefined;
  const known = template.previous === undefined ? undefined : knownContainers(template.previous);
  const before = known ?? [...runningContainers(event), ...seenContainers(images)];
  if (before.length === 0) return undefined;
  const hand = handOf(deployerOf(event.actor), deployers, neighbours);
  const namesakes = new Map(before.map((container) => [container.name, container]));
  const pairs = event.pod.containers.map((container) => ({ container, before: namesakes.get(container.name) }));
  return {
    changed:
      known === undefined
        ? strangers(event.pod.containers, before)
        : pairs.flatMap(({ container, before: old }) =>
            old === undefined || old.image === container.image ? [] : [{ container, before: old }],
          ),
    added: known === undefined ? [] : pairs.flatMap(({ container, before: old }) => (old === undefined ? [container] : [])),
    before,
    hand,
    caller: callers[hand],
    baseline: {
      'previous images': some(
        before.map(({ image }) => image),
        5,
      ),
      'usual deployers': deployers.size === 0 ? 'none known' : some(deployers.some(4), 3),
    },
  };
}

function handOf(deployer: string, deployers: SeenView, neighbours: SeenView | undefined): WorkloadChange['hand'] {
  if (deployers.has(deployer)) return 'usual';
  if (neighbours?.has(deployer) === true) return 'neighbour';
  return deployers.size > 0 ? 'unusual' : 'unknown';
}

/**
 * Containers from a repository that no known image comes from. Names of running containers may be missing, and nodes
 * report an image under any tag they know for it: without a previous version, repositories are all that can be compared.
 */
function strangers(containers: readonly Container[], before: readonly KnownContainer[]): WorkloadChange['changed'] {
  const repositories = new Set(before.map(({ image }) => imageReference(image).repository));
  return containers.flatMap((container) => {
    const old = before.find(({ name }) => name === container.name) ?? before[0];
    return old === undefined || repositories.has(imageReference(container.image).repository) ? [] : [{ container, before: old }];
  });
}

/** Images looked at per workload. */
const mostImages = 50;

function seenContainers(images: SeenView | undefined): readonly KnownContainer[] {
  const members = images?.some(mostImages) ?? [];
  // Long members are kept as hashes only: what they were cannot be compared, and half of the truth would mislead.
  if (members.some((member) => member.startsWith('#'))) return [];
  const all = members.flatMap((member) => member.split(' '));
  return [...new Set(all)].filter(Boolean).map((image) => ({ name: '', image, limits: {} }));
}

/** What the node reports to run in a pod: a write of the pod's spec carries it along. */
function runningContainers(event: AuditEvent): readonly KnownContainer[] {
  if (event.target.resource !== 'pods' || event.verb === 'create') return [];
  return ['containerStatuses', 'initContainerStatuses'].flatMap((field) =>
    list(at(event.response, 'status', field)).flatMap((status) => {
      const image = text(at(status, 'image')) ?? '';
      return image === '' || image.startsWith('sha256:') ? [] : [{ name: text(at(status, 'name')) ?? '', image, limits: {} }];
    }),
  );
}

/** Whether none of a workload's images came from this publisher before. */
export function isNewPublisher(image: string, before: readonly KnownContainer[]): boolean {
  const { publisher } = imageReference(image);
  return !before.some((known) => imageReference(known.image).publisher === publisher);
}
