/** Namespaces that Kubernetes and AWS fill themselves. Sources: Kubernetes initial namespaces; Amazon EKS user guide, "AWS add-ons" and Fargate logging. */
const system: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'amazon-guardduty',
  'amazon-cloudwatch',
  'aws-observability',
]);

/** Namespaces whose pods run or watch the cluster. Sources: as above; default namespaces of the projects' charts. */
const guarded: ReadonlySet<string> = new Set([
  ...system,
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

/** Whether a namespace is one that the cluster, EKS and AWS add-ons fill. */
export function isSystemNamespace(namespace: string): boolean {
  return system.has(namespace);
}
