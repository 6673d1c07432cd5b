import type { AuditEvent } from '../model/audit.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, at, object, text } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { serviceName } from './answerer.ts';

/** An APIService that hands part of the API to a Service. Source: Kubernetes API reference, `APIService` v1. */
export interface AggregatedApi {
  readonly service: string;
  /** The API server does not check whom it talks to. */
  readonly unverified: boolean;
  /** Digest of the certificates by which the Service is known. */
  readonly trusts: string;
  /** Kubernetes itself serves this group. */
  readonly builtIn: boolean;
}

/** Groups that the API server serves itself. Source: `kubectl api-versions` of Kubernetes 1.34. */
const builtIn =
  /^v\d+[a-z0-9]*\.(?:(?:apps|batch|autoscaling|policy)?|(?:admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/;

/** What an APIService hands to whom; absent where Kubernetes answers itself. */
export function aggregatedApi(body: JsonObject | undefined): AggregatedApi | undefined {
  const spec = object(body?.['spec']);
  if (spec === undefined || object(spec['service']) === undefined) return undefined;
  const name = text(at(body, 'metadata', 'name')) ?? '';
  return {
    service: serviceName(spec['service']),
    unverified: spec['insecureSkipTLSVerify'] === true,
    trusts: digest(8, [text(spec['caBundle']) ?? '']),
    builtIn: builtIn.test(name),
  };
}

/** The newest versions of every APIService that a Service answers. */
export const aggregatedApis: Snapshot<AuditEvent> = snapshot({
  id: 'aggregated-api',
  key: ({ name }) => (name === '' ? undefined : [name]),
  value: (event) => {
    const api = event.allowed && !event.dryRun ? aggregatedApi(event.result) : undefined;
    return api && { ...api };
  },
});

/** Metrics APIs and the Services that answer them everywhere: whoever can change what runs there needs no APIService. */
const ordinary: readonly (readonly [api: RegExp, service: RegExp])[] = [
  [/^v\d+[a-z0-9]*\.metrics\.k8s\.io$/, /^service kube-system\/metrics-server$/],
  [
    /^v\d+[a-z0-9]*\.(?:custom|external)\.metrics\.k8s\.io$/,
    /^service (?:keda\/keda-operator-metrics-apiserver|[a-z-]+\/prometheus-adapter|datadog\/datadog-cluster-agent-metrics-api)$/,
  ],
];

/** Whether an API is answered by the Service that answers it everywhere. */
export function isOrdinaryPair(api: string, service: string): boolean {
  return ordinary.some(([name, answer]) => name.test(api) && answer.test(service));
}
