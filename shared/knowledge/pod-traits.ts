import type { JsonObject } from '../model/json.ts';
import type { Container, PodSpec } from '../model/pod-spec.ts';
import { credentialTraits } from './exposed-credentials.ts';
import { hostAccessesOf } from './host-access.ts';
import { commandTraits } from './offensive-command.ts';
import { imageTraits } from './offensive-image.ts';
import { accountTraits, pinningTraits } from './placement.ts';
import type { PodTrait, TraitKind } from './pod-trait.ts';

/** Kinds that templates were remembered with before they told which. */
export const lookedForFirst: readonly TraitKind[] = ['privileged', 'host-path', 'runtime-socket', 'host-network', 'host-pid', 'host-ipc'];

/**
 * Kinds that are remembered with a template now. A new kind belongs here, or every workload that has it alerts for ever; and at the end,
 * for a template tells only how many of these it was looked through for.
 */
export const lookedForNow: readonly TraitKind[] = [
  ...lookedForFirst,
  'capability',
  'host-port',
  'offensive-image',
  'offensive-command',
  'credential',
  'pinned',
  'controller-account',
];

/** Everything remarkable about a pod, by the containers in question. Odd members hide nothing beside them. */
export function allTraits(
  pod: PodSpec,
  containers: readonly Container[],
  namespace: string,
  annotations: JsonObject | undefined,
): readonly PodTrait[] {
  // What the pod had before a debug container came is not the debug container's doing.
  const debug = containers.length > 0 && containers.every(({ role }) => role === 'ephemeral');
  return [
    ...hostAccessesOf(pod, containers),
    ...imageTraits(containers),
    ...commandTraits(containers),
    ...credentialTraits(containers, debug ? [] : [pod.annotations, annotations ?? {}]),
    ...(debug ? [] : [...pinningTraits(pod), ...accountTraits(pod, namespace)]),
  ];
}
