/** Where a batch of records comes from, told by its transport or by configuration, never by the records. */
export interface Scope {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
}

/** What every event has, whatever its source. */
export interface EventBase {
  /** Identity of the request, API call or conversation: the same for every stage and delivery of it. */
  readonly key: string;
  /** Event time, milliseconds since the epoch. */
  readonly time: number;
  /** Days since the epoch, UTC, of the event's time: all that novelty needs to know of it. */
  readonly day: number;
  readonly scope: Scope;
  /** Arrived later than the lateness bound. */
  readonly late: boolean;
}

/**
 * How late a record may arrive and still be in order, in milliseconds. EKS and CloudTrail deliver within minutes;
 * flow logs aggregate first.
 */
export const lateness = {
  audit: 15 * 60_000,
  authenticator: 15 * 60_000,
  api: 15 * 60_000,
  flow: 20 * 60_000,
  falco: 15 * 60_000,
  auditd: 15 * 60_000,
} as const;
