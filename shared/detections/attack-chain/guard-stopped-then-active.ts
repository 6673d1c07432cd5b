import { sequence } from '../../detect/kit.ts';
import { blinding, intrusions } from '../../knowledge/chain-steps.ts';

/** Somebody switches off what watches, and acts before or after. Strategy: ./ADS.md */
export const guardStoppedThenActive = sequence({
  id: 'guard-stopped-then-active',
  title: 'Guard or log switched off by somebody who also acts like an intruder',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1685', 'T1685.002'],
  rows: ['D160'],
  next: 'Restore the guard or log before anything else, revoke the credential, and treat the time in between as unwatched.',
  steps: [
    { of: blinding, atLeast: 'medium' },
    { of: intrusions, atLeast: 'medium' },
  ],
  unordered: true,
  on: ['identity'],
  within: 4 * 60 * 60_000,
  apart: 60_000,
  summary: 'What watches or restrains was switched off, and within hours the same hand did what no maintenance needs',
});
