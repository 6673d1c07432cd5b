import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';

/**
 * Who rewrites which webhook configuration or APIService as part of its work: object and service account, always both.
 * Sources: default namespaces and names of the projects' charts. One that is installed elsewhere costs an alert.
 */
const pairs: readonly (readonly [object: RegExp, account: RegExp])[] = [
  [/^kyverno-/, /^kyverno:kyverno(?:-[a-z-]+)?$/],
  [/^gatekeeper-(?:validating|mutating)-webhook-configuration$/, /^gatekeeper-system:gatekeeper-admin$/],
  [/^istio(?:d)?-/, /^istio-system:istiod(?:-service-account|-[a-z0-9-]+)?$/],
  [/^(?:cert-manager-webhook)$/, /^cert-manager:cert-manager(?:-cainjector|-webhook)?$/],
  [/^(?:validation|defaulting)\.webhook\.(?:config\.)?karpenter\./, /^(?:karpenter|kube-system):karpenter$/],
  [/^(?:secretstore|externalsecret)-validate$/, /^external-secrets:external-secrets-cert-controller$/],
  [/^ingress-nginx-admission$/, /^ingress-nginx:ingress-nginx-admission$/],
  [/^(?:keda-admission|v1beta1\.external\.metrics\.k8s\.io)$/, /^keda:keda-(?:operator|webhook)$/],
  [/^datadog-webhook$/, /^datadog:datadog-cluster-agent$/],
  [/^vault-agent-injector-cfg$/, /^vault:vault-agent-injector$/],
  [/^vpa-webhook-config$/, /^kube-system:vpa-admission-controller$/],
  [/^metallb-webhook-configuration$/, /^metallb-system:(?:metallb-)?controller$/],
  [/^kueue-/, /^kueue-system:kueue-controller-manager$/],
];

/** Puts certificates into the configurations of others, and writes nothing else there. Source: cert-manager, "CA Injector". */
const certificateInjector = 'cert-manager:cert-manager-cainjector';

/** Whether an object's known owner writes it. What an owner never does must be judged all the same. */
export function isOwnersWrite(event: AuditEvent): boolean {
  const account = accountOf(event);
  return account !== undefined && pairs.some(([object, owner]) => object.test(event.name) && owner.test(account));
}

/** Whether the caller is the one that keeps everybody's certificates current. */
export function isCertificateInjector(event: AuditEvent): boolean {
  return accountOf(event) === certificateInjector;
}

function accountOf({ actor }: AuditEvent): string | undefined {
  if (actor.type !== 'service-account' || isControlPlane(actor)) return undefined;
  return actor.id.slice('system:serviceaccount:'.length);
}
