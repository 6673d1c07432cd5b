import type { Severity } from '../model/finding.ts';
import { commandOf, segmentsOf, wordsOf } from './command-words.ts';
import { credentialSourceIn } from './credential-files.ts';

/** Something carried out of a container. */
export interface Taking {
  /** After "which". */
  readonly does: string;
  readonly severity: Severity;
}

/** Directories whose whole content is worth stealing. */
const precious =
  /^\/(?:$|\*|(?:etc|root|home|host|hostfs|rootfs|srv|data|backups?|var\/backups?|var\/lib|opt|proc\/1\/root)(?:\/|$))|\/(?:pgdata|mysql|postgresql|mongodb?|redis|elasticsearch|kafka|etcd)(?:\/|$)/;
/** What people fetch to find a fault. Heap dumps hold secrets, too, but this is where they are looked for. */
const diagnostics = /^\/var\/log(?:\/|$)|\/logs?(?:\/|$)|\.(?:log|hprof|jfr|prof|trace|out|txt)(?:\.gz)?$/;
/** Archives, dumps and databases, also where the shell completes the end of the name. */
const archive =
  /\.(?:tar|tgz|tar\.\w{2,4}|zip|7z|rar|sql|sql\.\w{2,4}|dump|bak|rdb|aof|mdb|ibd|sqlite3?|db|kdbx|ova|qcow2)$|\.(?:tar|tgz|zip|sql|dump|bak|rdb|aof|sqlite|kdbx)(?:\.\w{0,4})?[*?]{1,4}$/;

const toStdout: ReadonlySet<string> = new Set([
  'cat',
  'base64',
  'base32',
  'dd',
  'xxd',
  'od',
  'hexdump',
  'gzip',
  'zcat',
  'bzip2',
  'xz',
  'zstd',
  'uuencode',
  'tac',
  'head',
  'tail',
]);
const dumpers: ReadonlySet<string> = new Set(['mysqldump', 'mariadb-dump', 'pg_dump', 'pg_dumpall', 'mongodump', 'mongoexport']);

/** The gravest taking of files in a lower-cased command line. */
export function takingIn(text: string): Taking | undefined {
  const found = segmentsOf(text).flatMap((segment) => takingOf(segment) ?? []);
  const uploaded = uploadIn(text);
  const all = uploaded === undefined ? found : [...found, uploaded];
  return all.find(({ severity }) => severity === 'high') ?? all.find(({ severity }) => severity === 'medium') ?? all[0];
}

function takingOf(segment: string): Taking | undefined {
  const words = wordsOf(segment);
  const command = commandOf(words);
  if (command === 'tar' || command === 'cpio' || command === 'bsdtar') return packed(command, words, segment);
  if (dumpers.has(command) && !words.some((word) => /^(?:-f|--file|--result-file|--out|-o)\b/.test(word)))
    return { does: `writes a database out with ${command}`, severity: 'medium' };
  if (!toStdout.has(command) || />/.test(segment) || words.some((word) => /^(?:-d|-di|--decode|-r)$/.test(word))) return undefined;
  const file = words.map((word) => word.replace(/^if=/, '')).find((word) => archive.test(word));
  return file === undefined ? undefined : { does: `sends ${file} to the caller`, severity: 'medium' };
}

/** `tar cf - PATH` is what `kubectl cp` runs to copy out of a container. */
function packed(command: string, words: readonly string[], segment: string): Taking | undefined {
  const creates = command === 'cpio' ? words.some((word) => /^-\w{0,8}o/.test(word)) : createsArchive(words);
  if (!creates || (/>/.test(segment) && !/\/dev\/stdout/.test(segment))) return undefined;
  const paths = pathsOf(words);
  const shown = paths.length === 0 ? 'files' : paths.slice(0, 3).join(', ');
  return { does: `packs ${shown} for the caller`, severity: severityOf(paths) };
}

