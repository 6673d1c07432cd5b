/** What watches or protects a cluster from inside it. */
export interface Guard {
  readonly product: string;
  readonly task: 'policy engine' | 'security agent';
  /** Namespaces that hold nothing else. */
  readonly namespaces: readonly string[];
  /** Names of its workloads, service accounts and cluster role bindings, wherever they are. */
  readonly names: RegExp;
  /** Names of EKS add-ons that install it. */
  readonly addons?: RegExp;
}

/**
 * Guards by the names that AWS's documentation and the projects' charts give them (2026). Somebody who deletes one cannot
 * choose its name; whoever installed it under another is not covered.
 */
const guards: readonly Guard[] = [
  { product: 'GuardDuty agent', namespaces: ['amazon-guardduty'], names: /^aws-guardduty-agent/, addons: /guardduty/ },
  {
    product: 'CloudWatch agent',
    namespaces: ['amazon-cloudwatch'],
    names: /^(?:cloudwatch-agent|amazon-cloudwatch-observability|fluentd-cloudwatch|dcgm-exporter|neuron-monitor)/,
    addons: /cloudwatch/,
  },
  { product: 'log shipper', namespaces: ['aws-observability'], names: /^(?:aws-for-)?fluent-?bit|^fluentd$|^vector-agent$/ },
  // Holds the agent that enforces network policies.
  { product: 'VPC CNI with its network policy agent', namespaces: [], names: /^aws-node$/, addons: /^vpc-cni$/ },
  { product: 'node monitoring agent', namespaces: [], names: /^eks-node-monitoring-agent/, addons: /^eks-node-monitoring-agent$/ },
  { product: 'Falco', namespaces: ['falco', 'falcosecurity'], names: /^falco(?:sidekick|-[a-z]+)?$/, addons: /falco(?!n)/ },
  { product: 'Sysdig', namespaces: ['sysdig-agent', 'sysdig'], names: /^sysdig/, addons: /sysdig/ },
  { product: 'Datadog', namespaces: ['datadog'], names: /^datadog/, addons: /datadog/ },
  {
    product: 'CrowdStrike Falcon',
    namespaces: ['falcon-system', 'falcon-kac', 'falcon-image-analyzer'],
    names: /^falcon-(?:node-)?sensor|^falcon-kac|^falcon-operator/,
    addons: /crowdstrike/,
  },
  { product: 'Tetragon', namespaces: ['tetragon'], names: /^tetragon/, addons: /tetragon/ },
  { product: 'Tracee', namespaces: ['tracee'], names: /^tracee/ },
  { product: 'KubeArmor', namespaces: ['kubearmor'], names: /^kubearmor/, addons: /kubearmor/ },
  { product: 'NeuVector', namespaces: ['neuvector', 'cattle-neuvector-system'], names: /^neuvector-/, addons: /neuvector/ },
  { product: 'Prisma Cloud defender', namespaces: ['twistlock'], names: /^twistlock-defender/ },
  { product: 'Aqua enforcer', namespaces: ['aqua'], names: /^aqua-(?:enforcer|kube-enforcer|agent)/, addons: /aqua/ },
  { product: 'Wiz sensor', namespaces: ['wiz'], names: /^wiz-(?:sensor|kubernetes|admission)/, addons: /^wiz/ },
  { product: 'Lacework', namespaces: ['lacework'], names: /^lacework-agent/, addons: /lacework/ },
  { product: 'Wazuh', namespaces: ['wazuh'], names: /^wazuh-agent/ },
  { product: 'Elastic agent', namespaces: [], names: /^(?:elastic-agent|auditbeat|filebeat)/ },
  { product: 'SentinelOne', namespaces: ['sentinelone'], names: /^(?:s1|sentinelone)-(?:agent|helper)/ },
  { product: 'Trivy operator', namespaces: ['trivy-system'], names: /^trivy-operator/ },
  { product: 'Kubescape', namespaces: ['kubescape'], names: /^kubescape|^node-agent$/, addons: /kubescape/ },
].map((guard) => ({ ...guard, task: 'security agent' as const }));

const engines: readonly Guard[] = [
  { product: 'Kyverno', namespaces: ['kyverno'], names: /^kyverno(?:-|$)/, addons: /kyverno/ },
  { product: 'Gatekeeper', namespaces: ['gatekeeper-system'], names: /^gatekeeper-/ },
  { product: 'Kubewarden', namespaces: ['kubewarden'], names: /^(?:kubewarden-controller|policy-server)/ },
  { product: 'Sigstore policy controller', namespaces: ['cosign-system'], names: /^policy-controller/ },
  { product: 'Connaisseur', namespaces: ['connaisseur'], names: /^connaisseur/ },
].map((guard) => ({ ...guard, task: 'policy engine' as const }));

/** The guard of a task that an object of the cluster is part of. Requests on a whole namespace have no name. */
export function guardOf(task: Guard['task'], namespace: string, name: string): Guard | undefined {
  return (task === 'policy engine' ? engines : guards).find(
    (guard) => guard.namespaces.includes(namespace) || (name !== '' && guard.names.test(name)),
  );
}

/** The guard that an EKS add-on installs, policy engines among them. */
export function guardOfAddon(addon: string): Guard | undefined {
  return [...guards, ...engines].find(({ addons }) => addons?.test(addon));
}
