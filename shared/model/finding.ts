import type { Deed } from './deed.ts';
import type { ActorKind, Entity, EntityKind } from './entity.ts';

/** Impact if the finding is true. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';
/** Likelihood that the finding is true. */
export type Confidence = 'low' | 'medium' | 'high';

const order: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** The severities as people read them. */
export const gravestFirst: readonly Severity[] = [...order].reverse();

/** Whether `severity` is at or above `bar`. */
export function atLeast(severity: Severity, bar: Severity): boolean {
  return order.indexOf(severity) >= order.indexOf(bar);
}

/** The graver of two severities. */
export function graver(a: Severity, b: Severity): Severity {
  return atLeast(a, b) ? a : b;
}

/** Whether a word is one of the four severities. */
export function isSeverity(word: string): word is Severity {
  return (order as readonly string[]).includes(word);
}

/** What a person can look up: the record that a finding rests on. */
export interface Evidence {
  /** Event time, milliseconds since the epoch. */
  readonly time: number;
  /** `auditID` or CloudTrail `eventID`: how to find the record, never its identity. */
  readonly eventId?: string;
  /** The raw line where the source has no ids: a flow log. */
  readonly record?: string;
  /** One line: who did what, from where. */
  readonly note: string;
  /** The same for programs; absent where nobody did it to anything. */
  readonly deed?: Deed;
}

/** What was normal, in numbers or words a person can check. */
export type Baseline = Readonly<Record<string, string | number>>;

/** Who did it: authenticated where somebody asked for a credential, attributed by address where a flow log is all there is. */
export interface Who {
  /** How the caller proved who it is; of traffic, what its address belonged to. */
  readonly kind: ActorKind | EntityKind;
  /** For people to read. */
  readonly name: string;
  /** The canonical ARN of an IAM principal, without the session; else the Kubernetes username. */
  readonly principal?: string;
  /** The session name of an IAM role: the person behind it, where sign-on puts one there. */
  readonly session?: string;
  readonly accessKey?: string;
  /** `NAMESPACE/NAME`. */
  readonly serviceAccount?: string;
  /** The pod whose bound token was presented, or that sent the traffic. */
  readonly pod?: string;
  readonly address?: string;
  /** The username that the caller impersonates. */
  readonly as?: string;
}

/** What it was done to, or where traffic ended inside the cluster. */
export interface Where {
  readonly namespace?: string;
  /** `NAMESPACE/KIND/NAME`, as workloads are named throughout. */
  readonly workload?: string;
  readonly pod?: string;
  readonly node?: string;
  /** `RESOURCE/NAME` of any other object; of an AWS call, what it names. */
  readonly object?: string;
}

/** The logs that detections read. */
export type Source = 'audit' | 'authenticator' | 'api' | 'flow' | 'intake' | 'signal' | 'coverage';

/** One detection said yes. */
export interface Finding {
  /** Hash of detection, subject and the key of its shape; never of text or count. */
  readonly id: string;
  readonly detection: string;
  readonly strategy: string;
  /** Which log it rests on; a sequence rests on findings of several. */
  readonly source?: Source;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Event time, milliseconds since the epoch. */
  readonly time: number;
  /**
   * Where it is only known that something happened between `time` and this: a count is over its limit at one event or
   * another, as batches were cut, and what rests on its time must not be.
   */
  readonly until?: number;
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly entity: Entity;
  readonly who?: Who;
  readonly where?: Where;
  /** ATT&CK v19 technique ids. */
  readonly attack: readonly string[];
  readonly summary: string;
  /** What groups findings into an alert: detection, entity and, where the detection says so, what it is about. */
  readonly fingerprint: string;
  readonly evidence: readonly Evidence[];
  readonly baseline?: Baseline;
  /** Where to start, for the person who is woken. */
  readonly next: string;
  /** The record came later than the lateness bound. */
  readonly late: boolean;
  /** What earlier findings of its fingerprint told of has ended. */
  readonly over?: true;
  /** Identities and objects that link this finding to others, for sequences. */
  readonly links: readonly string[];
  /** Short names of those whose deeds it rests on, as memories know who taught them. */
  readonly by?: readonly string[];
}