/** In lower case `-C` reads like `-c`: what extracts or lists creates nothing. */
function createsArchive(words: readonly string[]): boolean {
  const options = words.slice(words.findIndex((word) => /(?:^|\/)(?:bsd)?tar$/.test(word)) + 1);
  const [first = ''] = options;
  const dashed = options.filter((word) => /^-[a-z]/.test(word));
  const letters = [/^[a-z]{1,16}$/.test(first) ? first : '', ...dashed].join('');
  if (/[xt]/.test(letters) || options.some((word) => /^--(?:extract|get|list)$/.test(word))) return false;
  if (!letters.includes('c') && !options.includes('--create')) return false;
  const file = words.find((word, at) => word.startsWith('--file=') || /^-?[a-z]{0,16}f$|^--file$/.test(words[at - 1] ?? ''));
  return file === undefined || /^(?:--file=)?(?:-|\/dev\/(?:stdout|fd\/1))$/.test(file);
}

/** Absolute paths, also relative to where `-C` leads. */
function pathsOf(words: readonly string[]): readonly string[] {
  const base =
    words.find((_, at) => /^-c$|^--directory$/.test(words[at - 1] ?? '')) ?? words.find((word) => word.startsWith('--directory='));
  const absolute = words.filter((word) => word.startsWith('/') && !/\/(?:bsd)?tar$|^\/dev\//.test(word));
  return absolute.length > 0 || base === undefined ? absolute : [base.replace('--directory=', '')];
}

function severityOf(paths: readonly string[]): Severity {
  const grave = paths.some((path) => precious.test(path) || isCredential(path));
  if (grave && !paths.every((path) => diagnostics.test(path))) return 'high';
  return paths.some((path) => archive.test(path)) ? 'medium' : 'low';
}

function isCredential(path: string): boolean {
  const source = credentialSourceIn(path);
  return source !== undefined && source.severity !== 'low';
}

/** Files sent to a place of the sender's choice. Sources: manuals of curl, wget, nc, scp, rsync and the AWS CLI. */
const uploads: readonly RegExp[] = [
  /\bcurl\b[^;|\n]{0,512}(?:\s(?:-t|--upload-file)[\s=]{0,2}(?!elnet)[^\s-]\S{0,256}|\s(?:-f|--form|-d|--data(?:-binary|-raw)?)[\s=]{0,2}["']?(?:\w{1,64}=)?@\S)/,
  /\bwget\s[^;|\n]{0,512}--(?:post|body)-file[\s=]/,
  /\b(?:nc|ncat|netcat)\b(?:\s\S{1,64}){1,6}\s{0,4}<\s{0,4}[\w./~-]/,
  /\b(?:tar|cat|base64|gzip|dd|openssl)\s[^;|\n]{0,512}(?:\|\s{0,4}(?:gzip|base64|openssl|xz|bzip2|zstd|xxd)\b[^;|\n]{0,128}){0,2}\|\s{0,4}(?:\S{1,32}\/)?(?:nc|ncat|netcat|socat|curl)\s/,
  /\b(?:tar|cat|base64|gzip|dd)\s[^;\n]{0,512}>\s{0,4}\/dev\/(?:tcp|udp)\//,
  /\b(?:scp|rsync|sftp)\s(?:\S{1,256}\s){1,8}(?:\w{1,32}@)?[\w.-]{1,253}:\S/,
  /\baws\s+s3\s+(?:cp|mv|sync)\s+(?!s3:)\S{1,256}\s+s3:\/\//,
];

/** Whether a lower-cased command line sends files to a place elsewhere. */
export function sendsFiles(text: string): boolean {
  return uploads.some((pattern) => pattern.test(text));
}

function uploadIn(text: string): Taking | undefined {
  if (!sendsFiles(text)) return undefined;
  const secret = isCredential(text);
  return { does: 'sends files to a place elsewhere', severity: secret ? 'high' : 'medium' };
}
