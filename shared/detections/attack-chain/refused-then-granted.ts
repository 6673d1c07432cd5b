import { sequence } from '../../detect/kit.ts';
import { execs, grants, grimExecs, mappings, oddWorkloads, refusals, secretReads } from '../../knowledge/chain-steps.ts';

/** Somebody was refused, was given rights, and then did what it had been refused. Strategy: ./ADS.md */
export const refusedThenGranted = sequence({
  id: 'refused-then-granted',
  title: 'Refused, then given rights, then at work with them',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1613', 'T1098.006'],
  rows: ['D154'],
  next: 'Ask whoever gave the rights why, by another channel than their account; if they do not know of it, both accounts are taken over.',
  steps: [
    refusals,
    [...grants, ...mappings],
    {
      of: [...grimExecs, ...execs, ...secretReads, ...oddWorkloads, 'deed-new-to-caller', 'token-minted', 'token-secret-made'],
      atLeast: 'medium',
    },
  ],
  on: ['principal'],
  within: 60 * 60_000,
  summary: 'It was refused at several doors, then given rights, and then did what needs an explanation',
});
