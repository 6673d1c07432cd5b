import { sequence } from '../../detect/kit.ts';
import { mappings, strayCredentials } from '../../knowledge/chain-steps.ts';

/** A credential turns up elsewhere, and lets itself or another into the cluster. Strategy: ./ADS.md */
export const strayKeyThenMapping = sequence({
  id: 'stray-key-then-mapping',
  title: 'Stray IAM credential, then access to the cluster changed',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1078.004', 'T1098.006'],
  rows: ['D159'],
  next: 'Delete the access entry or mapping, revoke the sessions of the credential that made it, and look in CloudTrail for what else it changed.',
  // Somebody who works from home lets a new team in; who lets in another account or makes an administrator is told.
  steps: [strayCredentials, { of: mappings, atLeast: 'high' }],
  on: ['identity'],
  within: 24 * 60 * 60_000,
  summary: 'An IAM credential was used from where its owner never was, and within a day changed who may enter the cluster',
});
