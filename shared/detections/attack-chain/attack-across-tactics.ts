import { sequence } from '../../detect/kit.ts';

/** One identity, pod or workload shows most of an attack within a day. Strategy: ./ADS.md */
export const attackAcrossTactics = sequence({
  id: 'attack-across-tactics',
  title: 'Several stages of an attack by one actor or in one place',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1078.004', 'T1609', 'T1552.007', 'T1021', 'T1071'],
  rows: ['D152'],
  next: 'Read the timeline from its beginning, revoke the credential that it begins with, and isolate each pod that it names.',
  steps: [],
  tactics: 4,
  on: ['identity', 'pod', 'node', 'address'],
  within: 24 * 60 * 60_000,
  summary: 'Within a day there were findings of four tactics or more that hang together',
});
