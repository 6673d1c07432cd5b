import { audit, callerHabits, noveltyToRole } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Logs of the user's own workloads keep the memory's age, so that the first reader in a quiet cluster is judged. */
const namespaceRead = ({ target }: AuditEvent): string =>
  isGuardedNamespace(target.namespace) ? target.namespace : 'no guarded namespace';

/** Somebody who never did so reads logs of what runs or guards the cluster. Strategy: ./ADS.md */
export const guardedLogsRead = audit.detection({
  id: 'guarded-logs-read',
  title: 'Logs of the cluster or its security read by a new reader',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1005', 'T1552.007'],
  rows: ['D038'],
  next: 'Ask the reader what they looked for; logs of policy engines, secret stores and pipelines show what is guarded and how.',
  reads: { verbs: ['get'], resources: ['pods/log'] },
  when: (event: AuditEvent) =>
    event.allowed && event.actor.type !== 'anonymous' && !isClusterItself(event) && !event.hasDuty('administrator'),
  memory: callerHabits('log-namespace', namespaceRead),
  judge: (event, habits) => {
    const { namespace } = event.target;
    const novelty = isGuardedNamespace(namespace) ? noveltyToRole(namespaceRead(event), habits) : undefined;
    if (novelty === undefined) return undefined;
    const { never, shared, baseline } = novelty;
    return {
      entity: event.actor,
      about: namespace,
      summary:
        `${callerText(event)} read the log of pod ${shorten(`${namespace}/${event.target.name}`)}, which belongs to the cluster or its security; ` +
        `${never} read logs there${shared ? ', though others in this cluster did' : ''}.`,
      baseline,
    };
  },
});
