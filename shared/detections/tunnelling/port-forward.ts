import { audit } from '../../detect/kit.ts';
import { enteredText, isExecAttempt } from '../../knowledge/exec.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isProductionLike } from '../../knowledge/production-namespaces.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';

/** Somebody opens a tunnel from his machine to a port of a pod. Strategy: ./ADS.md */
export const portForward = audit.detection({
  id: 'port-forward',
  title: 'Tunnel opened to a pod',
  severity: 'low',
  confidence: 'high',
  attack: ['T1572', 'T1090'],
  rows: ['D051'],
  next: 'Ask the person behind the session which port of the pod they used and what for: the log does not say.',
  reads: { verbs: ['get', 'create'], resources: ['pods/portforward'] },
  when: isExecAttempt,
  judge: (event) => {
    const { namespace } = event.target;
    const person = event.actor.type === 'iam' || event.actor.type === 'certificate';
    const guarded = isGuardedNamespace(namespace);
    const remarks = [
      ...(guarded ? ['in a namespace that holds parts of the cluster or its security'] : []),
      ...(isProductionLike(namespace) ? ['in production'] : []),
      ...(person ? [] : ['though it is no person']),
    ];
    const deed = event.allowed ? 'opened' : 'was refused when trying to open';
    const expected = event.hasDuty('administrator') && !guarded;
    return {
      entity: event.actor,
      about: namespace,
      summary: `${callerText(event)} ${[`${deed} a tunnel to ${enteredText(event)}`, ...remarks].join(', ')}.`,
      severity: event.allowed && remarks.length > 0 && !expected ? 'medium' : 'low',
    };
  },
});
