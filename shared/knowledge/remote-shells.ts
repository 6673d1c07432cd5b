import type { Severity } from '../model/finding.ts';

/** A way to give somebody elsewhere a shell. */
export interface RemoteShell {
  readonly name: string;
  readonly severity: Severity;
}

const shell = String.raw`(?:/\S{1,32}/)?(?:ba|da|a|z|k)?sh\b`;
/** Programs that carry bytes to and from the network. */
const carrier = String.raw`\b(?:nc|ncat|netcat|telnet|socat)\b(?!-)(?:\.\w{1,12})?`;

interface Sign extends RemoteShell {
  /** All must be found. */
  readonly patterns: readonly RegExp[];
}

const runs = /exec|system|popen|spawn|dup2|\/sh\b|passthru|child_process/;

/**
 * How shells are handed to the network, gravest first. Patterns are bounded: the text is the attacker's. Sources: MITRE
 * ATT&CK T1059.004 and T1571; GTFOBins, "Reverse shell" and "Bind shell".
 */
const signs: readonly Sign[] = [
  high('nc with a program', [
    new RegExp(String.raw`${carrier}(?:\s\S{1,64}){0,8}?\s(?:-\w{0,8}[ec]|--(?:sh-)?exec)[\s=]{0,4}["']?${shell}`),
  ]),
  high('a shell piped to the network', [new RegExp(String.raw`${shell}[^|;&\n]{0,64}\|\s{0,4}(?:\S{1,32}/)?${carrier}`)]),
  high('the network piped to a shell', [
    new RegExp(
      String.raw`(?:${carrier}|\bs_client\b|telnet://)[^|;\n]{0,200}\|\s{0,4}(?:(?:sudo|exec|busybox|env)\s{1,4})?${shell}(?!\s{1,4}-c)`,
    ),
  ]),
  high('a named pipe to the network', [
    /\bmkfifo\b|\bmknod\s\S{1,128}\s{1,4}p\b/,
    new RegExp(String.raw`${carrier}|\bs_client\b|/dev/(?:tcp|udp)/`),
  ]),
  high('socat with a program', [/\bsocat\b/, /\b(?:exec|system):|\bpty\b/]),
  high('a shell on /dev/tcp', [
    /\/dev\/(?:tcp|udp)\//,
    new RegExp(
      String.raw`${shell}\s{1,4}-\w{0,4}i|0>&1|0<&\d|<&\d{1,3}\b[^|;\n]{0,64}>&\d|exec\s{1,4}\d{1,3}<>|\|\s{0,4}${shell}|${shell}\s{0,4}<`,
    ),
  ]),
  high('an interactive shell sent elsewhere', [new RegExp(String.raw`${shell}\s{1,4}-\w{0,4}i\w{0,4}\s{0,4}(?:\d?>&|&>|\d?<>)`)]),
  high('a Python socket', [/\bpython[\d.]{0,5}\b/, /\bsocket\b/, /pty\.spawn|subprocess|os\.system|popen|exec[lv]|dup2|(?<!\w)sh\b/]),
  high('a Perl socket', [/\bperl\b/, /io::socket|\bsocket\s{0,4}\(|use socket/, /exec|system|fdopen|\/sh\b/]),
  high('a Ruby socket', [/\bruby\b/, /tcpsocket|-rsocket|tcpserver/, runs]),
  high('a PHP socket', [/\bphp[\d.]{0,5}\b/, /fsockopen|stream_socket_client|socket_create/, runs]),
  high('a Node.js socket', [/\bnode(?:js)?\b/, /net\.(?:socket|connect|createconnection|createserver)|\(["']?net["']?\)/, runs]),
  high('a Lua socket', [/\blua[\d.]{0,5}\b/, /require\s{0,4}\(?["']?socket/, /os\.execute|io\.popen/]),
  high('an awk socket', [/\/inet[46]?\/(?:tcp|udp)\//]),
  high('a zsh socket', [/zsh\/net\/tcp|\bztcp\b/]),
  high('a PowerShell socket', [/net\.sockets\.tcp(?:client|listener)/]),
  high('a terminal upgraded for a remote shell', [/pty\.spawn\s{0,4}\(/]),
];

function high(name: string, patterns: readonly RegExp[]): Sign {
  return { name, severity: 'high', patterns };
}

const connection = /\/dev\/(?:tcp|udp)\/([^\s/;&|"')]{1,253})\/\S/g;
/** A container asking itself, as health checks do. */
const itself = /^(?:localhost|127\.\d|::1$|\[::1\]|0\.0\.0\.0$|0$|\$)/;

/** The way in which a lower-cased command line gives a shell to the network; a bare connection of a shell is less. */
export function remoteShellIn(text: string): RemoteShell | undefined {
  const known = signs.find(({ patterns }) => patterns.every((pattern) => pattern.test(text)));
  if (known !== undefined) return onlyToItself(text) ? undefined : known;
  const elsewhere = [...text.matchAll(connection)].some(([, host = '']) => !itself.test(host));
  return elsewhere ? { name: 'a connection through /dev/tcp', severity: 'low' } : undefined;
}

/** `exec 3<>/dev/tcp/localhost/8080` asks the container's own port and needs no other program to do so. */
function onlyToItself(text: string): boolean {
  const hosts = [...text.matchAll(connection)].map(([, host = '']) => host);
  return (
    hosts.length > 0 &&
    hosts.every((host) => itself.test(host)) &&
    !/\b(?:nc|ncat|netcat|socat|s_client|pty|mkfifo|mknod|python|perl)\b|sh\s+-\w{0,4}i/.test(text)
  );
}
