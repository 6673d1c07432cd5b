import type { Severity } from '../model/finding.ts';
import { at, texts } from '../model/json.ts';
import type { Container, PodSpec } from '../model/pod-spec.ts';
import { containerText, type PodTrait } from './pod-trait.ts';

interface Capability {
  /** After "which". */
  readonly gives: string;
  readonly severity: Severity;
  /** Graver in a pod that shares this with its node. */
  readonly shared?: readonly ['hostPID' | 'hostNetwork', Severity];
}

/**
 * Capabilities beyond those a container has anyway: whoever drops all and adds one of the runtime's own (`NET_RAW`,
 * `SETUID`, `MKNOD`, `SYS_CHROOT`, `DAC_OVERRIDE`, …) has less than everybody. Sources: capabilities(7); Kubernetes Pod
 * Security Standards, "Baseline"; containerd, `oci/spec.go`, default capabilities; MITRE ATT&CK T1611.
 */
const capabilities: ReadonlyMap<string, Capability> = new Map<string, Capability>([
  ['ALL', { gives: 'is every right of root on its node', severity: 'high' }],
  ['SYS_ADMIN', { gives: 'mounts, enters namespaces and is root on its node', severity: 'high' }],
  ['SYS_MODULE', { gives: 'loads modules into the kernel of its node', severity: 'high' }],
  ['SYS_RAWIO', { gives: 'reads and writes the devices of its node', severity: 'high' }],
  ['DAC_READ_SEARCH', { gives: 'opens any file of its node by handle', severity: 'high' }],
  ['SYS_PTRACE', { gives: 'reads the memory of every process it sees', severity: 'low', shared: ['hostPID', 'high'] }],
  ['BPF', { gives: 'loads programs into the kernel of its node', severity: 'medium' }],
  ['PERFMON', { gives: 'watches the kernel and every process of its node', severity: 'medium' }],
  ['SYS_BOOT', { gives: 'restarts its node or replaces the kernel', severity: 'medium' }],
  ['MAC_ADMIN', { gives: 'changes the mandatory access control of its node', severity: 'medium' }],
  ['MAC_OVERRIDE', { gives: 'ignores the mandatory access control of its node', severity: 'medium' }],
  ['SYSLOG', { gives: 'reads the messages of the kernel', severity: 'low' }],
  ['SYS_TIME', { gives: 'sets the clock of its node', severity: 'low' }],
  ['NET_ADMIN', { gives: 'changes addresses, routes and filters', severity: 'low', shared: ['hostNetwork', 'medium'] }],
]);

/** What a container adds, without the prefix and in capitals, as container runtimes read it. */
export function addedCapabilities({ raw }: Container): readonly string[] {
  const added = texts(at(raw, 'securityContext', 'capabilities', 'add'));
  return [...new Set(added.map((name) => name.trim().toUpperCase().replace(/^CAP_/, '')))];
}

/** The dangerous capabilities that containers add. */
export function capabilityTraits(
  pod: PodSpec,
  containers: readonly Container[],
  isPrivileged: (container: Container) => boolean,
): readonly PodTrait[] {
  return containers.flatMap((container) =>
    addedCapabilities(container).flatMap((name): readonly PodTrait[] => {
      const known = capabilities.get(name);
      if (known === undefined) return [];
      const [shared, graver] = known.shared ?? [];
      const severity = shared !== undefined && graver !== undefined && pod.raw[shared] === true ? graver : known.severity;
      return [
        {
          kind: 'capability',
          id: `capability ${container.role} ${container.name} ${name} ${severity}`,
          severity,
          words: `capability ${name} for ${containerText(container)}, which ${known.gives}`,
          ...(isPrivileged(container) ? { implied: true as const } : {}),
        },
      ];
    }),
  );
}
