import { sequence } from '../../detect/kit.ts';
import { execs, newTraffic } from '../../knowledge/chain-steps.ts';

/** Somebody entered a pod, and then the pod reached for something it never did. Strategy: ./ADS.md */
export const execThenNewDestination = sequence({
  id: 'exec-then-new-destination',
  title: 'Pod entered, then unusual traffic from it',
  severity: 'critical',
  // People debug: a first exec and a first destination within the hour may be one of them.
  confidence: 'medium',
  attack: ['T1609', 'T1071', 'T1046'],
  rows: ['D158'],
  next: 'Isolate the pod with a NetworkPolicy that allows nothing, revoke the credential that ran the exec, and keep the pod for analysis.',
  // What others in the cluster do as well is told as low, and builds are entered by their runner and fetch it all day.
  steps: [execs, { of: newTraffic, atLeast: 'medium' }],
  on: ['pod'],
  within: 60 * 60_000,
  summary: 'A command was run in a pod, and within an hour it scanned, uploaded or talked to a destination it never talked to',
});
