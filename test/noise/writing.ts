import type { AuditLine } from '../simulation/audit.ts';
import type { Micros } from '../simulation/clock.ts';
import type { Cluster } from '../simulation/cluster.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import type { Identity } from '../simulation/identity.ts';
import { Random } from '../simulation/random.ts';
import { type Target, core, grouped } from '../simulation/target.ts';

/** Kinds by resource, for bodies. */
const kinds: Readonly<Record<string, readonly [string, string]>> = {
  namespaces: ['v1', 'Namespace'],
  configmaps: ['v1', 'ConfigMap'],
  services: ['v1', 'Service'],
  secrets: ['v1', 'Secret'],
  serviceaccounts: ['v1', 'ServiceAccount'],
  limitranges: ['v1', 'LimitRange'],
  resourcequotas: ['v1', 'ResourceQuota'],
  nodes: ['v1', 'Node'],
  daemonsets: ['apps/v1', 'DaemonSet'],
  ingresses: ['networking.k8s.io/v1', 'Ingress'],
  networkpolicies: ['networking.k8s.io/v1', 'NetworkPolicy'],
  poddisruptionbudgets: ['policy/v1', 'PodDisruptionBudget'],
  roles: ['rbac.authorization.k8s.io/v1', 'Role'],
  rolebindings: ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  clusterroles: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  clusterrolebindings: ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  customresourcedefinitions: ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  validatingwebhookconfigurations: ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  mutatingwebhookconfigurations: ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  certificatesigningrequests: ['certificates.k8s.io/v1', 'CertificateSigningRequest'],
};

/** A write of an object that the simulation keeps no track of. */
export interface Write {
  readonly by: Identity;
  readonly at: Micros;
  readonly verb: 'create' | 'update' | 'patch' | 'delete';
  readonly target: Target;
  /** Everything but kind, version and the name. */
  readonly object?: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly manager?: string;
  readonly code?: number;
}

/** Writes an object: what was sent, and what the server stored. A patch is a server-side apply. */
export function write(cluster: Cluster, { by, at, verb, target, manager = 'helm', code, ...given }: Write): readonly AuditLine[] {
  const [apiVersion, kind] = kinds[target.resource] ?? ['v1', 'Object'];
  const { namespace, name } = target;
  const { labels, annotations } = given;
  const sent = { kind, apiVersion, metadata: { name, namespace, labels, annotations }, ...given.object };
  const uid = new Random(`object/${target.resource}/${namespace ?? ''}/${name ?? ''}`).uuid();
  const metadata = { ...sent.metadata, uid, resourceVersion: cluster.nextVersion(), creationTimestamp: '2026-01-19T08:12:44Z' };
  const answered = { ...sent, metadata };
  const failed = code === undefined ? {} : { code };
  if (verb === 'delete') {
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
    return cluster.request({ by, at, verb, target, sent: options, answered, ...failed });
  }
  const query = verb === 'patch' ? `fieldManager=${manager}&force=true` : `fieldManager=${manager}`;
  return cluster.request({ by, at, verb, target, query, sent, answered, ...failed });
}

export const rbac = (resource: string, namespace: string | undefined, name: string): Target =>
  grouped('rbac.authorization.k8s.io', resource, namespace, name);

/** A binding of a role to a group or to service accounts. */
export function bindingBody(role: string, subject: { group: string } | { account: string; namespace: string }): JsonObject {
  const apiGroup = 'rbac.authorization.k8s.io';
  const subjects =
    'group' in subject
      ? [{ kind: 'Group', apiGroup, name: subject.group }]
      : [{ kind: 'ServiceAccount', name: subject.account, namespace: subject.namespace }];
  return {
    subjects,
    roleRef: { apiGroup, kind: role.startsWith('cluster:') ? 'ClusterRole' : 'Role', name: role.replace('cluster:', '') },
  };
}

/** A read of one object or a list. */
export function read(cluster: Cluster, by: Identity, at: Micros, target: Target, query?: string): readonly AuditLine[] {
  const verb = target.name === undefined ? 'list' : 'get';
  return cluster.request({ by, at, verb, target, ...(query === undefined ? {} : { query }) });
}

/** The secrets in which Helm keeps the releases of a namespace. */
export function helmRelease(cluster: Cluster, by: Identity, at: Micros, namespace: string, name: string, revision: number): void {
  const secret = (number: number): Target => core('secrets', namespace, `sh.helm.release.v1.${name}.v${String(number)}`);
  read(cluster, by, at, core('secrets', namespace), `labelSelector=name%3D${name}%2Cowner%3Dhelm`);
  write(cluster, { by, at: at + 400_000, verb: 'create', target: secret(revision) });
  write(cluster, { by, at: at + 9_000_000, verb: 'update', target: secret(revision) });
}
