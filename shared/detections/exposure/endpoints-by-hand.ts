import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, list, text } from '../../model/json.ts';

/** Somebody other than the cluster says which addresses answer for a Service, and they lie outside. Strategy: ./ADS.md */
export const endpointsByHand = audit.detection({
  id: 'endpoints-by-hand',
  title: 'Service pointed at foreign addresses by hand',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1557'],
  rows: ['D127'],
  next: 'Find out whose the addresses are; delete the endpoints unless the owner of the Service vouches for them, and look for what was sent there.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['endpoints'] },
  when: ({ actor, allowed, dryRun }) => allowed && !dryRun && actor.type !== 'control-plane',
  judge: (event: AuditEvent) => {
    if (isClusterItself(event)) return undefined;
    const addresses = list(event.result?.['subsets']).flatMap((subset) =>
      ['addresses', 'notReadyAddresses'].flatMap((key) => list(at(subset, key)).flatMap((address) => text(at(address, 'ip')) ?? [])),
    );
    const foreign = [...new Set(addresses)].filter((address) => ['public', 'aws'].includes(event.reachOf(address)));
    if (foreign.length === 0) return undefined;
    const { namespace } = event.target;
    const path = `${namespace}/service/${event.name}`;
    return {
      entity: { kind: 'object', id: path, name: path },
      about: [...foreign].sort().slice(0, 10).join(' '),
      summary: `${callerText(event)} made ${some(foreign)} answer for Service ${shorten(`${namespace}/${event.name}`)}: its clients talk to an address outside of the cluster's networks.`,
      severity: event.hasDuty('deployer') || event.hasDuty('administrator') ? 'low' : 'high',
    };
  },
});
