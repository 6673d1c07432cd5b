/*
 * Roles and bindings that a cluster comes with. Sources: Kubernetes documentation, "Using RBAC Authorization", sections
 * on default roles and bindings; Kubernetes, `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go`.
 */

/** Roles for people: everything, and everything in a namespace with and without its RBAC. All of them read Secrets. */
const userFacing: ReadonlySet<string> = new Set(['cluster-admin', 'admin', 'edit']);

/** Roles that are meant for everybody or for add-ons, and hand out nothing that others could not have. */
const mild: ReadonlySet<string> = new Set([
  'system:aggregate-to-view',
  'system:auth-delegator',
  'system:basic-user',
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
  'system:coredns',
  'system:discovery',
  'system:kube-dns',
  'system:metrics-server',
  'system:aggregated-metrics-reader',
  'system:monitoring',
  'system:node-bootstrapper',
  'system:node-problem-detector',
  'system:node-proxier',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

/** Roles whose reading part anybody may have. */
const forEverybody: ReadonlySet<string> = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

/** Bindings a cluster comes with, and whom they name. */
const defaults: ReadonlySet<string> = new Set([
  'cluster-admin Group system:masters',
  'system:basic-user Group system:authenticated',
  'system:discovery Group system:authenticated',
  'system:monitoring Group system:monitoring',
  'system:public-info-viewer Group system:authenticated',
  'system:public-info-viewer Group system:unauthenticated',
  'system:service-account-issuer-discovery Group system:serviceaccounts',
  'eks:node-bootstrapper Group system:nodes',
  'eks:node-bootstrapper Group system:bootstrappers',
]);

/** Whether a binding names this subject from the start. */
export function isDefaultGrant(binding: string, subject: string): boolean {
  return defaults.has(`${binding} ${subject}`);
}

/** Whether a built-in ClusterRole is an administrator's or a part's of the control plane. */
export function isAdminRole(name: string): boolean {
  return userFacing.has(name) || (/^(?:system|eks):/.test(name) && !mild.has(name));
}

/** Whether a built-in ClusterRole gives what everybody may know. */
export function isForEverybody(name: string): boolean {
  return forEverybody.has(name);
}

/** Whether the cluster or EKS made an object of RBAC: their names are reserved by custom only, nothing enforces it. */
export function isBuiltIn(name: string): boolean {
  return /^(?:system|eks):/.test(name) || userFacing.has(name) || name === 'view';
}

/** Add-ons that people install themselves and whose charts take a reserved name. */
export function isAddOn(name: string): boolean {
  return name === 'system:coredns' || name.startsWith('system:metrics-server') || name === 'system:aggregated-metrics-reader';
}
