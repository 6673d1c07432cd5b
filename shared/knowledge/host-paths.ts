import { normalisePath } from '../model/shell-text.ts';
import { graver, type Severity } from '../model/finding.ts';

/** What a path of the node gives to a container that mounts it. */
export interface HostPathDanger {
  readonly path: string;
  readonly severity: Severity;
  /** What the container can do with it, after "which". */
  readonly gives: string;
}

interface Place {
  readonly at: string;
  readonly gives: string;
  /** Severity with write access, and with every mount read-only; absent: harmless. */
  readonly writable: Severity;
  readonly readOnly?: Severity;
}

/**
 * Paths of an EKS node; where a directory holds several, the first of the gravest is named. Sources: Kubernetes documentation "Volumes: hostPath"; MITRE ATT&CK
 * T1611; Microsoft threat matrix for Kubernetes, MS-TA9013 "Writable hostPath mount".
 */
const listed: readonly Place[] = [
  { at: '/var/lib/kubelet', gives: 'holds the credentials of the node and of every pod on it', writable: 'high', readOnly: 'high' },
  { at: '/etc/kubernetes', gives: 'holds cluster credentials and static pods', writable: 'high', readOnly: 'high' },
  { at: '/var/lib/kubelet/pods', gives: 'holds the tokens and secrets of every pod on the node', writable: 'high', readOnly: 'high' },
  { at: '/etc/localtime', gives: 'shows the time zone', writable: 'medium' },
  { at: '/etc/timezone', gives: 'shows the time zone', writable: 'medium' },
  { at: '/usr/share/zoneinfo', gives: 'shows the time zone', writable: 'medium' },
  { at: '/etc/ssl/certs', gives: 'decides which certificate authorities the node trusts', writable: 'high' },
  { at: '/etc/pki/ca-trust', gives: 'decides which certificate authorities the node trusts', writable: 'high' },
  { at: '/etc/machine-id', gives: 'identifies the node', writable: 'medium' },
  { at: '/etc/os-release', gives: 'identifies the operating system', writable: 'medium' },
  { at: '/run/xtables.lock', gives: 'serialises changes of the node firewall', writable: 'low' },
  { at: '/lib/modules', gives: 'holds kernel modules', writable: 'high' },
  { at: '/usr/src', gives: 'holds kernel sources', writable: 'high' },
  { at: '/sys/fs/cgroup', gives: 'controls the limits of every container', writable: 'high', readOnly: 'low' },
  { at: '/sys/fs/bpf', gives: 'holds the pinned programs of the network agent', writable: 'high', readOnly: 'low' },
  { at: '/sys', gives: 'steers the kernel', writable: 'high', readOnly: 'low' },
  { at: '/proc', gives: 'shows the memory and environment of every process', writable: 'high', readOnly: 'medium' },
  { at: '/dev', gives: 'reaches the disks of the node', writable: 'high', readOnly: 'high' },
  { at: '/dev/net/tun', gives: 'makes network interfaces', writable: 'medium' },
  { at: '/dev/fuse', gives: 'makes file systems', writable: 'medium' },
  { at: '/dev/shm', gives: 'shares memory with processes of the node', writable: 'low' },
  { at: '/var/log', gives: 'reads node files through symbolic links by way of the kubelet', writable: 'medium', readOnly: 'low' },
  { at: '/var/lib/kubelet/device-plugins', gives: 'registers devices with the kubelet', writable: 'medium', readOnly: 'low' },
  { at: '/var/lib/kubelet/pod-resources', gives: 'shows the devices of every pod', writable: 'low' },
  { at: '/var/lib/containerd', gives: 'holds the file systems of every container', writable: 'high', readOnly: 'high' },
  { at: '/var/lib/docker', gives: 'holds the file systems of every container', writable: 'high', readOnly: 'high' },
  { at: '/var/lib/docker/containers', gives: 'holds the output of every container', writable: 'high', readOnly: 'low' },
  { at: '/var/lib/cloud', gives: 'holds the user data of the instance', writable: 'high', readOnly: 'high' },
  { at: '/var/spool/cron', gives: 'runs commands on the node', writable: 'high', readOnly: 'low' },
  { at: '/etc/cni', gives: 'configures the network of every pod', writable: 'high', readOnly: 'low' },
  { at: '/opt/cni', gives: 'holds programs that the kubelet runs as root', writable: 'high', readOnly: 'low' },
  { at: '/etc', gives: 'holds accounts, passwords and start-up scripts of the node', writable: 'high', readOnly: 'high' },
  { at: '/root', gives: 'holds keys and scripts of root', writable: 'high', readOnly: 'high' },
  { at: '/home', gives: 'holds keys of the accounts of the node', writable: 'high', readOnly: 'high' },
  { at: '/boot', gives: 'holds the kernel', writable: 'high', readOnly: 'low' },
  ...['/usr', '/bin', '/sbin', '/lib', '/lib64', '/opt'].map(
    (at) => ({ at, gives: 'holds programs that the node runs', writable: 'high', readOnly: 'low' }) as const,
  ),
  { at: '/run/systemd', gives: 'commands the services of the node', writable: 'high', readOnly: 'high' },
  { at: '/run/dbus', gives: 'commands the services of the node', writable: 'high', readOnly: 'high' },
  { at: '/run', gives: 'reaches the sockets of the node', writable: 'high', readOnly: 'high' },
  { at: '/var', gives: 'holds kubelet and container data', writable: 'high', readOnly: 'high' },
  // Mounts below a read-only bind stay writable unless they are made read-only too.
  { at: '/', gives: 'is the whole node', writable: 'high', readOnly: 'high' },
];

