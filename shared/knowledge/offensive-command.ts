import type { Severity } from '../model/finding.ts';
import { at, list, text, texts } from '../model/json.ts';
import { describeCommand } from '../model/command.ts';
import type { Container } from '../model/pod-spec.ts';
import { attackToolIn } from './attack-tools.ts';
import { credentialSourceIn } from './credential-files.ts';
import { gravestIn } from './exec.ts';
import { withoutSecrets } from './exposed-credentials.ts';
import { credentialEndpointIn } from './metadata-service.ts';
import { downloadIn } from './network-files.ts';
import { containerText, type PodTrait } from './pod-trait.ts';
import { remoteShellIn } from './remote-shells.ts';
import { shorten } from './shorten.ts';

/** What a command line is for. */
interface Purpose {
  readonly name: string;
  /** After "which". */
  readonly does: string;
  readonly severity: Severity;
}

/** What a lower-cased reading of a declared command betrays, of each kind the gravest. */
const lexicons: readonly ((reading: string) => Purpose | undefined)[] = [
  attackTool,
  credentialRead,
  credentialRequest,
  remoteShell,
  download,
];

/** A path to the socket in a declaration is where an agent is told to look; whether it may is told by its mount. */
function attackTool(reading: string): Purpose | undefined {
  return attackToolIn(reading.replace(/(?:docker|containerd|crio|cri-dockerd)\.sock\b/g, ' '));
}

/** Programs that give out what a file holds. A path alone is configuration: servers are started with those of their keys. */
const readers = /(?:^|[\s;&|(`/])(?:cat|head|tail|tac|less|more|nl|base64|xxd|od|strings|grep|awk|sed|cut|cp|dd|tar|zip|scp|rsync|find)\s/;
const senders = /(?:^|[\s;&|(`/])(?:curl|wget|nc|ncat|netcat|socat|telnet|openssl\s+s_client|ftp|scp|rsync)\s|\/dev\/tcp\//;
/** A file handed to a program that sends. */
const handed = /[@<]\s{0,4}[/~.$]|--(?:post|body|upload)-file\b|\s-t\s/;
/** In-cluster scripts present their token to the API server. */
const apiServer = /kubernetes\.default\b|\bkubernetes_service_host\b/;

function credentialRead(reading: string): Purpose | undefined {
  const sends = senders.test(reading);
  const source = readers.test(reading) || (sends && handed.test(reading)) ? credentialSourceIn(reading) : undefined;
  if (source === undefined || source.severity === 'low') return undefined;
  const sent = sends && !apiServer.test(reading);
  return { name: source.what, does: `reads ${source.what}${sent ? ' and sends something' : ''}`, severity: sent ? 'high' : 'medium' };
}

function credentialRequest(reading: string): Purpose | undefined {
  const endpoint = senders.test(reading) || /urllib|requests\.|http\.get|fetch\(/.test(reading) ? credentialEndpointIn(reading) : undefined;
  if (endpoint === undefined) return undefined;
  const grave = endpoint !== 'instance metadata service' || /security-credentials|user-data/.test(reading);
  return { name: endpoint, does: `asks the ${endpoint}`, severity: grave ? 'high' : 'low' };
}

/** `exec 3<>/dev/tcp/db/5432` is how images without other tools wait for a port or ask for health. */
const opened = /\bexec\s{1,4}\d{1,3}<>/g;
/** What comes through the descriptor is run. */
const obeyed =
  /<&\s?\d{1,3}\s{0,4}\|\s{0,4}(?:while|\S{0,32}sh)\b|\b(?:ba|da|a|z|k)?sh\b[^\n|;]{0,64}<&\s?\d|<&\s?\d{1,3}\b[^\n]{0,64}\bdo\s{1,4}(?:eval\b|\$)/;

function remoteShell(reading: string): Purpose | undefined {
  const shell = remoteShellIn(obeyed.test(reading) ? reading : reading.replace(opened, ' '));
  return shell?.severity === 'high' ? { name: shell.name, does: 'hands a shell to the network', severity: 'high' } : undefined;
}

/** Init containers fetch data all day, and programs more often than they should: less than the same in an exec. */
function download(reading: string): Purpose | undefined {
  const found = downloadIn(reading);
  if (found === undefined || found.severity === 'low') return undefined;
  return { name: found.what, does: found.what, severity: found.severity === 'high' ? 'medium' : 'low' };
}

const hooks = [
  ['hook after start', ['lifecycle', 'postStart']],
  ['hook before stop', ['lifecycle', 'preStop']],
  ['liveness probe', ['livenessProbe']],
  ['readiness probe', ['readinessProbe']],
  ['startup probe', ['startupProbe']],
] as const;

/** Command lines that a container's declaration makes the node run, by what runs them. */
function commandLines({ command, raw }: Container): readonly (readonly [by: string, argv: readonly string[]])[] {
  const hooked = hooks.map(([by, path]) => [by, texts(at(raw, ...path, 'exec', 'command'))] as const);
  return [['command' as const, command] as const, ...hooked].filter(([, argv]) => argv.length > 0);
}

/** Longest command that is looked at, as for those of exec. */
const longest = 32_768;

/** Fills in the environment, as the kubelet does for `$(NAME)` and a shell for `$NAME`: what is declared there runs here. */
function expanded(argv: readonly string[], { raw }: Container): readonly string[] {
  const values = new Map(
    list(raw['env']).flatMap((entry) => {
      const [name, value] = [text(at(entry, 'name')), text(at(entry, 'value'))];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  if (values.size === 0) return argv;
  let room = longest;
  return argv.map((part) =>
    part.replace(/\$(?:\((\w{1,64})\)|\{(\w{1,64})\}|(\w{1,64}))/g, (whole, ...names: (string | undefined)[]) => {
      const value = values.get(names.slice(0, 3).find((name) => name !== undefined) ?? '');
      if (value === undefined || value.length > room) return whole;
      room -= value.length;
      return value;
    }),
  );
}

/** Containers that are started or kept with commands for attacking. */
export function commandTraits(containers: readonly Container[]): readonly PodTrait[] {
  return containers.flatMap((container) =>
    commandLines(container).flatMap(([by, argv]) => {
      const command = describeCommand(expanded(argv, container));
      return lexicons.flatMap((purposeIn): readonly PodTrait[] => {
        const purpose = gravestIn({ command }, purposeIn);
        if (purpose === undefined) return [];
        const line = shorten(withoutSecrets(argv.join(' ').slice(0, longest)));
        const words = `${by} \`${line}\` of ${containerText(container)}, which ${shorten(purpose.does)}${purpose.does.includes(purpose.name) ? '' : ` (${purpose.name})`}`;
        return [
          { kind: 'offensive-command', id: `${by} ${container.role} ${container.name} ${purpose.name}`, severity: purpose.severity, words },
        ];
      });
    }),
  );
}
