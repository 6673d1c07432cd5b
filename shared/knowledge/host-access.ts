import { at, list, number, text } from '../model/json.ts';
import type { Container, PodSpec } from '../model/pod-spec.ts';
import { addedCapabilities, capabilityTraits } from './capabilities.ts';
import { hostPath, hostPathDanger, isRuntimeSocket } from './host-paths.ts';
import { containerText, type PodTrait } from './pod-trait.ts';
import { shorten } from './shorten.ts';

/** Every way in which a pod reaches its node, by the containers in question. Odd members hide nothing beside them. */
export function hostAccessesOf(pod: PodSpec, containers: readonly Container[]): readonly PodTrait[] {
  // What the pod had before a debug container came is not the debug container's doing.
  const debug = containers.length > 0 && containers.every(({ role }) => role === 'ephemeral');
  return [
    ...privileged(pod, containers),
    ...capabilityTraits(pod, containers, (container) => isPrivileged(pod, container)),
    ...volumes(pod, containers, debug),
    ...(debug ? [] : namespaces(pod)),
    ...hostPorts(pod, containers),
  ];
}

function privileged(pod: PodSpec, containers: readonly Container[]): readonly PodTrait[] {
  return containers
    .filter((container) => isPrivileged(pod, container))
    .map((container) => ({
      kind: 'privileged',
      id: `privileged ${container.role} ${container.name}`,
      severity: 'high',
      words: `privileged ${containerText(container)} of image ${shorten(container.image)}, which has all rights of root on its node`,
    }));
}

/** On Windows a HostProcess container is what a privileged one is on Linux. Source: Kubernetes documentation, "Create a Windows HostProcess Pod". */
function isPrivileged(pod: PodSpec, { raw }: Container): boolean {
  if (at(raw, 'securityContext', 'privileged') === true) return true;
  const own = at(raw, 'securityContext', 'windowsOptions', 'hostProcess');
  return own === true || (own === undefined && at(pod.raw, 'securityContext', 'windowsOptions', 'hostProcess') === true);
}

function volumes(pod: PodSpec, containers: readonly Container[], mountedOnly: boolean): readonly PodTrait[] {
  return list(pod.raw['volumes']).flatMap((volume): readonly PodTrait[] => {
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

function namespaces(pod: PodSpec): readonly PodTrait[] {
  return sharedNamespaces.flatMap(([field, kind, severity, words]): readonly PodTrait[] => {
    if (pod.raw[field] !== true) return [];
    // Whoever sees the node's processes and may trace or enter them has the node.
    const entered = kind === 'host-pid' && pod.containers.some((container) => isPrivileged(pod, container) || mayTrace(container));
    return [{ kind, id: kind, severity: entered ? 'high' : severity, words: entered ? `${words} and the rights to enter them` : words }];
  });
}

function mayTrace(container: Container): boolean {
  return addedCapabilities(container).some((name) => ['ALL', 'SYS_ADMIN', 'SYS_PTRACE'].includes(name));
}

/** In the network of the node every port is one of the node's, and the API server says so in `hostPort` by itself. Source: kubernetes, `pkg/apis/core/v1/defaults.go`. */
function hostPorts(pod: PodSpec, containers: readonly Container[]): readonly PodTrait[] {
  const implied = pod.raw['hostNetwork'] === true ? { implied: true as const } : {};
  return containers.flatMap((container) =>
    list(container.raw['ports']).flatMap((port): readonly PodTrait[] => {
      const opened = number(at(port, 'hostPort')) ?? 0;
      if (opened <= 0) return [];
      const address = text(at(port, 'hostIP')) ?? '';
      const id = `host-port ${address} ${String(opened)}/${text(at(port, 'protocol')) ?? 'TCP'}`;
      const local = /^(?:127\.|::1$)/.test(address);
      const words = `port ${String(opened)} of ${local ? 'the loopback address of ' : ''}its node leading to ${containerText(container)}`;
      return [{ kind: 'host-port', id, severity: local ? 'low' : 'medium', words, ...implied }];
    }),
  );
}
