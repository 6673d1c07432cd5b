import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, list, number, object, text, texts } from '../model/json.ts';
import type { Container, PodSpec } from '../model/pod-spec.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { objectKey } from './pod-changes.ts';
import { containerText } from './pod-trait.ts';

/*
 * What keeps a container from its node beyond the walls that all have. Sources: Kubernetes Pod Security Standards,
 * "Restricted" and "Baseline"; Kubernetes API reference, SecurityContext and PodSecurityContext.
 */

/** A container's own setting, or else its pod's. */
function setting(pod: PodSpec, container: Container, ...path: readonly string[]): unknown {
  return at(container.raw, 'securityContext', ...path) ?? at(pod.raw, 'securityContext', ...path);
}

/** One thing that protects a container, by name, and whether it is in force. */
type Guard = readonly [name: string, inForce: (pod: PodSpec, container: Container) => boolean];

const guards: readonly Guard[] = [
  ['no more rights than it starts with', (_, { raw }) => at(raw, 'securityContext', 'allowPrivilegeEscalation') === false],
  ['a user that is not root', (pod, container) => isNotRoot(pod, container)],
  ['a root file system that cannot be written', (_, { raw }) => at(raw, 'securityContext', 'readOnlyRootFilesystem') === true],
  [
    'no capabilities',
    (_, { raw }) => texts(at(raw, 'securityContext', 'capabilities', 'drop')).some((name) => name.toUpperCase() === 'ALL'),
  ],
  [
    'a seccomp profile',
    (pod, container) => /^(?:RuntimeDefault|Localhost)$/.test(text(setting(pod, container, 'seccompProfile', 'type')) ?? ''),
  ],
  ['a user namespace of its own', ({ raw }) => raw['hostUsers'] === false],
  ['no token of its account', ({ raw }) => raw['automountServiceAccountToken'] === false],
];

function isNotRoot(pod: PodSpec, container: Container): boolean {
  return setting(pod, container, 'runAsNonRoot') === true || (number(setting(pod, container, 'runAsUser')) ?? 0) > 0;
}

/** A guard that all containers have, taken away by a word. */
type Weakness = readonly [words: string, present: (pod: PodSpec, container: Container) => boolean];

const weaknesses: readonly Weakness[] = [
  ['all of /proc in view', (_, { raw }) => at(raw, 'securityContext', 'procMount') === 'Unmasked'],
  ['no seccomp filter at all', (pod, container) => setting(pod, container, 'seccompProfile', 'type') === 'Unconfined'],
  [
    'no AppArmor profile at all',
    (pod, container) => setting(pod, container, 'appArmorProfile', 'type') === 'Unconfined' || isOldUnconfined(pod, container),
  ],
  [
    'an SELinux type that may do everything',
    (pod, container) => /^(?:spc_t|unconfined_t)$/.test(text(setting(pod, container, 'seLinuxOptions', 'type')) ?? ''),
  ],
  ['kernel settings that reach beyond the pod', (pod) => unsafeSysctls(pod).length > 0],
  ['the processes of its neighbours in view', ({ raw }) => raw['shareProcessNamespace'] === true],
  ['a root user asked for', (pod, container) => setting(pod, container, 'runAsUser') === 0],
  ['more rights than it starts with allowed', (_, { raw }) => at(raw, 'securityContext', 'allowPrivilegeEscalation') === true],
];

/** What even a first version is remarked for: nobody needs it without knowing so. */
const remarkable: ReadonlySet<string> = new Set(weaknesses.slice(0, 5).map(([words]) => words));

/** How profiles were declared before there were fields for them. Source: Kubernetes documentation, "Restrict a Container's Access to Resources with AppArmor". */
function isOldUnconfined({ annotations }: PodSpec, { name }: Container): boolean {
  return at(annotations, `container.apparmor.security.beta.kubernetes.io/${name}`) === 'unconfined';
}

/** Source: Kubernetes documentation, "Using sysctls in a Kubernetes Cluster", safe and unsafe sysctls. */
const safeSysctls =
  /^(?:kernel\.shm_rmid_forced|net\.ipv4\.(?:ip_local_port_range|tcp_syncookies|ping_group_range|ip_unprivileged_port_start|ip_local_reserved_ports|tcp_keepalive_time|tcp_fin_timeout|tcp_keepalive_intvl|tcp_keepalive_probes|tcp_rmem|tcp_wmem))$/;

function unsafeSysctls({ raw }: PodSpec): readonly string[] {
  return list(at(raw, 'securityContext', 'sysctls')).flatMap((sysctl) => {
    const name = text(at(sysctl, 'name'))?.replaceAll('/', '.');
    return name === undefined || safeSysctls.test(name) ? [] : [name];
  });
}

/** What is remembered of a workload's containers. */
export const knownHardening: Snapshot<AuditEvent> = snapshot({
  id: 'pod-hardening',
  key: objectKey,
  value: ({ pod, allowed, dryRun }) =>
    pod === undefined || !allowed || dryRun ? undefined : Object.fromEntries(pod.containers.map((one) => [one.name, stateOf(pod, one)])),
});

function stateOf(pod: PodSpec, container: Container): JsonObject {
  return {
    guards: guards.filter(([, inForce]) => inForce(pod, container)).map(([name]) => name),
    weak: weaknesses.filter(([, present]) => present(pod, container)).map(([words]) => words),
  };
}

/** One thing that a container lost. */
export interface Loss {
  readonly words: string;
  /** Somebody said so by a word that has no other use. */
  readonly blatant: boolean;
}

/** What containers lost against the version before; of those that are new, what is remarkable by itself. */
export function lossesOf(pod: PodSpec, containers: readonly Container[], previous: JsonObject | undefined): readonly Loss[] {
  return containers.flatMap((container) => {
    const before = object(at(previous, container.name));
    const now = stateOf(pod, container);
    const held = new Set(texts(now['guards']));
    const weak = new Set(texts(before?.['weak']));
    const lost = texts(before?.['guards']).filter((name) => !held.has(name));
    const gained = texts(now['weak']).filter((words) => !weak.has(words) && (before !== undefined || remarkable.has(words)));
    const where = containerText(container);
    return [
      ...gained.map((words) => ({ words: `${words} in ${where}`, blatant: remarkable.has(words) })),
      ...lost.map((name) => ({ words: `${name} no longer asked for in ${where}`, blatant: false })),
    ];
  });
}
