import { type AuditdLine, auditdLine, commandLine, keysOf, untrusted } from './auditd-line.ts';
import { lateness, type Scope } from './base.ts';
import type { Severity } from './finding.ts';
import { digest, identifierLength } from './hash.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import { hostOfStream, shipped } from './shipped.ts';
import { names, nodeNamed, type SignalEvent } from './signal.ts';
import { day, dayOf } from './time.ts';

/** A record and the machine it was written on. */
interface Read {
  readonly line: AuditdLine;
  readonly node: string;
  readonly record: LogRecord;
}

/** What the records of one event say of each other. */
interface Context {
  command: string;
  /** The program that made the system call. */
  program: string;
  /** Number of the user who logged in; empty where nobody did. */
  login: string;
}

/**
 * Signals from lines of the Linux audit system. Several records make one event; each record that tells something is a signal
 * of its own, the others tell what was run and for whom. So it does not matter whether they arrive together.
 */
export function readAuditd(
  records: readonly LogRecord[],
  keys: readonly string[],
  scope: Scope,
  place: string,
): (SignalEvent | Reject | Skip)[] {
  const streamHost = hostOfStream(place);
  const read = records.map((record) => readRecord(record, scope, streamHost));
  const contexts = new Map<string, Context>();
  for (const each of read) if ('line' in each) addContext(contexts, each);
  return read.map((each) => ('line' in each ? signalOf(each, contexts.get(eventOf(each)), keys, scope) : each));
}

function readRecord(record: LogRecord, scope: Scope, streamHost: string): Read | Reject | Skip {
  const each = shipped(record);
  if (typeof each === 'string') return { reject: each, record };
  const line = auditdLine(each.line);
  if (line === undefined) return /^(?:node=\S+ )?type=/.test(each.line) ? { reject: 'not-a-signal', record } : { skip: 'other-event' };
  return { line, node: nodeNamed(line.node || each.host || streamHost, scope.region), record };
}

function eventOf({ node, line }: Read): string {
  return `${node} ${line.serial}`;
}

function addContext(contexts: Map<string, Context>, read: Read): void {
  const { line } = read;
  const name = eventOf(read);
  let context = contexts.get(name);
  if (context === undefined) contexts.set(name, (context = { command: '', program: '', login: '' }));
  if (line.type === 'EXECVE') context.command ||= commandLine(line);
  if (line.type === 'PROCTITLE') context.command ||= untrusted(line.fields.get('proctitle')).replaceAll('\0', ' ');
  if (line.type !== 'SYSCALL') return;
  context.program = untrusted(line.fields.get('exe'));
  const login = line.fields.get('auid') ?? '';
  // 2^32 - 1: nobody logged in. Source: auditctl(8).
  context.login = login === '4294967295' || login === 'unset' ? '' : login;
}

/** What a record tells by itself; nothing, where it only adds to others. */
interface Telling {
  readonly type: string;
  readonly severity: Severity;
  readonly title: string;
}

function signalOf(read: Read, context: Context | undefined, keys: readonly string[], scope: Scope): SignalEvent | Reject | Skip {
  const { line, node, record } = read;
  const { command = '', program = '', login = '' } = context ?? {};
  const telling = tellingOf(line, keys, command || program);
  if (telling === undefined) return { skip: 'other-event' };
  const { ingested } = record;
  const time = ingested !== undefined && Math.abs(line.time - ingested) > day ? ingested : line.time;
  return {
    source: 'signal',
    system: 'auditd',
    key: digest(identifierLength, [scope.account, scope.cluster, 'auditd', node, telling.type, record.message]),
    time,
    day: dayOf(time),
    scope,
    late: ingested !== undefined && ingested - time > lateness.auditd,
    id: line.serial,
    ...telling,
    title: `${telling.title}${login === '' ? '' : `, for the login of user ${login}`}`,
    entity: node === '' ? { kind: 'cluster', id: scope.cluster, name: scope.cluster } : { kind: 'node', id: node, name: node },
    named: { pods: [], nodes: names([node]), identities: [] },
    command: line.type === 'EXECVE' ? commandLine(line) : command,
  };
}

function tellingOf(line: AuditdLine, keys: readonly string[], deed: string): Telling | undefined {
  const { type, fields } = line;
  if (type === 'EXECVE') return { type: 'program', severity: 'low', title: deed };
  if (type === 'CONFIG_CHANGE') return changeOf(line);
  if (type === 'DAEMON_END' || type === 'DAEMON_ABORT' || type === 'DAEMON_ERR')
    return { type, severity: type === 'DAEMON_END' ? 'low' : 'medium', title: `auditd ended (${type})` };
  if (type.startsWith('ANOM_')) return anomalyOf(type, deed || untrusted(fields.get('exe')) || untrusted(fields.get('comm')));
  const [key] = keysOf(line).filter((each) => keys.some((prefix) => each.startsWith(prefix)));
  return key === undefined ? undefined : { type: `key ${key}`, severity: severityOf(key), title: deed || type };
}

/** An operator may write the weight into the key: `plimsoll-high-ssh-keys`. A line that can be forged is never critical. */
function severityOf(key: string): Severity {
  const word = /(?:^|[-_])(low|medium|high)(?:[-_]|$)/.exec(key)?.[1];
  return word === 'low' || word === 'high' ? word : 'medium';
}

/** Crashes and interfaces of containers in promiscuous mode are everyday; the rest is not. Source: Linux, include/uapi/linux/audit.h; audit-userspace, audit-records.h. */
function anomalyOf(type: string, deed: string): Telling {
  const everyday = type === 'ANOM_ABEND' || type === 'ANOM_PROMISCUOUS';
  return { type, severity: everyday ? 'low' : 'medium', title: deed || type };
}

/** Rules are added whenever a node starts; to remove one, or to stop recording, is something else. Source: Linux, kernel/audit.c and auditfilter.c. */
function changeOf({ fields }: AuditdLine): Telling | undefined {
  const type = 'CONFIG_CHANGE';
  const failed = fields.get('res') === '0' || fields.get('res') === 'failed';
  const says = (severity: Severity, title: string): Telling => ({
    type,
    severity: failed ? 'low' : severity,
    title: failed ? `refused: ${title}` : title,
  });
  if (fields.get('audit_enabled') === '0') return says('high', 'recording was switched off');
  const operation = untrusted(fields.get('op'));
  if (/^remove[_ ]rule$/.test(operation)) return says('medium', `a rule was removed${keyText(fields)}`);
  return undefined;
}

function keyText(fields: ReadonlyMap<string, string>): string {
  const key = untrusted(fields.get('key'));
  return key === '' ? '' : ` (${key})`;
}
