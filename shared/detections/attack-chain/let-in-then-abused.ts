import { sequence } from '../../detect/kit.ts';
import { grimExecs, intrusions, mappings, oddWorkloads } from '../../knowledge/chain-steps.ts';

/** Somebody was let into the cluster, and misuses it. Strategy: ./ADS.md */
export const letInThenAbused = sequence({
  id: 'let-in-then-abused',
  title: 'Let into the cluster, then up to no good',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1098.006', 'T1078.004'],
  rows: ['D159'],
  next: 'Delete the access entry or mapping that let the principal in, revoke its sessions, and ask whoever made the entry.',
  steps: [
    { of: mappings, atLeast: 'medium' },
    // A new administrator looks around; nothing of that is grave.
    { of: [...grimExecs, ...intrusions, ...oddWorkloads], atLeast: 'high' },
  ],
  on: ['principal'],
  within: 24 * 60 * 60_000,
  apart: 2 * 60_000,
  summary: 'It was let into the cluster or given more there, and within a day did what is grave by itself',
});
