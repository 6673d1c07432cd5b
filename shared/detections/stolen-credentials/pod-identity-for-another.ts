import { api, seenSet } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import { at, text } from '../../model/json.ts';

const roleOf = ({ actor }: ApiEvent): string => actor.principal;

/** Credentials of Pod Identity are handed to a caller that is not the node on which the pod runs. Strategy: ./ADS.md */
export const podIdentityForAnother = api.detection({
  id: 'pod-identity-for-another',
  title: 'Pod Identity credentials taken by somebody who is not the pod’s node',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1528', 'T1078.004'],
  rows: ['D025'],
  next: 'Delete the pod, whose token is in other hands, and search CloudTrail for what the session eks-… did since.',
  reads: ['eks-auth:AssumeRoleForPodIdentity'],
  locates: true,
  memory: {
    // The agent on each node calls with the node's role: these are few and lasting.
    callers: seenSet({ id: 'pod-identity-callers', key: () => [], member: roleOf, days: 60, warmUpDays: 3 }),
  },
  judge: (event, { callers }) => {
    const { actor, origin, whereabouts, response, error } = event;
    const session = actor.session ?? '';
    const stranger = !callers.learning && !callers.has(roleOf(event));
    const elsewhere = whereabouts !== undefined && whereabouts.instances.size > 0 && !whereabouts.instances.has(session);
    if (!stranger && !elsewhere) return undefined;
    const namespace = text(at(response, 'subject', 'namespace')) ?? '';
    const account = text(at(response, 'subject', 'serviceAccount')) ?? '';
    const whose = account === '' ? 'a service account' : `service account ${shorten(`${namespace}/${account}`)}`;
    const why = elsewhere
      ? `pod ${whereabouts.owner} runs on ${[...whereabouts.instances].sort().join(', ')}`
      : `in ${String(Math.min(callers.age, 60))} days only ${String(callers.size)} other ${callers.size === 1 ? 'role' : 'roles'} did`;
    return {
      entity: actor,
      about: `${namespace}/${account}`,
      summary:
        `${actor.name} at ${shorten(origin.address)} ${error === '' ? 'was given' : `was refused (${shorten(error)})`} Pod Identity credentials ` +
        `of ${whose}: ${why}.`,
      baseline: { 'roles that ask': callers.size, 'such as': callers.some(5).join(', '), 'known for days': Math.min(callers.age, 60) },
      severity: error === '' ? 'high' : 'medium',
      confidence: elsewhere ? 'high' : 'medium',
    };
  },
});
