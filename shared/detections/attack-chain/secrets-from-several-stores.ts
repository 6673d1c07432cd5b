import { sequence } from '../../detect/kit.ts';
import { secretReads } from '../../knowledge/chain-steps.ts';

/** One caller empties the Secrets of the cluster and those of AWS. Strategy: ./ADS.md */
export const secretsFromSeveralStores = sequence({
  id: 'secrets-from-several-stores',
  title: 'Secrets taken from the cluster and from AWS by one caller',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1552.007', 'T1078.004'],
  rows: ['D113'],
  next: 'Revoke the caller’s sessions, list in CloudTrail and the audit log which secrets it read, and rotate those.',
  steps: [secretReads, ['cloud-secrets-read-by-new-reader']],
  unordered: true,
  on: ['identity'],
  within: 60 * 60_000,
  summary: 'Within an hour one caller read Secrets of the cluster and secrets of an AWS store, as it does not do',
});
