import { api, seenSet } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import { at, text } from '../../model/json.ts';

/** A pod's identity becomes an AWS role somewhere outside AWS. Strategy: ./ADS.md */
export const irsaRoleFromOutsideAws = api.detection({
  id: 'irsa-role-from-outside-aws',
  title: 'Role of a pod assumed from outside AWS',
  severity: 'high',
  confidence: 'high',
  attack: ['T1078.004', 'T1528'],
  rows: ['D024'],
  next: 'Revoke the active sessions of the role in IAM, and delete the pods of the service account: their token was carried away.',
  reads: ['sts:AssumeRoleWithWebIdentity'],
  when: (event: ApiEvent) => event.actor.username.startsWith('system:serviceaccount:'),
  memory: {
    // Pods behind a proxy or on hybrid nodes leave from the same few networks every day; calls from inside keep its age.
    networks: seenSet({ id: 'irsa-networks', key: () => [], member: ({ origin }: ApiEvent) => origin.network, days: 30, warmUpDays: 3 }),
  },
  judge: (event, { networks }) => {
    const { origin, actor, error } = event;
    if (origin.reach !== 'public' || networks.has(origin.network)) return undefined;
    // What is outside Amazon's ranges needs no habits; without these, every NAT gateway is new at first.
    if (!origin.awsKnown && networks.learning) return undefined;
    const role = text(at(event.parameters, 'roleArn')) ?? 'a role';
    const outside = origin.awsKnown
      ? "which is in none of Amazon's ranges nor in yours"
      : "which is public; whether it is Amazon's is not known here, as no list of its ranges was given";
    return {
      entity: { kind: 'identity', id: actor.username, name: shorten(actor.username) },
      about: origin.network,
      summary:
        `The token of ${shorten(actor.username)} was ${error === '' ? `changed for a session of ${shorten(role)}` : `presented for ${shorten(role)} and refused (${shorten(error)})`} ` +
        `at ${origin.address}, ${outside}; no pod's token came from there in ${String(Math.min(networks.age, 30))} days.`,
      baseline: { 'known networks': networks.size, 'such as': networks.some(5).join(', ') },
      ...(error === '' ? {} : { severity: 'medium' }),
      ...(origin.awsKnown ? {} : { confidence: 'low' }),
    };
  },
});
