import type { Actor } from '../model/entity.ts';

/** Namespaces in which collectors of metrics live. Sources: default namespaces of the projects' charts and operators. */
const namespaces: ReadonlySet<string> = new Set([
  'monitoring',
  'prometheus',
  'kube-prometheus-stack',
  'cattle-monitoring-system',
  'observability',
  'grafana',
  'grafana-alloy',
  'opentelemetry-operator-system',
  'victoria-metrics',
  'amazon-cloudwatch',
  'aws-observability',
  'amazon-guardduty',
  'datadog',
  'datadog-agent',
  'newrelic',
  'dynatrace',
  'elastic-system',
  'splunk',
  'kubecost',
  'opencost',
]);

/** Collectors of kube-system by name: an account of that namespace for anything else is none. */
const ofKubeSystem =
  /^system:serviceaccount:kube-system:(?:metrics-server|kube-state-metrics|cloudwatch-agent|aws-node|datadog-agent|metricbeat|elastic-agent)$/;

/** Whether a service account is there to collect metrics: by the name that its token proves. */
export function isMetricsAccount(username: string): boolean {
  const [, namespace = ''] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(username) ?? [];
  return namespaces.has(namespace) || ofKubeSystem.test(username);
}

/** Whether a caller authenticated as a collector of metrics. */
export function isMetricsCollector({ type, username }: Actor): boolean {
  return type === 'service-account' && isMetricsAccount(username);
}
