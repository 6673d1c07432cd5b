import { api, snapshot } from '../../detect/kit.ts';
import { deedText, weighedAsPlanned } from '../../knowledge/monitoring.ts';
import { broadestOf, isWorldwide } from '../../knowledge/network-policy.ts';
import { some } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { at, object, texts } from '../../model/json.ts';

/** The API server of a cluster can be reached from the internet. Strategy: ./ADS.md */
export const publicEndpointOpened = api.detection({
  id: 'public-endpoint-opened',
  title: 'API endpoint of a cluster opened to the internet',
  severity: 'high',
  confidence: 'high',
  attack: ['T1133', 'T1686.001'],
  rows: ['D028'],
  next: 'Restore the previous setting with `aws eks update-cluster-config --resources-vpc-config` unless it was planned, and look for callers from networks never seen before.',
  reads: ['eks:UpdateClusterConfig', 'eks:CreateCluster'],
  when: (event: ApiEvent) => object(event.parameters['resourcesVpcConfig']) !== undefined,
  memory: {
    endpoint: snapshot({
      id: 'cluster-endpoint',
      key: (event: ApiEvent) => (event.error === '' && event.cluster !== '' ? [event.cluster] : undefined),
      value: (event: ApiEvent) => (mentionsEndpoint(event) ? { ...endpointOf(event) } : undefined),
    }),
  },
  judge: (event, { endpoint: { previous } }) => {
    if (!mentionsEndpoint(event)) return undefined;
    const now = endpointOf(event);
    const ranges = now.ranges ?? texts(previous?.['ranges']);
    const [wasOpen, wasClosed] = [previous?.['open'] === true, previous?.['open'] === false];
    const known = wasClosed ? [] : texts(previous?.['ranges']);
    // What held while the endpoint was private is new once it is public.
    const fresh = now.open === true && !wasOpen ? ranges : ranges.filter((range) => !known.includes(range));
    const open = now.open ?? (event.action === 'CreateCluster' || !wasClosed);
    // Without ranges in the call, those of before hold, which are everybody unless somebody narrowed them.
    const unknown = ranges.length === 0;
    if (!open || (wasOpen && known.length === 0 && !ranges.some(isWorldwide)) || (fresh.length === 0 && !unknown)) return undefined;
    const whom = unknown
      ? `the whole internet, unless ${event.action === 'CreateCluster' ? 'told otherwise' : 'ranges were set before'}`
      : some(fresh, 5);
    const name = event.cluster || 'of unknown name';
    return {
      entity: event.actor,
      about: name,
      summary: deedText(
        event,
        ['opened', 'open'],
        `the API endpoint of cluster ${name} to ${whom}`,
        'whoever holds a credential can use it from there',
      ),
      ...weighedAsPlanned(
        event,
        event.action === 'CreateCluster' ? severityAtCreation(ranges) : severityOf(fresh, unknown),
        unknown ? 'medium' : 'high',
      ),
    };
  },
});

interface Endpoint {
  readonly open?: boolean;
  readonly ranges?: readonly string[];
}

/** What a call sets; EKS changes either subnets or the endpoint in one call. Source: Amazon EKS API reference, `VpcConfigRequest`. */
function endpointOf({ parameters }: ApiEvent): Endpoint {
  const config = parameters['resourcesVpcConfig'];
  const open = at(config, 'endpointPublicAccess');
  const ranges = at(config, 'publicAccessCidrs');
  return { ...(typeof open === 'boolean' ? { open } : {}), ...(Array.isArray(ranges) ? { ranges: texts(ranges) } : {}) };
}

function mentionsEndpoint(event: ApiEvent): boolean {
  const { open, ranges } = endpointOf(event);
  return open !== undefined || ranges !== undefined || event.action === 'CreateCluster';
}

function severityOf(ranges: readonly string[], unknown: boolean): Severity {
  if (unknown || ranges.some(isWorldwide)) return 'high';
  return broadestOf(ranges) <= 16 ? 'medium' : 'low';
}

/** A new cluster holds nothing yet. One whose maker said nothing of the endpoint is as EKS makes it; one opened in so many words is to stay so. */
function severityAtCreation(ranges: readonly string[]): Severity {
  return ranges.some(isWorldwide) ? 'medium' : 'low';
}
