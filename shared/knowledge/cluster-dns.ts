import type { AuditEvent } from '../model/audit.ts';
import type { Target } from '../model/entity.ts';
import type { Severity } from '../model/finding.ts';
import { type JsonObject, object, text, texts } from '../model/json.ts';
import { imageReference } from './image.ts';
import { selectorOf } from './service-exposure.ts';
import { shorten, some } from './shorten.ts';

/** Whether an object answers DNS for the cluster. Sources: Amazon EKS user guide, "Manage CoreDNS"; Kubernetes, "NodeLocal DNSCache". */
export function dnsObject({ resource, subresource, namespace, name }: Target): boolean {
  if (namespace !== 'kube-system' || subresource !== '') return false;
  if (resource === 'services') return name === 'kube-dns';
  return resource === 'deployments' ? name === 'coredns' : resource === 'daemonsets' && name === 'node-local-dns';
}

/** Whether the object is the Service that every pod asks. */
export function isDnsService({ resource }: Target): boolean {
  return resource === 'services';
}

/** What decides who answers. */
export function dnsVersion(event: AuditEvent): JsonObject | undefined {
  if (isDnsService(event.target)) {
    const spec = object(event.result?.['spec']);
    if (spec === undefined) return undefined;
    return { selector: selectorOf(spec), address: text(spec['clusterIP']) ?? '', external: text(spec['externalName']) ?? '' };
  }
  if (event.pod === undefined) return undefined;
  const { containers } = event.pod;
  return {
    repositories: containers.map(({ image }) => imageReference(image).repository),
    commands: containers.map(({ name, command }) => `${name}: ${command.join(' ')}`),
  };
}

/** One thing about the cluster's DNS that changed. */
export interface Change {
  readonly severity: Severity;
  /** After "it". */
  readonly words: string;
}

/** Repositories that the cluster's DNS comes from. Sources: Amazon EKS user guide; registry of the Kubernetes project. */
const usual =
  /^(?:\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/eks\/coredns|public\.ecr\.aws\/eks-distro\/coredns\/coredns|registry\.k8s\.io\/(?:coredns\/coredns|dns\/k8s-dns-node-cache))$/;

/** What differs from the previous version; without one, what differs from what EKS installs. */
export function changesOf(event: AuditEvent, previous: JsonObject | undefined): readonly Change[] {
  const now = dnsVersion(event);
  if (now === undefined) return [];
  if (isDnsService(event.target)) return redirections(now, previous);
  const known = texts(previous?.['repositories']);
  const strangers = texts(now['repositories']).filter((one) => (previous === undefined ? !usual.test(one) : !known.includes(one)));
  const commands = previous === undefined ? [] : texts(now['commands']).filter((one) => !texts(previous['commands']).includes(one));
  return [
    ...(strangers.length > 0 ? [{ severity: 'high' as const, words: `runs an image from ${some(strangers)}` }] : []),
    ...(commands.length > 0 ? [{ severity: 'medium' as const, words: `runs with other arguments: ${some(commands)}` }] : []),
  ];
}

/** Labels of the pods that EKS and Kubernetes put behind the Service. */
const usualSelectors = /^(?:eks\.amazonaws\.com\/component=(?:coredns|kube-dns),)?k8s-app=kube-dns$/;

function redirections(now: JsonObject, previous: JsonObject | undefined): readonly Change[] {
  const said = (value: JsonObject | undefined, key: string): string => text(value?.[key]) ?? '';
  const selector = said(now, 'selector');
  const asBefore = previous === undefined ? usualSelectors.test(selector) : said(previous, 'selector') === selector;
  const moved = previous !== undefined && said(previous, 'address') !== said(now, 'address');
  const external = said(now, 'external');
  return [
    ...(asBefore ? [] : [{ severity: 'high' as const, words: `stands for ${shorten(selector) || 'no pods by itself'}` }]),
    ...(moved
      ? [{ severity: 'medium' as const, words: `has address ${shorten(said(now, 'address'))} and no longer ${said(previous, 'address')}` }]
      : []),
    ...(external === '' || external === said(previous, 'external')
      ? []
      : [{ severity: 'high' as const, words: `stands for ${shorten(external)}` }]),
  ];
}
