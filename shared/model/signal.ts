import type { EventBase } from './base.ts';
import type { Entity } from './entity.ts';
import type { Severity } from './finding.ts';

/** Systems whose findings are taken in. */
export type SignalSystem = 'guardduty' | 'falco' | 'auditd';

/** Whom a signal names beside its entity: other findings about these belong to the same story. */
export interface Named {
  /** As `NAMESPACE/NAME`. */
  readonly pods: readonly string[];
  /** Names of nodes, as the cluster has them. */
  readonly nodes: readonly string[];
  /** Identities, as the audit log's actors are called. */
  readonly identities: readonly string[];
}

/** A finding of another system, taken in as an event: evidence, as good as the log it stood in. */
export interface SignalEvent extends EventBase {
  readonly source: 'signal';
  readonly system: SignalSystem;
  /** The system's own id of its finding, or of the record that it rests on. */
  readonly id: string;
  /** What kind of finding: GuardDuty's type, Falco's rule, auditd's record type or `key NAME` for a key of its rules. */
  readonly type: string;
  readonly title: string;
  /** As the system rates it; where it rates nothing, as its operator marked it. */
  readonly severity: Severity;
  readonly entity: Entity;
  readonly named: Named;
  /** The command line it speaks of; empty where it speaks of none. */
  readonly command: string;
  /** One of so many subjects that it is told with all others beyond the bound, under the name of its log. */
  readonly flooding?: boolean;
}

/** Names without those that are empty or mentioned twice; a finding may list very many. */
export function names(given: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(given.filter((name): name is string => name !== undefined && name !== ''))].slice(0, mostNames);
}

const mostNames = 10;

/**
 * How an actor of the audit log is called who logs in under a name: a session of an IAM role bears the role's ARN there.
 * A role's path is not in a session's ARN, so a role with one is not recognised. Source: IAM user guide, "IAM identifiers".
 */
export function actorNamed(username: string): string {
  const [, partition, account, role, session] = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(username) ?? [];
  if (partition === undefined || account === undefined || role === undefined || session === undefined) return username;
  return `arn:${partition}:iam::${account}:role/${role}/${session}`;
}

/** A machine's name as the cluster has it: EC2's private host names are short on the machine. Source: EC2 user guide, "Hostname types". */
export function nodeNamed(host: string, region: string): string {
  if (region === '' || !/^ip-\d{1,3}(?:-\d{1,3}){3}$/.test(host)) return host;
  return region === 'us-east-1' ? `${host}.ec2.internal` : `${host}.${region}.compute.internal`;
}
