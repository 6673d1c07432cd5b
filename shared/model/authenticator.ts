import { type EventBase, lateness, type Scope } from './base.ts';
import type { Actor } from './entity.ts';
import { digest, identifierLength } from './hash.ts';
import { parseLogfmt } from './logfmt.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import { dayOf } from './time.ts';

/** An answer of the IAM authenticator: whether a cluster knows the IAM principal that presented a token. */
export interface AuthenticatorEvent extends EventBase {
  readonly source: 'authenticator';
  readonly outcome: 'granted' | 'denied';
  /** Who presented the token, as STS vouched for it; without an id where STS did not. */
  readonly actor: Actor;
  /** The ARN as the log has it; empty where STS knew nobody. */
  readonly arn: string;
  /** Why access was denied. */
  readonly error: string;
  /** STS vouched for the principal, and the cluster maps it to nobody. */
  readonly unmapped: boolean;
  /** The peer of the authenticator: the API server beside it, hence a loopback address and never the caller's. */
  readonly client: string;
  /** CloudWatch's id of the log event, or file and position. */
  readonly recordId: string;
}

/** The messages that tell of an answer. Source: kubernetes-sigs/aws-iam-authenticator, `pkg/server/server.go`. */
export const authenticatorAnswers: ReadonlyMap<string, AuthenticatorEvent['outcome']> = new Map([
  ['access granted', 'granted'],
  ['access denied', 'denied'],
]);

/** One line of an authenticator stream as an event. The server's own messages, and those of its libraries, tell of nobody's access. */
export function normaliseAuthenticator(record: LogRecord, scope: Scope): AuthenticatorEvent | Reject | Skip {
  const line = record.message.trim();
  if (!line.startsWith('time=')) return { skip: 'other-event' };
  const fields = parseLogfmt(line);
  if (fields === undefined) return { reject: 'bad-logfmt', record };
  const outcome = authenticatorAnswers.get(fields.get('msg') ?? '');
  if (outcome === undefined) return { skip: 'other-event' };
  const told = Date.parse(fields.get('time') ?? '');
  const time = Number.isNaN(told) ? (record.ingested ?? 0) : told;
  const arn = fields.get('arn') ?? '';
  const error = fields.get('error') ?? '';
  return {
    source: 'authenticator',
    // The whole line: it says who and when, and which connection asked.
    key: digest(identifierLength, [scope.cluster, line]),
    time,
    day: dayOf(time),
    scope,
    late: record.ingested !== undefined && record.ingested - time > lateness.authenticator,
    outcome,
    actor: actorOfArn(arn, fields),
    arn,
    error,
    unmapped: outcome === 'denied' && arn !== '' && /\bnot mapped\b/i.test(error),
    client: fields.get('client') ?? '',
    recordId: record.id,
  };
}

const sessionArn = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;
const anyArn = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):/;

/** A session's ARN names its role without the path; IAM's own form of it is what audit events know the role by. */
function actorOfArn(arn: string, fields: ReadonlyMap<string, string>): Actor {
  const [, partition = 'aws', roleAccount, role = '', session] = sessionArn.exec(arn) ?? [];
  const principal = role === '' ? arn : `arn:${partition}:iam::${roleAccount ?? ''}:role/${role}`;
  const account = roleAccount ?? anyArn.exec(arn)?.[1];
  const name = principal.slice(principal.lastIndexOf('/') + 1) || 'an unknown principal';
  return {
    kind: 'identity',
    type: 'iam',
    id: session === undefined ? principal : `${principal}/${session}`,
    name: session === undefined ? name : `${name} (${session})`,
    username: fields.get('username') ?? '',
    principal,
    groups: [],
    ...(account === undefined ? {} : { account }),
    ...(session === undefined ? {} : { session }),
  };
}
