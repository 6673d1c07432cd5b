import { api, seenSet } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';

/** Stores of AWS that hold secrets, as CloudTrail names their services. */
const stores: Readonly<Record<string, string>> = { secretsmanager: 'AWS Secrets Manager', ssm: 'the Parameter Store' };

const member = ({ actor, service }: ApiEvent): string => `${service} ${actor.principal}`;

/** Somebody who never did so reads secrets from a store of AWS. Strategy: ./ADS.md */
export const cloudSecretsReadByNewReader = api.detection({
  id: 'cloud-secrets-read-by-new-reader',
  title: 'Secrets of an AWS store read by a new reader',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1552.007', 'T1078.004'],
  rows: ['D113'],
  next: 'Ask the owner of the role whether it is to read from that store, and look at what else it read in that hour.',
  reads: [
    ...['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    ...['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
  ],
  // Parameters that are not encrypted are settings.
  when: ({ actor, service, parameters, error, invokedBy }: ApiEvent) =>
    actor.type === 'iam' && error === '' && invokedBy === '' && (service !== 'ssm' || parameters['withDecryption'] === true),
  memory: {
    readers: seenSet({ id: 'cloud-secret-readers', key: () => [], member, days: 60, warmUpDays: 3 }),
  },
  judge: (event, { readers }) => {
    if (readers.learning || readers.has(member(event)) || event.hasDuty('secret-reader')) return undefined;
    const { actor, service, action, origin } = event;
    const age = Math.min(readers.age, 60);
    return {
      entity: actor,
      about: service,
      summary: `${actor.name} from ${shorten(origin.address)} called ${service}:${action}; in ${String(age)} days no session of ${shorten(actor.principal)} read from ${stores[service] ?? service}.`,
      baseline: { 'known readers': readers.size, 'such as': readers.some(5).join(', '), 'known for days': age },
    };
  },
});
