import { sequence } from '../../detect/kit.ts';
import { oddWorkloads, secretReads, strayCredentials } from '../../knowledge/chain-steps.ts';

/** A credential turns up elsewhere, reads Secrets and starts something. Strategy: ./ADS.md */
export const newNetworkThenSecretsThenWorkload = sequence({
  id: 'new-network-then-secrets-then-workload',
  title: 'Stray credential, then Secrets read, then something started',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1078.004', 'T1552.007', 'T1610'],
  rows: ['D152'],
  next: 'Revoke the credential at once, delete what it started, and rotate every Secret that it read.',
  steps: [
    { of: strayCredentials, atLeast: 'medium' },
    { of: secretReads, atLeast: 'medium' },
    { of: oddWorkloads, atLeast: 'medium' },
  ],
  on: ['identity'],
  within: 24 * 60 * 60_000,
  summary: 'A credential was used from where its owner never was, read Secrets, and then started something that needs an explanation',
});
