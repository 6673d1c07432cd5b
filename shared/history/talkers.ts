import { at, parseJson, text } from '../model/json.ts';

/** What makes an audit log large: all lines that agree in who asked, how and for what. */
export interface Talker {
  /** The caller; nodes, and pods of one name but for their random end, count as one. */
  readonly who: string;
  readonly verb: string;
  /** `resource`, or `resource/subresource`; the path of a request for none. */
  readonly resource: string;
  readonly lines: number;
  readonly bytes: number;
}

/** Who is counted apart at most: names are the callers' own. */
const mostTalkers = 20_000;
const others = 'others';

/** Counts what each talker wrote. */
export class Talkers {
  lines = 0;
  bytes = 0;
  private readonly byName = new Map<string, Talker>();

  /** Counts a line of the audit log; what is no audit event counts under its own name. */
  add(line: string): void {
    this.count({ ...talkerOf(parseJson(line)), lines: 1, bytes: Buffer.byteLength(line) });
  }

  /** Counts what somebody else added up. */
  count(talker: Talker): void {
    this.lines += talker.lines;
    this.bytes += talker.bytes;
    const name = `${talker.who}\n${talker.verb}\n${talker.resource}`;
    const room = this.byName.size < mostTalkers || this.byName.has(name);
    const [key, kept] = room ? [name, talker] : [others, { ...talker, who: others, verb: '', resource: '' }];
    const known = this.byName.get(key);
    this.byName.set(key, known === undefined ? kept : { ...known, lines: known.lines + talker.lines, bytes: known.bytes + talker.bytes });
  }

  /** The largest, in bytes. */
  top(most: number): readonly Talker[] {
    return [...this.byName.values()].sort((a, b) => b.bytes - a.bytes || a.who.localeCompare(b.who)).slice(0, most);
  }
}

function talkerOf(event: unknown): Pick<Talker, 'who' | 'verb' | 'resource'> {
  if (text(at(event, 'kind')) !== 'Event') return { who: 'no audit event', verb: '', resource: '' };
  const [resource, subresource] = ['resource', 'subresource'].map((field) => text(at(event, 'objectRef', field)) ?? '');
  const path = (text(at(event, 'requestURI')) ?? '').split('?', 1)[0] ?? '';
  return {
    who: callerClass(text(at(event, 'user', 'username')) ?? ''),
    verb: text(at(event, 'verb')) ?? '',
    resource: resource === '' ? path : `${resource ?? ''}${subresource === '' ? '' : `/${subresource ?? ''}`}`,
  };
}

/** Callers that are many of a kind count as one: nodes, sessions of a role. */
export function callerClass(username: string): string {
  if (username.startsWith('system:node:')) return 'system:node:*';
  return username.replace(/^(arn:[^:]*:sts::\d+:assumed-role\/[^/]+\/).*$/, '$1*');
}

/** The question to CloudWatch Logs Insights that counts talkers where the log is. Its rows hold {@link Talker}s as text. */
export const talkersQuery = [
  'filter @logStream like /^kube-apiserver-audit-/',
  'stats count(*) as lines, sum(strlen(@message)) as bytes by user.username as who, verb, objectRef.resource as resource, objectRef.subresource as subresource',
  'sort bytes desc',
  'limit 1000',
].join('\n| ');

/** A row of that question's answer. */
export function talkerIn(row: Readonly<Record<string, string>>): Talker {
  const { who = '', verb = '', resource = '', subresource = '', lines = '0', bytes = '0' } = row;
  return {
    who: callerClass(who),
    verb,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    lines: Number(lines),
    bytes: Number(bytes),
  };
}
