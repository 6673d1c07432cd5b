/** Namespaces whose pods run or watch the cluster. Sources: Kubernetes initial namespaces; default namespaces of the projects' charts. */
const guarded: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'amazon-guardduty',
  'amazon-cloudwatch',
  'aws-observability',
  'falco',
  'falcosecurity',
  'kyverno',
  'gatekeeper-system',
  'cert-manager',
  'vault',
  'external-secrets',
  'sealed-secrets',
  'argocd',
  'flux-system',
  'calico-system',
  'tigera-operator',
  'cilium',
  'istio-system',
  'linkerd',
  'falcon-system',
  'neuvector',
  'twistlock',
  'trivy-system',
  'velero',
]);

/** Whether a namespace holds parts of the cluster itself or of its security. */
export function isGuardedNamespace(namespace: string): boolean {
  return guarded.has(namespace);
}
