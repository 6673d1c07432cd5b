import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { podWrites } from '../../knowledge/pod-changes.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';

const triedWhat = ({ target }: AuditEvent): string =>
  `${[target.resource, target.subresource].filter(Boolean).join('/')} in ${target.namespace || 'no namespace'}`;

/** Who may do it, and was stopped by what looks at the object itself. */
const byAdmission = (event: AuditEvent): boolean => event.annotation('authorization.k8s.io/decision') === 'allow';

/** What lets somebody start things after all. */
const rights = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];

/** Somebody tries to start something, or to gain the right to, and is refused. Strategy: ./ADS.md */
export const workloadCreationRefused = audit.detection({
  id: 'workload-creation-refused',
  title: 'Creation of a workload or of rights refused',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1610', 'T1098.006'],
  rows: ['D062'],
  next: 'Ask the caller what it tried to start; a workload that tries to start others is worth more than a person who lacks a right.',
  reads: { verbs: ['create'], resources: [...podWrites.resources, ...rights] },
  // Controllers try what a workload's author told them: the author was judged.
  when: (event: AuditEvent) =>
    event.outcome === 'forbidden' &&
    event.actor.type !== 'anonymous' &&
    !isControlPlane(event.actor) &&
    !(event.hasDuty('deployer') && byAdmission(event)),
  memory: {
    // Told once and known from then on: a pipeline that lacks a right tries with every run.
    tried: seenSet({
      id: 'refused-creations',
      key: (event: AuditEvent) => [callerId(event.actor)],
      member: triedWhat,
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { tried }) => {
    if (tried.has(triedWhat(event))) return undefined;
    const message = text(at(event.response, 'message')) ?? '';
    // A full namespace refuses everybody. The server writes this, after the name of what was refused.
    if (byAdmission(event) && /^[^:]{0,600}is forbidden: exceeded quota:/.test(message)) return undefined;
    const name = event.target.name === '' ? '' : ` (${shorten(event.target.name)})`;
    return {
      entity: event.actor,
      about: triedWhat(event),
      summary:
        `${callerText(event)} tried to create ${triedWhat(event)}${name} and was refused by ` +
        `${byAdmission(event) ? `admission: ${shorten(message || 'no reason is recorded', 240)}` : 'the rules on its rights'}.`,
      baseline: { 'known refusals': tried.size },
    };
  },
});
