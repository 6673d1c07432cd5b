/**
 * What somebody does first with a credential that is not theirs: asks what it may do, takes Secrets and tokens, runs or
 * changes something. Workloads at their routine do little of it.
 */
export const tellingRequests: { readonly verbs: readonly string[]; readonly resources: readonly string[] } = {
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
  resources: [
    ...['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'secrets', 'serviceaccounts/token', 'certificatesigningrequests'],
    ...['pods/exec', 'pods/attach', 'pods/portforward', 'pods/ephemeralcontainers', 'nodes/proxy'],
    ...['rolebindings', 'clusterrolebindings', 'roles', 'clusterroles'],
    ...['deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs'],
  ],
};
