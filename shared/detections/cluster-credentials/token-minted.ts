import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself, isKnownNode, nodeRoles } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import { durationText, type TokenRequest, tokenRequestOf } from '../../knowledge/token-request.ts';
import { isControllerAccount } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';

/** Who mints whose tokens; what a token is for and how long it lives is part of the habit. */
const minted = seenSet({
  id: 'tokens-minted',
  key: (event: AuditEvent) => (event.allowed && event.actor.type !== 'node' ? [callerId(event.actor)] : undefined),
  member: ({ target, request }: AuditEvent) => {
    const { audiences, long } = tokenRequestOf(request);
    return `${target.namespace}/${target.name} ${audiences.join(' ')}${long ? ' long' : ''}`;
  },
  days: 30,
  warmUpDays: 0,
});

/** Somebody who is no node mints a token of a service account, to act as the workload anywhere. Strategy: ./ADS.md */
export const tokenMinted = audit.detection({
  id: 'token-minted',
  title: 'Service account token minted by somebody other than a node',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1528', 'T1552.007', 'T1098'],
  rows: ['D099'],
  next: 'Search the audit log for requests whose `credential-id` is the one named, and ask the caller what the token was for.',
  reads: { verbs: ['create'], resources: ['serviceaccounts/token'] },
  memory: { roles: nodeRoles, minted },
  when: (event) => !event.dryRun && (event.allowed || event.outcome === 'forbidden') && !isClusterItself(event),
  judge: (event, { roles, minted: known }) => {
    // Admission gives a node tokens of its own pods only, and refuses it when a pod has just gone.
    if (isKnownNode(event, roles)) return undefined;
    const asked = tokenRequestOf(event.request);
    const severity = severityOf(event, asked);
    if (severity === undefined || (severity === 'low' && known.has(minted.member(event)))) return undefined;
    const account = `${event.target.namespace}/${event.target.name}`;
    const credential = event.annotation('authentication.kubernetes.io/issued-credential-id');
    const purpose = asked.audiences.length === 0 ? '' : ` for ${some(asked.audiences, 2)}`;
    return {
      entity: event.actor,
      about: account,
      summary:
        `${callerText(event)} ${event.allowed ? 'minted' : 'was refused when trying to mint'} a token of service account ${shorten(account)}${purpose}, ` +
        `good for ${durationText(asked.seconds)}${credential === '' ? '' : ` (credential ${shorten(credential)})`}.`,
      severity,
    };
  },
});

function severityOf(event: AuditEvent, { long, foreign }: TokenRequest): Severity | undefined {
  const { namespace, name } = event.target;
  const username = `system:serviceaccount:${namespace}:${name}`;
  const trusted = event.hasDuty('administrator') || event.hasDuty('secret-reader');
  if (!event.allowed) return trusted ? undefined : 'low';
  // A controller's token that no pod holds passes for the control plane.
  if (isControllerAccount(username)) return 'high';
  if (trusted) return long ? 'low' : undefined;
  // A workload that mints a token of its own gains a longer life at most.
  const guarded = event.actor.id !== username && isGuardedNamespace(namespace);
  if (guarded) return long ? 'high' : 'medium';
  const odd = long || event.actor.type === 'node' || (foreign && event.actor.type !== 'service-account');
  return odd ? 'medium' : 'low';
}
