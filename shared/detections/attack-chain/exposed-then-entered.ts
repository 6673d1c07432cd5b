import { sequence } from '../../detect/kit.ts';
import { grimExecs, newTraffic } from '../../knowledge/chain-steps.ts';

/** Something was opened to the internet, somebody came in, and it was put to use. Strategy: ./ADS.md */
export const exposedThenEntered = sequence({
  id: 'exposed-then-entered',
  title: 'Opened to the internet, reached, then misused',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1133', 'T1190', 'T1059.004'],
  rows: ['D157'],
  next: 'Isolate the pod that was reached, close the Service, Ingress or port that was opened, and look at what the pod was asked and what it sent.',
  steps: [
    ['service-exposed', 'ingress-exposed', 'host-port-opened', 'service-repointed', 'endpoints-by-hand'],
    ['reached-from-internet', 'logins-tried-from-internet'],
    // A launch brings visitors and new destinations, and no scans and no attack tools.
    { of: [...grimExecs, ...newTraffic], atLeast: 'high' },
  ],
  on: ['namespace'],
  within: 24 * 60 * 60_000,
  summary:
    'A way in from the internet was opened, somebody came through it, and within a day something was done there that a launch does not do',
});
