import { sequence } from '../../detect/kit.ts';
import { notableExecs, oddWorkloads } from '../../knowledge/chain-steps.ts';

/** A pod with power over the node is made, entered and removed in minutes. Strategy: ./ADS.md */
export const podMadeEnteredRemoved = sequence({
  id: 'pod-made-entered-removed',
  title: 'Pod with unusual powers made, entered and removed',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1610', 'T1609', 'T1070'],
  rows: ['D156'],
  next: 'Isolate the node that the pod ran on and treat it as entered: cordon it, snapshot its volume, replace it, and revoke the caller’s credential.',
  // Runners of builds start privileged pods, run commands in them and remove them all day.
  steps: [{ of: oddWorkloads, atLeast: 'medium' }, notableExecs, ['short-lived-container']],
  on: ['pod'],
  within: 15 * 60_000,
  summary: 'A pod with powers or an origin that need an explanation was made, entered and removed within a quarter of an hour',
});
