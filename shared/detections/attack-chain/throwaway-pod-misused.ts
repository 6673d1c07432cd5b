import { sequence } from '../../detect/kit.ts';
import { grimExecs } from '../../knowledge/chain-steps.ts';

/** A throwaway pod serves to do what needs an explanation, and is gone. Strategy: ./ADS.md */
export const throwawayPodMisused = sequence({
  id: 'throwaway-pod-misused',
  title: 'Throwaway pod used for an attack and removed',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1610', 'T1609', 'T1070'],
  rows: ['D156'],
  next: 'Reconstruct from the audit log what was run in the pod and from the flow log whom its address talked to; ask the caller.',
  steps: [grimExecs, ['short-lived-container']],
  on: ['pod'],
  within: 15 * 60_000,
  summary: 'Commands of an attack were run in a pod, and minutes later it was removed',
});
