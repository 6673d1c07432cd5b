import { sequence } from '../../detect/kit.ts';
import { grimExecs } from '../../knowledge/chain-steps.ts';

/** Somebody entered a pod, and then the pod's token is used elsewhere. Strategy: ./ADS.md */
export const credentialsReadThenUsed = sequence({
  id: 'credentials-read-then-used',
  title: 'Pod entered, then its token used elsewhere',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1609', 'T1552.001', 'T1550.001'],
  rows: ['D155'],
  next: 'Delete the pod, which ends its token, revoke the credential that ran the exec, and list what the token did since.',
  steps: [
    [...grimExecs, 'exec-opens-shell'],
    // A proxy may speak for a pod; an address on the internet or of another pod may not.
    { of: ['token-used-away-from-pod', 'workload-identity-from-internet'], atLeast: 'high' },
  ],
  on: ['pod'],
  within: 24 * 60 * 60_000,
  summary: 'Somebody entered the pod, and within a day the token that is bound to it was used from elsewhere',
});
