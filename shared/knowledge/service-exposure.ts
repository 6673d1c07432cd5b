import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { type JsonObject, at, object, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { isWorldwide } from './network-policy.ts';
import { some } from './shorten.ts';

/** Services as written by people: their status is the load balancer's. */
export const serviceWrites = { verbs: ['create', 'update', 'patch'], resources: ['services'] };

/** The newest versions of every Service: how it is reached, and whom it stands for. */
export const services: Snapshot<AuditEvent> = snapshot({
  id: 'service',
  key: ({ target, name }) => (name === '' ? undefined : [target.namespace, name]),
  value: (event) => {
    const spec = event.allowed && !event.dryRun ? object(event.result?.['spec']) : undefined;
    if (spec === undefined) return undefined;
    return {
      exposures: exposuresOf(event.result).map(({ id }) => id),
      selector: selectorOf(spec),
      address: text(spec['clusterIP']) ?? '',
      external: text(spec['externalName']) ?? '',
    };
  },
});

/** One way in which a Service is reached from outside of the cluster. */
export interface Exposure {
  /** Equal in two versions of a Service where nothing about it changed. */
  readonly id: string;
  readonly kind: 'external address' | 'internet load balancer' | 'node port';
  readonly severity: Severity;
  /** After "with". */
  readonly words: string;
}

/** Every way in which a Service is reached from outside. Source: Kubernetes documentation, "Service". */
export function exposuresOf(service: JsonObject | undefined): readonly Exposure[] {
  const spec = object(service?.['spec']) ?? {};
  const addresses = texts(spec['externalIPs']);
  const type = spec['type'];
  return [
    ...(addresses.length > 0
      ? [
          {
            id: `addresses ${[...addresses].sort().join(' ')}`,
            kind: 'external address' as const,
            severity: 'high' as const,
            words: `external address ${some(addresses)}, traffic to which every node hands over to it`,
          },
        ]
      : []),
    ...(type === 'LoadBalancer' ? worldOf(service, spec) : []),
    ...(type === 'NodePort'
      ? [{ id: 'node port', kind: 'node port' as const, severity: 'low' as const, words: 'a port on every node' }]
      : []),
  ];
}

const prefix = 'service.beta.kubernetes.io/';

function worldOf(service: JsonObject | undefined, spec: JsonObject): readonly Exposure[] {
  const annotations = object(at(service, 'metadata', 'annotations')) ?? {};
  const annotated = (name: string): string => text(annotations[`${prefix}${name}`]) ?? '';
  if (!facesInternet(annotated, text(spec['loadBalancerClass']))) return [];
  const listed = annotated('load-balancer-source-ranges');
  const ranges = [...texts(spec['loadBalancerSourceRanges']), ...(listed === '' ? [] : listed.split(',').map((range) => range.trim()))];
  if (ranges.length > 0 && !ranges.some(isWorldwide)) return [];
  const words = 'a load balancer on the internet that lets everybody in';
  return [{ id: 'internet', kind: 'internet load balancer', severity: 'medium', words }];
}

/**
 * The AWS Load Balancer Controller and Auto Mode make internal load balancers unless told otherwise, the older cloud
 * provider public ones. Sources: AWS Load Balancer Controller, "Service annotations"; Kubernetes, `cloud-provider-aws`.
 */
function facesInternet(annotated: (name: string) => string, loadBalancerClass: string | undefined): boolean {
  const scheme = annotated('aws-load-balancer-scheme');
  if (scheme !== '') return scheme === 'internet-facing';
  const internal = annotated('aws-load-balancer-internal');
  if (internal !== '') return internal === 'false';
  return loadBalancerClass === undefined && !/^(?:external|nlb-ip)$/.test(annotated('aws-load-balancer-type'));
}

/** The selector of a Service in one text; empty where it selects nothing by itself. */
export function selectorOf(spec: JsonObject | undefined): string {
  return Object.entries(object(spec?.['selector']) ?? {})
    .map(([key, value]) => `${key}=${text(value) ?? ''}`)
    .sort()
    .join(',');
}

/** Whether a request itself speaks of a field: a patch that does not left it as it was. */
export function speaksOf(event: AuditEvent, ...fields: readonly string[]): boolean {
  // A patch that is a list of operations is no object, and says where in other words.
  if (event.verb !== 'patch' || event.request === undefined) return true;
  const sent = JSON.stringify(event.request);
  return fields.some((field) => sent.includes(field));
}
