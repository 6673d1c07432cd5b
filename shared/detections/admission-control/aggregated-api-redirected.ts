import { audit } from '../../detect/kit.ts';
import { type AggregatedApi, aggregatedApi, aggregatedApis, isOrdinaryPair } from '../../knowledge/aggregated-api.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isCertificateInjector, isOwnersWrite } from '../../knowledge/webhook-owners.ts';
import type { Severity } from '../../model/finding.ts';
import { text } from '../../model/json.ts';

/** A part of the Kubernetes API is answered by a Service, or by another one than before. Strategy: ./ADS.md */
export const aggregatedApiRedirected = audit.detection({
  id: 'aggregated-api-redirected',
  title: 'Part of the Kubernetes API handed to a Service',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1546', 'T1557'],
  rows: ['D104'],
  next: 'Read the APIService and the pods behind its Service; delete it unless its owner vouches for it, and revoke tokens that were sent there.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['apiservices'] },
  memory: { apis: aggregatedApis },
  when: (event) => !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { apis: { previous } }) => {
    if (isClusterItself(event)) return undefined;
    const verdict = { entity: { kind: 'object' as const, id: `apiservices/${event.name}`, name: event.name }, about: event.actor.id };
    if (!event.allowed)
      return {
        ...verdict,
        summary: `${callerText(event)} was refused when trying to ${event.verb} APIService ${shorten(event.name)}.`,
        severity: 'low',
      };
    const api = aggregatedApi(event.result);
    if (api === undefined) return undefined;
    const { service } = api;
    const before = text(previous?.['service']);
    const moved = before !== undefined && before !== service;
    const unverified = api.unverified && previous?.['unverified'] !== true;
    const certificate = before !== undefined && previous?.['trusts'] !== api.trusts;
    const kept = isOwnersWrite(event) || isCertificateInjector(event);
    if (before !== undefined && !moved && !unverified && (!certificate || kept)) return undefined;
    const severity = severityOf(api, moved, certificate && !unverified && !moved);
    const calm = !api.builtIn && (event.hasDuty('deployer') || event.hasDuty('administrator') || isOrdinaryPair(event.name, service));
    return {
      ...verdict,
      summary:
        `${callerText(event)} ${event.verb === 'create' ? 'created' : 'changed'} APIService ${shorten(event.name)}, answered by ${shorten(service)}` +
        `${api.unverified ? ', which need not prove who it is' : ''}${moved ? `, and no longer by ${shorten(before)}` : ''}` +
        `${api.builtIn ? '; Kubernetes itself answers this group otherwise' : ''}${certificate ? '; other certificates are trusted than before' : ''}.`,
      severity: calm && !moved ? 'low' : severity,
    };
  },
});

function severityOf({ builtIn }: AggregatedApi, moved: boolean, certificateOnly: boolean): Severity {
  if (builtIn) return 'critical';
  if (moved) return 'high';
  return certificateOnly ? 'low' : 'medium';
}
