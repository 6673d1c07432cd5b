import { audit } from '../../detect/kit.ts';
import { newOpenings, type Opening, policies, policyReach, policyText } from '../../knowledge/network-policy.ts';
import { type Policy, policyOf } from '../../knowledge/network-policy/policy.ts';
import { newWays, type Way } from '../../knowledge/network-policy/ways.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { Severity } from '../../model/finding.ts';
import { at, object } from '../../model/json.ts';

/** A NetworkPolicy lets everybody through, or through what it closed before. Strategy: ./ADS.md */
export const networkPolicyOpened = audit.detection({
  id: 'network-policy-opened',
  title: 'NetworkPolicy opens what was closed',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1686', 'T1686.001'],
  rows: ['D119'],
  next: 'Restore the previous policy unless its owner vouches for the change, and look for new connections to and from the namespace since.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['networkpolicies'] },
  memory: { policies },
  when: (event) => event.allowed && !event.dryRun,
  judge: (event, { policies: known }) => {
    const spec = object(at(event.result, 'spec'));
    if (spec === undefined) return undefined;
    const { previous } = known;
    // Policies that serve a port to the world are ordinary; taking back what a policy closed is not.
    const openings = newOpenings(spec, previous).filter(({ limited }) => !limited || previous !== undefined);
    const { namespace } = event.target;
    const read = (version: typeof spec): Policy => policyOf(namespace, event.name, version);
    const ways = previous === undefined ? [] : newWays(read(spec), read(previous));
    // A pipeline that lets one more peer in is what policies are written for.
    if (openings.length === 0 && (ways.length === 0 || event.hasDuty('deployer'))) return undefined;
    const wide = policyReach(spec).wide || openings.some(({ id }) => id === 'narrowed');
    return {
      entity: { kind: 'namespace', id: namespace, name: namespace },
      about: event.name,
      summary: `${callerText(event)} ${event.verb === 'create' ? 'created' : 'changed'} NetworkPolicy ${shorten(`${namespace}/${event.name}`)} of ${wide ? 'all pods' : 'some pods'} of the namespace: it ${some((openings.length > 0 ? openings : ways).map(({ words }) => words))}.`,
      baseline: { before: previous === undefined ? 'no version known' : policyText(previous) },
      severity: severityOf(openings, ways, wide),
    };
  },
});

function severityOf(openings: readonly Opening[], ways: readonly Way[], wide: boolean): Severity {
  if (openings.length === 0) return ways.some(({ grave }) => grave) ? 'medium' : 'low';
  if (openings.every(({ limited }) => limited)) return 'low';
  return wide ? 'high' : 'medium';
}
