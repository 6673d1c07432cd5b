import { audit } from '../../detect/kit.ts';
import { guardVerdict, guardVersions, guardWrites, touchesGuard } from '../../knowledge/guard-stopped.ts';

/** The engine that enforces policies is deleted, starved or replaced. Strategy: ./ADS.md */
export const policyEngineStopped = audit.detection({
  id: 'policy-engine-stopped',
  title: 'Policy engine stopped or replaced',
  severity: 'high',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D103'],
  next: 'Restore the engine from its manifest unless the stop was planned, then list what was created while it was down against its policies.',
  reads: guardWrites,
  memory: { guard: guardVersions },
  when: (event) => touchesGuard(event, 'policy engine'),
  judge: (event, { guard: { previous } }) => guardVerdict(event, 'policy engine', previous),
});
