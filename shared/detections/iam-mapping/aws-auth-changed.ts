import { audit, type Verdict } from '../../detect/kit.ts';
import { isAwsAuth, knownMappings, type Mapping, mappingFrom, mappingId, mappingsOf } from '../../knowledge/aws-auth.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { isNodeMapping, type Risk, risksOf } from '../../knowledge/mapping-risk.ts';
import { pastOf } from '../../knowledge/object-versions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { graver, type Severity } from '../../model/finding.ts';
import { text, texts } from '../../model/json.ts';

/** Who may enter the cluster with which IAM role is changed in the ConfigMap that says so. Strategy: ./ADS.md */
export const awsAuthChanged = audit.detection({
  id: 'aws-auth-changed',
  title: 'Mapping of IAM principals into the cluster changed',
  severity: 'high',
  confidence: 'high',
  attack: ['T1098.006', 'T1556'],
  rows: ['D093'],
  next: 'Compare with `kubectl get configmap aws-auth -n kube-system -o yaml`, remove the mapping unless its owner vouches for it, and look for its use.',
  reads: { verbs: ['update', 'patch', 'delete'], resources: ['configmaps'] },
  memory: { mappings: knownMappings },
  when: (event) => isAwsAuth(event) && event.allowed && !event.dryRun,
  judge: (event, { mappings: { previous } }) => {
    if (isClusterItself(event)) return undefined;
    const entity = event.actor;
    const lost = texts(previous?.['mappings']);
    if (event.verb === 'delete') {
      const count = previous === undefined ? '' : `; ${String(lost.length)} mappings went with it`;
      return {
        entity,
        summary: `${callerText(event)} deleted aws-auth: principals and nodes that it mapped are locked out${count}.`,
        severity: 'high',
      };
    }
    const now = mappingsOf(event.result);
    const past = pastOf(event, previous, 'data');
    if (now === undefined || past === undefined) return undefined;
    const known = new Set(texts(past.before?.['mappings']));
    const fresh = now.all.filter((mapping) => !known.has(mappingId(mapping)));
    const hidden = now.unread !== '' && now.unread !== text(past.before?.['unread']);
    const kept = new Set(now.all.map(mappingId));
    const gone = [...known].filter((id) => !kept.has(id)).map(mappingFrom);
    if (fresh.length === 0 && gone.length === 0 && !hidden) return undefined;
    const rated = fresh.map((mapping) => rate(mapping, event));
    const severity = rated.reduce<Severity>((worst, one) => graver(worst, one.severity), hidden ? 'high' : 'low');
    const unreadable = hidden ? ['a part of it is written as no usual tool does and could not be read'] : [];
    const changes = [...rated.map(({ words }) => words), ...unreadable, ...removals(gone)];
    return {
      entity,
      summary: `${callerText(event)} changed aws-auth: ${some(changes, 5)}${past.certain ? '' : '; what it held before is not known'}.`,
      severity: severity === 'medium' && event.hasDuty('deployer') ? 'low' : severity,
      ...(past.certain ? {} : { confidence: 'low' }),
    } satisfies Verdict;
  },
});

function rate(mapping: Mapping, event: AuditEvent): { readonly severity: Severity; readonly words: string } {
  const risks: readonly Risk[] = risksOf(mapping, event.scope.account);
  const who = `${shorten(mapping.principal)} is now ${shorten(mapping.username || 'known by its ARN')}${mapping.groups.length === 0 ? '' : ` in ${some(mapping.groups, 4)}`}`;
  const why = risks.length === 0 ? '' : ` (it ${risks.map(({ words }) => words).join(', and ')})`;
  const ordinary = isNodeMapping(mapping) ? 'low' : 'medium';
  return { severity: risks.reduce<Severity>((worst, risk) => graver(worst, risk.severity), ordinary), words: who + why };
}

function removals(gone: readonly Mapping[]): readonly string[] {
  const principals = gone.map(({ principal }) => principal);
  return gone.length === 0 ? [] : [`${some(principals, 2)} lost what it had`];
}
