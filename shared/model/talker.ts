import { at, parseJson, text } from './json.ts';

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

/** Whose a line of the audit log is; what is no audit event has a name of its own. */
export function talkerOf(line: string): Pick<Talker, 'who' | 'verb' | 'resource'> {
  const event = parseJson(line);
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
function callerClass(username: string): string {
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
