import type { Scope } from '../model/base.ts';
import type { FlowFormat } from '../model/flow-line.ts';
import type { LogRecord, Reject, SkipReason } from '../model/record.ts';

/** What a transport delivered, with its wrapping off: the lines of one log, and what could not be unwrapped. */
export type Batch = BatchBase &
  (
    | { readonly log: 'audit' }
    | { readonly log: 'authenticator' }
    | { readonly log: 'flow'; readonly format: FlowFormat }
    | { readonly log: 'api' }
    | { readonly log: 'falco' }
    /** `keys`: what keys of rules begin with whose events are told. */
    | { readonly log: 'auditd'; readonly keys: readonly string[] }
    /** What the coverage check found. */
    | { readonly log: 'coverage' }
  );

interface BatchBase {
  readonly scope: Scope;
  /** Log group and stream, rule or file: where a person would look. */
  readonly place: string;
  readonly records: readonly LogRecord[];
  /** Lines refused before anybody read them. */
  readonly rejects: readonly Reject[];
  /** Lines of logs that nobody reads. */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Times of proofs of life that came instead of lines. */
  readonly proofs?: readonly number[];
}
