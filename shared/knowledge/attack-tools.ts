import type { Severity } from '../model/finding.ts';
import { commandOf, commandWordOf, plainName, segmentsOf, wordsOf } from './command-words.ts';
import { couldMean } from './wildcards.ts';

/** A tool or manoeuvre that has little business in a container. */
export interface AttackTool {
  readonly name: string;
  /** What it is for, after "which". */
  readonly does: string;
  readonly severity: Severity;
}

interface Family {
  readonly does: string;
  readonly severity: Severity;
  /** Names that mean nothing else: found as any path component. */
  readonly names: readonly string[];
  /** Short or ambiguous names: only where a command stands. */
  readonly commands?: readonly string[];
}

/** Sources: MITRE ATT&CK software pages; project pages of the tools; Falco rules and Elastic detection rules (names only). */
const families: readonly Family[] = [
  {
    does: 'watches processes and dumps credentials',
    severity: 'high',
    names: [
      'pspy',
      'pspy32',
      'pspy64',
      'pspy32s',
      'pspy64s',
      'crackmapexec',
      'netexec',
      'mimipenguin',
      'mimikatz',
      'lazagne',
      'secretsdump',
      'impacket',
      'hashcat',
      'truffleproc',
      '3snake',
      'swapdigger',
      'kubeletmein',
    ],
    commands: ['cme', 'nxc', 'john', 'gcore'],
  },
  {
    does: 'looks for ways to more rights',
    severity: 'high',
    names: ['linpeas', 'linenum', 'linux-exploit-suggester', 'gtfoblookup', 'sudo_killer', 'unix-privesc-check'],
    commands: ['lse', 'traitor'],
  },
  {
    does: 'attacks containers and clusters from inside',
    severity: 'high',
    names: [
      'peirates',
      'deepce',
      'botb',
      'break-out-the-box',
      'amicontained',
      'kdigger',
      'kubeletctl',
      'kube-hunter',
      'kubesploit',
      'kubiscan',
      'kubestriker',
      'kube-bench',
      'rakkess',
      'kubectl-who-can',
      'cdk_linux_amd64',
      'cdk_linux_arm64',
      'stratus-red-team',
      'cloudfox',
    ],
    commands: ['ccat', 'pacu'],
  },
  {
    does: 'scans networks',
    severity: 'medium',
    names: ['nmap', 'masscan', 'zmap', 'zgrab', 'zgrab2', 'rustscan', 'fscan', 'naabu', 'nuclei', 'gobuster', 'ffuf', 'sqlmap'],
    commands: ['responder'],
  },
  {
    does: 'opens tunnels and remote control',
    severity: 'high',
    names: [
      'chisel',
      'ligolo',
      'ligolo-ng',
      'frpc',
      'frps',
      'ngrok',
      'gsocket',
      'gs-netcat',
      'meterpreter',
      'msfvenom',
      'msfconsole',
      'sliver-client',
      'rathole',
    ],
    commands: ['gost', 'merlin', 'agent-ligolo', 'bore', 'pwncat'],
  },
  {
    does: 'mines cryptocurrency',
    severity: 'high',
    names: [
      'xmrig',
      'xmrigdaemon',
      'xmr-stak',
      'minerd',
      'cpuminer',
      'ccminer',
      'ethminer',
      'nbminer',
      'lolminer',
      'nanominer',
      'srbminer',
      'kinsing',
      'kdevtmpfsi',
      'teamredminer',
    ],
    commands: ['t-rex'],
  },
  {
    does: 'steps out of the container into the node',
    severity: 'high',
    names: ['nsenter', 'runc-pwn', 'shim-pwn', 'docker-sock-pwn'],
    commands: ['unshare', 'debugfs', 'capsh', 'insmod', 'modprobe', 'kexec'],
  },
  {
    does: 'commands the container runtime',
    severity: 'medium',
    names: ['crictl', 'nerdctl'],
    commands: ['docker', 'ctr', 'podman'],
  },
];

const named = new Map(families.flatMap((family) => family.names.map((name) => [name, family] as const)));
const commanded = new Map(families.flatMap((family) => (family.commands ?? []).map((name) => [name, family] as const)));

