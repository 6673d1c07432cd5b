/** Attacks whose rows no detection claims yet. A claim takes the attack from here. */
export const unclaimed: readonly string[] = [
  'interactive-shell', // D050
  'reverse-shell-dev-tcp', // D044
  'reverse-shell-netcat', // D044
  'reverse-shell-fifo', // D044
  'reverse-shell-socat', // D044
  'reverse-shell-python', // D044
  'download-to-shell', // D045
  'download-file', // D045
  'package-installed', // D045
  'tar-to-stdout', // D049
  'base64-to-stdout', // D049
  'dangerous-capability', // D069
  'host-port', // D076
  'node-debugger', // D053
  'offensive-image', // D055
  'offensive-command', // D055
  'offensive-hook', // D055
  'foreign-image', // D057
  'node-chosen', // D066
  'mirror-pod', // D067
  'privileged-account', // D078
  'pod-in-system-namespace', // D079
  'pod-in-guardduty-namespace', // D079
  'credentials-in-environment', // D112
  'grant-to-anonymous', // D004
  'grant-to-anonymous-in-namespace', // D004
  'grant-to-everybody', // D005
  'bind-cluster-admin', // D083
  'bind-system-role', // D083 D084
  'bind-admin-in-namespace', // D083
  'bind-cluster-admin-in-namespace', // D083
  'grant-to-default-account', // D085
  'grant-to-account', // D086
  'grant-to-account-in-namespace', // D086
  'wildcard-role', // D087
  'role-may-escalate', // D088
  'role-in-namespace-may-exec', // D088
  'built-in-role-changed', // D089
  'built-in-binding-changed', // D089 D083
  'role-aggregated', // D091
  'rights-written-by-workload', // D090
  'webhook-outside', // D102
  'guard-rail-lowered', // D080
  'guard-rail-excluded', // D080
  'host-path-volume', // D077
  'admission-policy-weakened', // D103
  'sensor-starved', // D118
  'client-certificate-asked', // D092
  'account-in-system-namespace', // D101
  'role-arn-repointed', // D098
  'api-hijacked', // D104
  'cluster-dns-replaced', // D125
  'cluster-dns-repointed', // D125
  'service-exposed', // D127
  'node-relabelled', // D082
  'secrets-of-system-namespace-listed', // D106
  'rbac-read', // D039
  'identity-map-read', // D040 D094
  'kubelet-reached-through-node', // D035
  'kubelet-asked-directly', // D036
  'pod-reached-through-proxy', // D037
  'port-forwarded', // D051
  'rights-asked', // D029
  'token-minted', // D099
  'certificate-approved', // D092
  'identity-map-changed', // D093
  'identity-map-created', // D094
  'webhook-removed', // D102
  'policy-engine-object-removed', // D103
  'sensor-removed', // D118
  'built-in-binding-removed', // D089
  'forbidden-burst', // D016 D017
  'forbidden-create', // D062
  'pod-bound-to-node', // D066
  'anonymous-allowed', // D001
  'anonymous-write', // D003
  'anonymous-probing', // D002
  'probing-refused', // D002 D015
  'offensive-client', // D013
  'scripted-client', // D013
  'break-glass-used', // D018
  'masters-impersonated', // D019
  'reserved-name-from-iam', // D022
  'reserved-account-from-iam', // D022
  'reserved-group-from-iam', // D022
  'endpoint-opened', // D028
  'access-entry-created', // D095
  'admin-policy-associated', // D096
  'secret-policy-associated', // D096
  'authentication-changed', // D097
  'pod-identity-bound', // D098
  'sensor-addon-deleted', // D118 D124
  'cluster-deleted', // D124
  'mining-nodes-added', // D124
];

const applied = 'A pod that server-side apply creates is logged as a patch of pods, which is not read.';
const computed = 'The shell puts the command together from two variables; what a shell would compute is not computed.';
const entered = 'The folder is entered first and the file named alone; folder and file are not put together.';
const completed = 'The shell completes the name of the file; patterns are only completed where they are known.';
const deployed = 'What CloudFormation does is taken for a deployment and told as low, whoever had it done.';

/**
 * Variants that are missed, and why that is so. A key is a variant, a form in every disguise (`attack / form`), a
 * disguise of every form (`attack, disguise`), or a whole attack. What is found after all must leave.
 */
export const blind: Readonly<Record<string, string>> = {
  'privileged-container / Pod apply-new': applied,
  'host-root-mounted / Pod apply-new': applied,
  'kubelet-folder-mounted / Pod apply-new': applied,
  'etc-mounted / Pod apply-new': applied,
  'containerd-socket-mounted / Pod apply-new': applied,
  'runtime-folder-mounted / Pod apply-new': applied,
  'docker-socket-mounted / Pod apply-new': applied,
  'host-network / Pod apply-new': applied,
  'host-pid / Pod apply-new': applied,
  'host-ipc / Pod apply-new': applied,
  'everything-at-once / Pod apply-new': applied,
  'shadow-read / halves put together': computed,
  'aws-credentials-read / halves put together': computed,
  'environment-of-process-read / halves put together': computed,
  'pod-identity-agent-asked / halves put together': computed,
  'host-chroot / halves put together': computed,
  'shadow-read / path relative': entered,
  'aws-credentials-read / path relative': entered,
  'environment-of-process-read / path relative': entered,
  'host-chroot / path through its own root': 'The folder of the host is reached through the root of the process itself.',
  'host-chroot / path a letter left to the shell': completed,
  'host-chroot / path the end left to the shell': completed,
  'pspy-run / path a letter left to the shell': completed,
  'pspy-run / path the end left to the shell': completed,
  'audit-log-switched-off, called through CloudFormation': deployed,
  'log-group-deleted, called through CloudFormation': deployed,
  'subscription-removed, called through CloudFormation': deployed,
  'flow-logs-deleted, called through CloudFormation': deployed,
  'trail-stopped': 'No detection reads calls of CloudTrail itself.',
  'delivery-cut': 'No detection reads calls of EventBridge.',
  'our-function-removed': 'No detection reads calls of Lambda.',
};

const emptyRule = 'A null rule is an empty one to the API server, and an empty rule lets everything through.';

/** Look-alikes that are rightly found, and why: `detection sample, change`. */
export const apt: Readonly<Record<string, string>> = {
  'network-policy-opened silent/almost-names-only-egress, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/almost-public-port-of-one-application, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/own-namespace, odd neighbours in lists': emptyRule,
};
