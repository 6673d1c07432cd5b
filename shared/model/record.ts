/** One log line as delivered, before anybody looked inside. */
export interface LogRecord {
  /** CloudWatch's event id, or file and position: unique per delivery path, and the identity of a line that cannot be read. */
  readonly id: string;
  /** When CloudWatch took it in, milliseconds since the epoch, where known. */
  readonly ingested?: number;
  readonly message: string;
  /** The message as the inside of a JSON string, where it came so: cheaper to search than to unescape. */
  readonly escaped?: string;
  /** The bytes of the same: cheaper to look into than to make a text of. */
  readonly inPlace?: Stretch;
}

/** Bytes of UTF-8, from one place to another. */
export interface Stretch {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Why a record could not be used. The README's table explains each. */
export type RejectReason =
  | 'bad-base64'
  | 'bad-gzip'
  | 'inflates-too-large'
  | 'bad-envelope'
  | 'foreign-stream'
  | 'line-too-long'
  | 'bad-json'
  | 'nested-too-deep'
  | 'not-an-audit-event'
  | 'not-an-api-event'
  | 'bad-logfmt'
  | 'not-a-signal'
  | 'flow-field-count'
  | 'flow-bad-value'
  | 'flow-lacks-addresses';

/** Why a record was put aside without judging: it could not have mattered. */
export type SkipReason =
  | 'control-message'
  | 'request-received'
  | 'other-log-type'
  | 'proof-of-life'
  | 'other-event'
  | 'flow-no-data'
  | 'flow-skip-data'
  | 'flow-responder'
  | 'signal-below-notice'
  | 'no-detection-reads-it'
  | 'routine';

/** A record that could not be used. */
export interface Reject {
  readonly reject: RejectReason;
  readonly record: LogRecord;
}

/** A record put aside. */
export interface Skip {
  readonly skip: SkipReason;
}