const places = [...listed].sort((a, b) => b.at.length - a.at.length);

/** Ordinary data directories: below them only what `places` names is sensitive. */
const open: ReadonlySet<string> = new Set(['/', '/var', '/run', '/opt']);

/** A path as the node reads it: plain, with `/var/run` and `/proc/1/root` as the links they are, and without a Windows drive. */
export function hostPath(path: string): string {
  const normal = normalisePath(path.replaceAll('\\', '/').replace(/^[a-z]:/i, ''));
  const plain = normalisePath(normal.replace(/^\/proc\/[^/]+\/root(?=\/|$)/, ''));
  return plain === '/var/run' || plain.startsWith('/var/run/') ? plain.slice('/var'.length) : plain;
}

/** Why mounting a path of the node is dangerous; absent where it is not. A directory is as dangerous as the worst below it. */
export function hostPathDanger(path: string, readOnly: boolean): HostPathDanger | undefined {
  const plain = hostPath(path);
  const holder = places.find(({ at }) => plain === at || (!open.has(at) && plain.startsWith(`${at}/`)));
  const candidates = holder === undefined ? listed.filter(({ at }) => at.startsWith(`${plain}/`)) : [holder];
  return candidates.reduce<HostPathDanger | undefined>((worst, place) => {
    const severity = readOnly ? place.readOnly : place.writable;
    if (severity === undefined || (worst !== undefined && graver(worst.severity, severity) === worst.severity)) return worst;
    return { path: plain, severity, gives: place.gives };
  }, undefined);
}

/** Directories that hold nothing but a container runtime's socket and state. */
const socketDirectories = ['/run/containerd', '/run/docker', '/run/crio', '/run/podman', '/run/k3s/containerd', '/run/host-containerd'];
/** Sources: containerd, moby, cri-o, cri-dockerd documentation; Bottlerocket `api.sock` and host containers. */
const socketName =
  /\/(?:docker|containerd|host-containerd|crio|cri-dockerd|dockershim|podman|buildkitd|frakti|rktlet)\.sock(?:\.ttrpc)?$|^\/run\/api\.sock$/;

/** Whether a path is the socket of a container runtime, or a directory that exists for one. */
export function isRuntimeSocket(path: string): boolean {
  const plain = hostPath(path);
  return socketName.test(plain) || socketDirectories.some((directory) => plain === directory || plain.startsWith(`${directory}/`));
}
