import { audit, seenSet } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { readsAllSecrets, secretsAsked } from '../../knowledge/secret-read.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

const isToken = ({ target }: AuditEvent): boolean => target.resource === 'serviceaccounts';

/** The service account that an event tells about: kubelets fetch its tokens as long as it is at work. */
const account = (event: AuditEvent): string =>
  isToken(event) ? `system:serviceaccount:${event.target.namespace}:${event.target.name}` : event.actor.username;

/** Namespaces after which an account is one that keeps Secrets for others. */
const manyNamespaces = 4;

/** A node asks for Secrets by name, of its pods; without a name it would get those of others. */
const isNodesList = ({ actor, target }: AuditEvent): boolean => actor.type === 'node' && target.name === '';

/** A workload that never needed Secrets from the API asks for one. Strategy: ./ADS.md */
export const secretReadByNewWorkload = audit.detection({
  id: 'secret-read-by-new-workload',
  title: 'Secret read over the API by a workload or node that never did',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1552.007', 'T1528'],
  rows: ['D110'],
  next: 'Ask the owner of the workload whether its software reads Secrets; if not, look into its pods, delete them and rotate what was read.',
  reads: { verbs: ['get', 'list', 'watch', 'create'], resources: ['secrets', 'serviceaccounts/token'] },
  when: (event) =>
    isToken(event)
      ? event.actor.type === 'node' && event.allowed
      : event.verb !== 'create' &&
        (event.actor.type === 'service-account' ? event.allowed && !isControlPlane(event.actor) : isNodesList(event) && event.allowed),
  novelty: (event) =>
    `${isToken(event) ? 'token' : event.target.name === '' ? event.verb : 'get'} ${account(event)} ${event.target.namespace}`,
  memory: {
    // Asked for nothing but its age.
    work: seenSet({
      id: 'accounts-at-work',
      key: (event) => [account(event)],
      member: () => 'at work',
      days: 30,
      warmUpDays: 3,
      ofThePlace: true,
    }),
    namespaces: seenSet({
      id: 'secrets-of-accounts',
      key: (event) => (isToken(event) ? undefined : [account(event)]),
      member: ({ target }) => target.namespace,
      days: 90,
      warmUpDays: 0,
    }),
  },
  judge: (event, { work, namespaces }) => {
    if (isToken(event) || event.hasDuty('secret-reader') || event.hasDuty('administrator') || event.hasDuty('scanner')) return undefined;
    const node = event.actor.type === 'node';
    const { namespace } = event.target;
    // The strategy on lists of all Secrets tells those.
    if (!node && (namespaces.has(namespace) || readsAllSecrets(event))) return undefined;
    const own = event.actor.username.startsWith(`system:serviceaccount:${namespace}:`);
    const guarded = !own && isGuardedNamespace(namespace);
    const first = namespaces.size === 0;
    if (!node && (work.learning ? own : !first && !guarded && namespaces.size >= manyNamespaces)) return undefined;
    const age = Math.min(work.age, 30);
    const before = node
      ? 'nodes ask for single Secrets of their pods only'
      : first
        ? `in ${String(age)} days at work it read none`
        : `it read those of ${String(namespaces.size)} other namespaces until now`;
    return {
      entity: event.actor,
      about: namespace,
      summary: `${callerText(event)} asked for ${secretsAsked(event)}; ${before}.`,
      baseline: { 'namespaces known': namespaces.size, 'such as': namespaces.some(4).join(', '), 'at work for days': age },
      severity: node || (guarded && first && !work.learning) ? 'high' : work.learning || (!first && !guarded) ? 'low' : 'medium',
    };
  },
});
