/** What an intruder asks for sooner or later: what shows the cluster, holds credentials, runs something or grants rights. */
export const coveted: readonly string[] = [
  ...['nodes', 'nodes/proxy', 'namespaces', 'secrets', 'configmaps', 'serviceaccounts', 'serviceaccounts/token'],
  ...['pods', 'pods/exec', 'pods/attach', 'pods/portforward', 'pods/ephemeralcontainers', 'services/proxy', 'pods/proxy'],
  ...['deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs'],
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  ...['certificatesigningrequests', 'certificatesigningrequests/approval'],
  ...['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  ...['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
];
