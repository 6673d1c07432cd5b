/** Key attributes of all three tables. */
export const keys = { partition: 'pk', sort: 'sk', expires: 'expires' } as const;

/** Partitions of the settings table, one for each of those who read it: triage what nobody is told of, judges the limits that people set. */
export const settingsPartitions = { suppressions: 'suppressions', limits: 'limits' } as const;

/**
 * The attribute that tells what an item of the findings table is; the stream filters of triage and notify read it. A proof of life is
 * `proof` where a finding would be one, and `proven-alert` where an alert would.
 */
export const itemKind = {
  attribute: 'kind',
  finding: 'finding',
  alert: 'alert',
  proof: 'proof',
  provenAlert: 'proven-alert',
} as const;

/** The attribute of an alert's item that is there while an order to tell of it waits: the order's number. Notify is woken by it. */
export const orderAttribute = 'telling';
