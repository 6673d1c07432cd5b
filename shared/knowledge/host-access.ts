import type { Severity } from '../model/finding.ts';
import { at, list, object, text } from '../model/json.ts';
import type { Container, PodSpec } from '../model/pod-spec.ts';
import { hostPath, hostPathDanger, isRuntimeSocket } from './host-paths.ts';
import { shorten } from './shorten.ts';

/** Ways in which a pod reaches its node. */
export type HostAccessKind = 'privileged' | 'host-path' | 'runtime-socket' | 'host-network' | 'host-pid' | 'host-ipc';

/** One way in which one pod reaches its node. */
export interface HostAccess {
  readonly kind: HostAccessKind;
  /** Equal in two versions of a template where nothing about it changed. */
  readonly id: string;
  readonly severity: Severity;
  /** After "with". */
  readonly words: string;
}

/** Every way in which a pod reaches its node, by the containers in question. Odd members hide nothing beside them. */
export function hostAccessesOf(pod: PodSpec, containers: readonly Container[]): readonly HostAccess[] {
  // What the pod had before a debug container came is not the debug container's doing.
  const debug = containers.length > 0 && containers.every(({ role }) => role === 'ephemeral');
  return [...privileged(pod, containers), ...volumes(pod, containers, debug), ...(debug ? [] : namespaces(pod))];
}

function privileged(pod: PodSpec, containers: readonly Container[]): readonly HostAccess[] {
  return containers
    .filter((container) => isPrivileged(pod, container))
    .map(({ role, name, image }) => ({
      kind: 'privileged',
      id: `privileged ${role} ${name}`,
      severity: 'high',
      words: `privileged ${role === 'container' ? '' : `${role} `}container ${shorten(name)} of image ${shorten(image)}, which has all rights of root on its node`,
    }));
}

/** On Windows a HostProcess container is what a privileged one is on Linux. Source: Kubernetes documentation, "Create a Windows HostProcess Pod". */
function isPrivileged(pod: PodSpec, { raw }: Container): boolean {
  if (at(raw, 'securityContext', 'privileged') === true) return true;
  const own = at(raw, 'securityContext', 'windowsOptions', 'hostProcess');
  return own === true || (own === undefined && at(pod.raw, 'securityContext', 'windowsOptions', 'hostProcess') === true);
}

function volumes(pod: PodSpec, containers: readonly Container[], mountedOnly: boolean): readonly HostAccess[] {
  return list(pod.raw['volumes']).flatMap((volume): readonly HostAccess[] => {
    const path = text(at(volume, 'hostPath', 'path'));
    const name = text(at(volume, 'name')) ?? '';
    const mounts = containers.flatMap(({ raw }) => list(raw['volumeMounts'])).filter((mount) => at(mount, 'name') === name);
    if (path === undefined || (mountedOnly && mounts.length === 0)) return [];
    // A volume that nobody mounts yet can be mounted later: only mounts can make it read-only.
    const readOnly = mounts.length > 0 && mounts.every((mount) => at(mount, 'readOnly') === true);
    const id = `${hostPath(path)} ${readOnly ? 'ro' : 'rw'}`;
    const shown = `${shorten(path)} of the node mounted ${readOnly ? 'read-only' : 'writable'}`;
    if (isRuntimeSocket(path))
      return [
        {
          kind: 'runtime-socket',
          id: `socket ${id}`,
          severity: 'high',
          words: `${shown}, which starts containers that Kubernetes never sees`,
        },
      ];
    const danger = hostPathDanger(path, readOnly);
    return danger === undefined
      ? []
      : [{ kind: 'host-path', id: `path ${id}`, severity: danger.severity, words: `${shown}, which ${danger.gives}` }];
  });
}

const sharedNamespaces = [
  [
    'hostNetwork',
    'host-network',
    'medium',
    'the network of the node, past NetworkPolicies and the hop limit of the instance metadata service',
  ],
  ['hostPID', 'host-pid', 'medium', 'the processes of the node in view'],
  ['hostIPC', 'host-ipc', 'medium', 'the shared memory of the node'],
] as const;

function namespaces(pod: PodSpec): readonly HostAccess[] {
  return sharedNamespaces.flatMap(([field, kind, severity, words]): readonly HostAccess[] => {
    if (pod.raw[field] !== true) return [];
    // Whoever sees the node's processes and may trace or enter them has the node.
    const entered = kind === 'host-pid' && pod.containers.some((container) => isPrivileged(pod, container) || mayTrace(container));
    return [{ kind, id: kind, severity: entered ? 'high' : severity, words: entered ? `${words} and the rights to enter them` : words }];
  });
}

function mayTrace({ raw }: Container): boolean {
  const added = list(at(object(raw['securityContext']), 'capabilities', 'add'));
  return added.some((capability) => typeof capability === 'string' && /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_PTRACE)$/i.test(capability));
}
