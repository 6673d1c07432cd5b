import { sequence } from '../../detect/kit.ts';
import { grants, oddWorkloads } from '../../knowledge/chain-steps.ts';

/** Somebody gave rights, and then used them on workloads. Strategy: ./ADS.md */
export const rightsThenWorkload = sequence({
  id: 'rights-then-workload',
  title: 'Rights given, then used to run something by the same caller',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006', 'T1610'],
  rows: ['D153'],
  next: 'Ask the caller about both changes; unless they can explain them, delete the binding first and the workload then, and keep both objects.',
  steps: [
    { of: grants, atLeast: 'medium' },
    { of: oddWorkloads, atLeast: 'medium' },
  ],
  on: ['identity'],
  within: 60 * 60_000,
  // A chart installs rights and workloads in one go, in seconds.
  apart: 2 * 60_000,
  summary: 'Rights were given, and within an hour the same caller ran something that needs an explanation',
});
