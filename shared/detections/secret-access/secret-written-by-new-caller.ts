import { audit, callerHabits, noveltyOf } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

const isRemoval = ({ verb }: AuditEvent): boolean => verb.startsWith('delete');

const deed = (event: AuditEvent): string => `${isRemoval(event) ? 'remove' : 'write'} in ${event.target.namespace}`;

/** Namespaces after which an account is one that keeps Secrets for others. */
const manyNamespaces = 4;

/** Somebody who never did so writes or removes a Secret. Strategy: ./ADS.md */
export const secretWrittenByNewCaller = audit.detection({
  id: 'secret-written-by-new-caller',
  title: 'Secret written or removed by somebody who never did so',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1552.007', 'T1485', 'T1098'],
  rows: ['D111'],
  next: 'Ask the caller what the Secret is for, and restart what uses it only once its content is known.',
  reads: { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], resources: ['secrets'] },
  when: (event: AuditEvent) => event.allowed && !isControlPlane(event.actor),
  memory: callerHabits('secret-writers', deed),
  judge: (event, habits) => {
    const novelty = noveltyOf(deed(event), habits);
    if (novelty === undefined || event.dryRun || isEksItself(event)) return undefined;
    if (isAppointed(event) || event.hasDuty('secret-reader')) return undefined;
    const { actor, target, verb } = event;
    const all = verb === 'deletecollection';
    const guarded = isGuardedNamespace(target.namespace) && !actor.username.startsWith(`system:serviceaccount:${target.namespace}:`);
    if (actor.type === 'service-account' && !all && !guarded && habits.own.size >= manyNamespaces) return undefined;
    const what = all
      ? `all Secrets of namespace ${target.namespace}`
      : `Secret ${shorten(`${target.namespace}/${target.name || 'of unknown name'}`)}`;
    return {
      entity: actor,
      about: deed(event),
      summary: `${callerText(event)} ${isRemoval(event) ? 'removed' : 'wrote'} ${what}; ${novelty.never} ${isRemoval(event) ? 'removed' : 'wrote'} one there${novelty.shared ? ', though others in this cluster did' : ''}.`,
      baseline: novelty.baseline,
      severity: all || (guarded && !novelty.shared) ? 'medium' : 'low',
    };
  },
});
