import { audit, seenSet, snapshot } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { text } from '../../model/json.ts';

/**
 * The type of a Secret is never logged. But the token controller fills every token Secret that somebody makes, and it is
 * the only controller that writes Secrets under the manager's own name. Sources: kubernetes,
 * `cmd/kube-controller-manager/app/controllermanager.go` and `pkg/controller/serviceaccount/tokens_controller.go`.
 */
const fillsToken = ({ verb, actor }: AuditEvent): boolean =>
  verb !== 'create' && actor.type === 'control-plane' && actor.username === 'system:kube-controller-manager';

const isMade = ({ verb, code }: AuditEvent): boolean => verb === 'create' || code === 201;

/** A token that works until somebody deletes it is kept in a Secret. Strategy: ./ADS.md */
export const tokenSecretMade = audit.detection({
  id: 'token-secret-made',
  title: 'Token that never expires kept in a Secret',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1528', 'T1098'],
  rows: ['D100'],
  next: 'Ask who made the Secret what the token is for; delete the Secret, which ends the token, unless it is known and needed.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['secrets'] },
  memory: {
    maker: snapshot<AuditEvent>({
      id: 'secret-makers',
      key: ({ target }) => (target.name === '' ? undefined : [target.namespace, target.name]),
      value: (event) =>
        fillsToken(event)
          ? undefined
          : { id: event.actor.id, name: event.actor.name, text: callerText(event), trusted: isAppointed(event) },
    }),
    names: seenSet<AuditEvent>({
      id: 'token-secrets',
      key: (event) => (fillsToken(event) ? [] : undefined),
      member: ({ target }) => target.name,
      days: 90,
      warmUpDays: 0,
    }),
  },
  when: (event) => event.allowed && (fillsToken(event) || (isMade(event) && !isControlPlane(event.actor))),
  judge: (event, { maker, names }) => {
    if (!fillsToken(event)) return undefined;
    const { namespace, name } = event.target;
    const made = maker.previous;
    const secret = `${namespace}/${name}`;
    const known = names.has(name) || made?.['trusted'] === true;
    return {
      entity:
        made === undefined
          ? { kind: 'object', id: `secret ${secret}`, name: `Secret ${secret}` }
          : { kind: 'identity', id: text(made['id']) ?? '', name: text(made['name']) ?? '' },
      about: secret,
      summary: `${made === undefined ? 'Somebody' : (text(made['text']) ?? 'somebody')} made Secret ${shorten(secret)}, and the cluster put a token of a service account into it that does not expire.`,
      severity: isGuardedNamespace(namespace) && !known ? 'high' : known ? 'low' : 'medium',
      baseline: { 'token Secrets known by name': names.size },
    };
  },
});
