import { api, snapshot } from '../../detect/kit.ts';
import { accessWeight, decoded, isEksCalling, isForeign } from '../../knowledge/access-calls.ts';
import { deedText } from '../../knowledge/monitoring.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { at, object, text, texts } from '../../model/json.ts';

/** An access entry as the answer shows it, else as the call asks for it. */
function entryOf({ parameters, response }: ApiEvent): { principal: string; groups: readonly string[]; username: string; type: string } {
  const answer = object(at(response, 'accessEntry')) ?? {};
  const field = (name: string): string => text(answer[name]) ?? text(parameters[name]) ?? '';
  return {
    principal: decoded(text(parameters['principalArn']) ?? field('principalArn')),
    groups: texts(answer['kubernetesGroups'] ?? parameters['kubernetesGroups']),
    username: field('username'),
    type: field('type') || 'STANDARD',
  };
}

const deeds = {
  CreateAccessEntry: ['made', 'make'],
  UpdateAccessEntry: ['changed', 'change'],
  DeleteAccessEntry: ['deleted', 'delete'],
} as const;

/** Who may enter the cluster with which IAM principal is changed through the API of EKS. Strategy: ./ADS.md */
export const accessEntryChanged = api.detection({
  id: 'access-entry-changed',
  title: 'Access entry of a cluster made, changed or deleted',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.006', 'T1136'],
  rows: ['D095'],
  next: 'Ask the caller who is to have access and why; if nobody can say, delete the entry and list the requests of that principal in the audit log.',
  reads: ['eks:CreateAccessEntry', 'eks:UpdateAccessEntry', 'eks:DeleteAccessEntry'],
  when: (event) => !isEksCalling(event),
  memory: {
    entry: snapshot({
      id: 'access-entry',
      key: (event: ApiEvent) => (event.error === '' ? [entryOf(event).principal] : undefined),
      value: (event: ApiEvent) => {
        const { groups, username } = entryOf(event);
        return event.action === 'DeleteAccessEntry' ? { groups: [], username: '' } : { groups: [...groups].sort(), username };
      },
    }),
  },
  judge: (event, { entry: { previous } }) => {
    const { principal, groups, username, type } = entryOf(event);
    const unchanged =
      previous !== undefined && text(previous['username']) === username && String(previous['groups']) === String([...groups].sort());
    if (event.action === 'UpdateAccessEntry' && event.error === '' && unchanged) return undefined;
    const deleted = event.action === 'DeleteAccessEntry';
    const foreign = isForeign(principal, event);
    const chosen = /^\{\{\s*SessionName/i.test(username);
    const what = `the access entry of ${shorten(principal) || 'an unknown principal'} in cluster ${shorten(event.cluster)}`;
    const facts = [
      foreign ? 'it belongs to another AWS account' : '',
      chosen ? 'each session chooses its whole name in the cluster' : '',
      groups.length === 0 ? '' : `it is in ${some(groups, 4)}`,
      type === 'STANDARD' ? '' : `it counts as a node (${shorten(type)})`,
    ].filter(Boolean);
    const consequence = deleted ? 'the principal is locked out' : facts.join(', ') || 'what it may do depends on the policies that follow';
    const severity: Severity = deleted ? 'low' : foreign || chosen ? 'high' : type === 'STANDARD' ? 'medium' : 'low';
    return {
      entity: event.actor,
      about: `${event.cluster} ${principal}`,
      summary: deedText(event, deeds[event.action as keyof typeof deeds], what, consequence),
      ...accessWeight(event, severity),
    };
  },
});
