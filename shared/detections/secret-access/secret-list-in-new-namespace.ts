import { audit, callerHabits, noveltyOf } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { readsReleasesOnly, secretsAsked } from '../../knowledge/secret-read.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import type { AuditEvent } from '../../model/audit.ts';

const namespaceListed = ({ target }: AuditEvent): string => target.namespace;

/** A list with a name is a node or informer asking for one Secret. A workload's own namespace is its own. */
const listsNamespace = ({ verb, target, actor }: AuditEvent): boolean =>
  verb !== 'get' &&
  target.namespace !== '' &&
  target.name === '' &&
  !(actor.type === 'service-account' && actor.username.startsWith(`system:serviceaccount:${target.namespace}:`));

/** All Secrets of a namespace are asked for by somebody who never did so. Strategy: ./ADS.md */
export const secretListInNewNamespace = audit.detection({
  id: 'secret-list-in-new-namespace',
  title: 'Secrets of a namespace listed by a new reader',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1552.007'],
  rows: ['D106'],
  next: 'Ask the reader what they needed in that namespace; unless its owner knows, revoke the credential and rotate what the Secrets hold.',
  reads: { verbs: ['list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) => event.allowed && listsNamespace(event) && !isClusterItself(event),
  memory: callerHabits('secret-list-namespace', namespaceListed),
  judge: (event, habits) => {
    const { namespace } = event.target;
    const novelty = noveltyOf(namespace, habits);
    if (novelty === undefined) return undefined;
    const { never, shared, baseline } = novelty;
    const guarded = isGuardedNamespace(namespace);
    const expected = event.hasDuty('secret-reader') || event.hasDuty('deployer') || event.hasDuty('administrator');
    const releases = readsReleasesOnly(event);
    const workload = event.actor.type === 'service-account';
    return {
      entity: event.actor,
      about: namespace,
      summary:
        `${callerText(event)} asked for ${secretsAsked(event)}${guarded ? ', which holds parts of the cluster or its security' : ''}; ` +
        `${never} listed Secrets there${shared ? ', though others in this cluster did' : ''}.`,
      baseline,
      severity: expected ? 'low' : guarded ? (releases ? 'medium' : 'high') : releases ? 'low' : shared && !workload ? 'low' : 'medium',
    };
  },
});
