import { audit } from '../../detect/kit.ts';
import { guardVerdict, guardVersions, guardWrites, touchesGuard } from '../../knowledge/guard-stopped.ts';

/** An agent that watches the nodes or ships their logs is deleted, starved or replaced. Strategy: ./ADS.md */
export const securityAgentRemoved = audit.detection({
  id: 'security-agent-removed',
  title: 'Security agent removed or neutralised',
  severity: 'high',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D118'],
  next: 'Restore the agent from its manifest or add-on unless the removal was planned, and distrust what ran on the nodes while it was gone.',
  reads: guardWrites,
  memory: { guard: guardVersions },
  when: (event) => touchesGuard(event, 'security agent'),
  judge: (event, { guard: { previous } }) => guardVerdict(event, 'security agent', previous),
});
