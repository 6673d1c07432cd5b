/*
 * Steps that several sequences share, as the ids of the detections that meet them. A sequence names detections and never imports them;
 * that all exist is tested.
 */

/** Somebody entered a container and did something that needs an explanation. */
export const grimExecs: readonly string[] = [
  ...['exec-reads-credentials', 'exec-asks-metadata-service', 'exec-runs-attack-tool', 'exec-opens-remote-shell'],
  ...['exec-downloads', 'exec-copies-files-out'],
];

/** Somebody entered a container. */
export const execs: readonly string[] = [...grimExecs, 'exec-opens-shell', 'exec-into-pod'];

/** Somebody entered a container who does not do so every day, or did so to look around: runners of builds enter their pods all day. */
export const notableExecs: readonly string[] = [...grimExecs, 'exec-opens-shell', 'exec-new-to-caller'];

/** A workload reached for what it never reached for. */
export const newTraffic: readonly string[] = [
  ...['new-external-destination', 'new-external-port', 'port-scan', 'network-sweep', 'slow-scan', 'upload-volume'],
  ...['mining-port-used', 'mail-sent', 'resolver-bypassed', 'node-port-called', 'machine-logins-tried', 'database-logins-tried'],
  ...['tor-traffic', 'traffic-to-mining-pool', 'traffic-with-malicious-address'],
];

/** Secrets of the cluster were read, or asked for. */
export const secretReads: readonly string[] = [
  ...['cluster-wide-secret-list', 'many-secrets-read', 'many-secrets-read-by-workload', 'secret-list-in-new-namespace'],
  ...['secret-read-by-new-client', 'secret-read-by-new-workload', 'secret-read-from-new-network', 'secret-reads-refused'],
];

/** Something was made to run that has no business there, or with more power than it needs. */
export const oddWorkloads: readonly string[] = [
  ...['privileged-container', 'dangerous-capability', 'host-path-mounted', 'host-path-volume', 'runtime-socket-mounted'],
  ...['host-network', 'host-pid', 'host-ipc', 'host-port-opened', 'offensive-image-deployed', 'offensive-command-declared'],
  ...['image-from-new-registry', 'image-not-allowed', 'image-changed', 'container-added', 'credentials-in-workload', 'job-planted'],
  ...['unusual-workload', 'daemonset-created', 'bare-pod-made', 'workload-in-system-namespace', 'pod-bound-by-hand', 'pod-pinned-to-node'],
  ...['pod-posing-as-replica', 'imitating-name', 'static-pod-appeared', 'container-spraying', 'pods-made-all-hour', 'node-debug-pod'],
  ...['anonymous-workload-write', 'controller-account-used', 'hardening-lost', 'limits-removed'],
];

/** Rights were given inside the cluster. */
export const grants: readonly string[] = [
  ...['account-bound-to-cluster-role', 'admin-equivalent-role-bound', 'admin-role-bound', 'binding-to-anonymous', 'binding-to-everybody'],
  ...[
    'built-in-rbac-changed',
    'default-account-made-admin',
    'rights-written-by-workload',
    'escalation-rights-added',
    'role-aggregated',
    'wildcard-role',
  ],
];

/** Somebody was let into the cluster, or given what an AWS role may do. */
export const mappings: readonly string[] = [
  ...['access-entry-changed', 'admin-policy-associated', 'aws-auth-changed', 'aws-auth-created', 'cluster-authentication-changed'],
  ...['pod-identity-changed', 'role-trusts-workloads', 'workload-role-changed'],
];

/** A credential is used from where, or in a way that, its owner never did. */
export const strayCredentials: readonly string[] = [
  ...['identity-from-new-network', 'cluster-call-from-new-network', 'call-from-tor', 'call-from-malicious-address'],
  ...['access-key-in-two-places', 'many-sessions-of-role', 'node-role-from-new-network', 'node-identity-off-instance'],
  ...['workload-identity-from-internet', 'token-used-away-from-pod', 'irsa-role-from-outside-aws', 'pod-identity-for-another'],
  ...['principals-denied-in-turn', 'guardduty-finding'],
];

/** Somebody was refused again and again. */
export const refusals: readonly string[] = [
  ...['refused-at-many-doors', 'refused-with-new-client', 'forbidden-burst-from-internet', 'secret-reads-refused'],
  ...['workload-creation-refused', 'permissions-probed', 'own-permissions-listed'],
];

/** What watches or restrains was switched off. */
export const blinding: readonly string[] = [
  ...['audit-logging-switched-off', 'encryption-key-disabled', 'flow-logs-deleted', 'log-group-deleted', 'log-key-changed'],
  ...['log-subscription-removed', 'own-resource-tampered', 'security-addon-removed', 'security-agent-removed', 'trail-stopped'],
  ...['policy-engine-stopped', 'policy-weakened', 'admission-webhook-removed', 'admission-exemption-added', 'pod-security-relaxed'],
];

/** What nobody does while maintaining guards: maintenance writes workloads, and those are not among them. */
export const intrusions: readonly string[] = [
  ...[...grimExecs, ...secretReads, ...strayCredentials, ...newTraffic, ...grants, ...refusals],
  ...['port-forward', 'kubelet-proxied', 'kubelet-asked-directly', 'token-minted', 'token-secret-made', 'client-certificate-requested'],
  ...['privileged-identity-impersonated', 'reserved-identity-presented', 'data-destroyed', 'cluster-infrastructure-deleted'],
  ...['offensive-image-deployed', 'offensive-command-declared', 'container-spraying'],
];