/** Manoeuvres that no single name tells. Sources: MITRE ATT&CK T1611; CVE-2022-0492; Trail of Bits, "Understanding Docker container escapes". */
const manoeuvres: readonly (readonly [RegExp, AttackTool])[] = [
  [
    /\bchroot\s{1,8}(?:\S{1,64}\s{1,8})?(?:\/proc\/[\w$-]{1,16}\/root)?\/?(?:host|hostfs|rootfs|mnt|node|proc\/1\/root)\b|\bchroot\s{1,8}(?:-\S{1,64}\s{1,8}){0,3}\/[\w./-]{0,64}[*?[]/,
    { name: 'chroot into the node', does: 'steps out of the container into the node', severity: 'high' },
  ],
  [
    /\brelease_agent\b|\bnotify_on_release\b/,
    { name: 'cgroup release_agent', does: 'runs a program on the node when a cgroup empties', severity: 'high' },
  ],
  [
    /\/proc\/sys\/kernel\/(?:core_pattern|modprobe|usermodehelper)|\/sys\/kernel\/uevent_helper|\/proc\/sys\/fs\/binfmt_misc/,
    { name: 'kernel helper program', does: 'runs a program on the node in the name of the kernel', severity: 'high' },
  ],
  [/\/proc\/1\/root\b|\/proc\/1\/cwd\b/, { name: '/proc/1/root', does: 'reads the root directory of another process', severity: 'high' }],
  [
    /\bmount\s(?:\S{1,64}\s){0,4}\/dev\/(?:xvd|nvme|sd|dm-|vd)|\bmount\s(?:\S{1,64}\s){0,3}-t\s{0,4}cgroup/,
    { name: 'mount of a device of the node', does: 'opens the disk or cgroups of the node', severity: 'high' },
  ],
  [/\bmknod\s\S{1,128}\s{1,8}b\s/, { name: 'block device node', does: 'opens the disk of the node', severity: 'high' }],
  [
    /(?:docker|containerd|crio|cri-dockerd)\.sock\b/,
    { name: 'socket of the container runtime', does: 'commands the container runtime', severity: 'high' },
  ],
  [
    /\bcdk\s{1,8}(?:eva|evaluate|run|auto-escape|kcurl|ectl|ucurl|dcurl|probe)\b/,
    { name: 'cdk', does: 'attacks containers and clusters from inside', severity: 'high' },
  ],
  [
    /:10250\/(?:run|exec|pods|runningpods|containerlogs|attach)\b|:10255\/pods\b/,
    { name: 'kubelet API', does: 'commands other pods behind the back of the API server', severity: 'high' },
  ],
  [/\bhydra\s(?:\S{1,64}\s){0,8}-[lpc]\s/, { name: 'hydra', does: 'guesses passwords', severity: 'high' }],
  [/stratum\d?\+(?:tcp|ssl)?:?|--donate-level\b|--randomx-/, { name: 'mining protocol', does: 'mines cryptocurrency', severity: 'high' }],
];

/** The gravest tool that a lower-cased command line runs or fetches. */
export function attackToolIn(text: string): AttackTool | undefined {
  const manoeuvre = manoeuvres.find(([pattern]) => pattern.test(text));
  if (manoeuvre !== undefined) return manoeuvre[1];
  const segments = segmentsOf(text);
  let mild = completedTool(segments);
  if (mild?.severity === 'high') return mild;
  for (const segment of segments) {
    const tool = toolIn(segment);
    if (tool?.severity === 'high') return tool;
    mild ??= tool;
  }
  return mild;
}

/** The tool that a name means and nothing else: of a file, or of an image. */
export function attackToolNamed(name: string): AttackTool | undefined {
  const known = plainName(name);
  const family = named.get(known);
  return family && { name: known, does: family.does, severity: family.severity };
}

/** Command words with wild cards that are tried per text. */
const mostCompleted = 64;
const longestPattern = 64;

/** `/tmp/?spy64`: whoever starts a program has no need to leave its name to the shell. */
function completedTool(segments: readonly string[]): AttackTool | undefined {
  const patterns = segments.flatMap((segment) => {
    if (!/[*?\]]/.test(segment)) return [];
    const word = commandWordOf(wordsOf(segment));
    const pattern = word.slice(word.lastIndexOf('/') + 1);
    return /[*?]|\[[^\]]/.test(pattern) && pattern.length <= longestPattern ? [pattern] : [];
  });
  const tried = patterns.slice(0, mostCompleted);
  const [name, family] = [...named].find(([known]) => tried.some((pattern) => couldMean(pattern, known))) ?? [];
  return name === undefined || family === undefined ? undefined : { name, does: family.does, severity: family.severity };
}

function toolIn(segment: string): AttackTool | undefined {
  const words = wordsOf(segment);
  const name = commandOf(words);
  const command = commanded.get(name);
  if (command !== undefined) return { name, does: command.does, severity: command.severity };
  for (const word of words) {
    for (const component of word.split(/[/=,]/)) {
      const tool = attackToolNamed(component);
      if (tool !== undefined) return tool;
    }
  }
  return undefined;
}
