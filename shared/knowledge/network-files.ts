import type { Severity } from '../model/finding.ts';
import { commandOf, segmentsOf, wordsOf } from './command-words.ts';
import { plainAddress } from './metadata-service.ts';
import { sendsFiles } from './taken-files.ts';

/** Something brought in from the network. */
export interface Download {
  readonly what: string;
  readonly severity: Severity;
}

const fetchers = String.raw`(?:curl|wget|aria2c|axel|lwp-download|lwp-request|lynx|links|w3m|ftpget|tftp)`;
const fetcher = new RegExp(`^${fetchers}$`);
/** A shell, or an interpreter without a script of its own: `| python3 -m json.tool` runs nothing that came in. */
const interpreter = String.raw`(?:/\S{1,32}/)?(?:(?:ba|da|a|z|k)?sh\b|(?:python[\d.]{0,5}|perl|ruby|node|php)\b(?!\s{1,4}-\w{0,2}[cem]\b))`;

/** What was fetched is run at once. */
const run: readonly RegExp[] = [
  new RegExp(
    String.raw`\b${fetchers}\b[^;\n]{0,1024}(?<!\|)\|\s{0,8}(?:(?:sudo|exec|env|busybox|nohup|base64\s-d\s{0,4}\||gunzip\s{0,4}\|)\s{0,8}){0,3}${interpreter}`,
  ),
  new RegExp(
    String.raw`(?:${interpreter}|\bsource|(?:^|\s)\.)\s{1,4}(?:-\w{1,4}\s{1,4}){0,3}["']?(?:<\s{0,2}\(|<<<|\$\(|${'`'})\s{0,4}["'$(]{0,4}${fetchers}\b`,
  ),
  new RegExp(String.raw`\beval\s{1,4}["']?(?:\$\(|${'`'})\s{0,4}${fetchers}\b`),
  /\bexec\s{0,4}\([^\n]{0,256}(?:urlopen|requests\.get|urlretrieve)/,
];

/** What makes a file a program, or runs one from where anybody may write. */
const madeToRun =
  /\bchmod\s{1,4}(?:-\w{1,4}\s{1,4})?(?:[ugoa]{0,4}\+\w{0,2}x|[0-7]{0,2}[1357][0-7]{0,2})\b|(?:^|[;&|(]|\bsh\s|\bexec\s|\bnohup\s)\s{0,8}(?:\.\/|\/(?:tmp|dev\/shm|var\/tmp)\/)\S/;

/** Scripts that fetch. */
const scripted =
  /urlopen|urlretrieve|requests\.get|httpx\.get|file_get_contents|open-uri|lwp::|net::http|\bfetch\(|invoke-webrequest|\biwr\b|downloadstring/;

/** Package managers at work. Sources: manuals of apk, apt, dnf, pip, npm, gem, go, cargo. */
const installs =
  /\b(?:apk\s(?:-\S{1,32}\s){0,4}add|(?:apt|apt-get|yum|dnf|microdnf|zypper|tdnf)\s(?:-\S{1,32}\s){0,4}install|pip[\d.]{0,4}\s(?:-\S{1,32}\s){0,4}install|(?:npm|pnpm|yarn)\s(?:-\S{1,32}\s){0,4}(?:i|install|add)|(?:gem|go|cargo)\sinstall)\s/;

/** Hosts where anybody leaves files without a name of their own. */
const pastes =
  /(?:^|\.)(?:pastebin\.com|paste\.ee|transfer\.sh|file\.io|0x0\.st|termbin\.com|ix\.io|temp\.sh|gofile\.io|anonfiles\.com|catbox\.moe|oshi\.at|ngrok(?:-free)?\.(?:io|app)|trycloudflare\.com|raw\.githubusercontent\.com|gist\.githubusercontent\.com)$/;

/** The gravest download of a lower-cased command line. */
export function downloadIn(text: string): Download | undefined {
  if (run.some((pattern) => pattern.test(text))) return { what: 'runs what it downloads', severity: 'high' };
  const fetch = segmentsOf(text).some((segment) => fetcher.test(commandOf(wordsOf(segment)))) || scripted.test(text);
  const hosts = fetch ? hostsIn(text).filter(isOutside) : [];
  // What sends a file fetches none.
  const [host] = sendsFiles(text) ? [] : hosts;
  if (host !== undefined) {
    if (madeToRun.test(text)) return { what: `downloads a program from ${host}`, severity: 'high' };
    const odd = hosts.find((name) => pastes.test(name) || plainAddress(name) !== undefined);
    if (odd !== undefined) return { what: `downloads from ${odd}`, severity: 'medium' };
    return { what: `downloads from ${host}`, severity: 'low' };
  }
  if (fetch && madeToRun.test(text)) return { what: 'downloads a program', severity: 'high' };
  return installs.test(text) ? { what: 'installs software', severity: 'low' } : undefined;
}

/** Looked at per text. */
const mostHosts = 200;

/** Hosts of URLs, and what looks like a host after a program that fetches. */
function hostsIn(text: string): readonly string[] {
  const urls = [...text.matchAll(/\b(?:https?|ftps?|tftp):\/\/([^\s/'"|;&)<>?#\\]{1,253})/g)].slice(0, mostHosts);
  const bare = segmentsOf(text)
    .map(wordsOf)
    .filter((words) => fetcher.test(commandOf(words)))
    .flatMap((words) => words.filter((word) => /^[\w.-]{1,253}\.(?:[a-z]{2,24}|\d{1,3})(?::\d{1,5})?\/\S/.test(word)));
  return [...urls.map(([, host = '']) => host), ...bare.slice(0, mostHosts).map((word) => word.split('/', 1)[0] ?? '')].map((host) =>
    host.slice(host.lastIndexOf('@') + 1),
  );
}

/** Addresses of the cluster and its network. Sources: RFC 1918, RFC 3927, RFC 4193, RFC 6598. */
const inside =
  /^(?:0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[::1?\]|\[f[cd]|\[fe80)/;

/** Whether a host is outside the cluster: names without a dot, names of Services and values nobody can see are not told. */
function isOutside(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '');
  const address = plainAddress(host.startsWith('[') ? host : name);
  if (address !== undefined) return !inside.test(address);
  return (
    name.includes('.') && !/[$%{}]|(?:\.svc|\.local|\.internal|\.cluster|localhost)\.?$/.test(name) && !/^[^.]+\.[a-z0-9-]+\.svc/.test(name)
  );
}
