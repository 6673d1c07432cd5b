import { sequence } from '../../detect/kit.ts';

/** A network policy was opened, and workloads talk that never did. Strategy: ./ADS.md */
export const policyChangeThenNewEdge = sequence({
  id: 'policy-change-then-new-edge',
  title: 'NetworkPolicy opened, then traffic that was never there',
  severity: 'high',
  // A release may open a way and use it.
  confidence: 'low',
  attack: ['T1686', 'T1021'],
  rows: ['D119', 'D145'],
  next: 'Ask whoever changed the policy whether the new traffic is what it was changed for; if not, restore the policy and isolate the caller.',
  steps: [
    { of: ['network-policy-opened', 'network-policy-removed', 'plugin-policy-changed'], atLeast: 'medium' },
    // Within a namespace a new call is low by itself; who opened a policy before makes it worth a look.
    [
      'new-edge-between-workloads',
      'traffic-against-network-policy',
      'port-scan',
      'network-sweep',
      'database-logins-tried',
      'machine-logins-tried',
    ],
  ],
  on: ['namespace'],
  within: 60 * 60_000,
  summary: 'A NetworkPolicy was opened or removed, and within an hour workloads talked there that never did',
});
