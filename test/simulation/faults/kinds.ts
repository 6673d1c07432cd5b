/** Everything that may go wrong between the parts, and what the sources of events do besides. */
export const faultKinds = [
  'delayed',
  'held back',
  'reordered',
  're-batched',
  'payload twice',
  'concurrent on a key',
  'cold start',
  'warm start',
  'environment replaced',
  'throttled',
  'timed out before',
  'timed out after',
  'took effect later',
  'took effect in part',
  'crashed before',
  'crashed after',
  'stale read',
  'alert changed by another',
  'tick twice',
  'stream batch again',
  'stream batch failed in part',
  'stream batch halved',
  'message twice',
  'rate limited',
] as const;

/** A kind of fault. */
export type FaultKind = (typeof faultKinds)[number];

/** How often each kind occurred. */
export type FaultCounts = Record<FaultKind, number>;

/** No fault yet. */
export function noFaults(): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;
}
