import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isCreation } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControllerAccount } from '../../model/actor.ts';

/** A new identity among those of the cluster itself, where nobody looks for strangers. Strategy: ./ADS.md */
export const systemAccountCreated = audit.detection({
  id: 'system-account-created',
  title: 'Service account made in a namespace of the cluster itself',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1136', 'T1098'],
  rows: ['D101'],
  next: 'Ask the caller which add-on the account belongs to; if none, list the bindings that name it and delete both.',
  reads: { verbs: ['create', 'patch'], resources: ['serviceaccounts'] },
  when: (event) =>
    isCreation(event) && event.target.namespace.startsWith('kube-') && event.allowed && !event.dryRun && !isClusterItself(event),
  judge: (event) => {
    const account = `${event.target.namespace}/${event.name}`;
    const disguise = isControllerAccount(`system:serviceaccount:${event.target.namespace}:${event.name}`);
    return {
      entity: event.actor,
      about: account,
      summary: `${callerText(event)} made service account ${shorten(account)}, an identity among the cluster's own${disguise ? ', with a name like that of a controller' : ''}.`,
      severity: event.hasDuty('deployer') ? 'low' : 'medium',
    };
  },
});
