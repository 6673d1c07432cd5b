/*
 * The audit policy of EKS: nobody can change it, and it decides what there is to judge.
 * Source: aws/aws-eks-best-practices, `latest/bpg/security/detective.adoc`, commit dc0243ad, read in May 2026. How rules
 * match: kubernetes/apiserver, `pkg/audit/policy/checker.go`.
 */

/** How much of a request is logged, from nothing to both bodies. */
export const auditLevels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type AuditLevel = (typeof auditLevels)[number];

/** When in the life of a request an event of it is written. */
export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';

/** What the policy looks at; text that a request lacks is empty. */
export interface AuditedRequest {
  /** Who authenticated, also under impersonation; empty where authentication failed. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  /** Empty where the request is for a path that is no resource. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Path of the URI, without its query. */
  readonly path: string;
}

/** Resources of an API group; without names, all of them and their subresources. */
interface GroupResources {
  readonly group: string;
  readonly resources?: readonly string[];
  readonly names?: readonly string[];
}

/** A rule of the policy: what it does not restrict, it takes as it comes. */
interface AuditRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly resources?: readonly GroupResources[];
  /** Paths that are no resources; a star at the end stands for any rest. */
  readonly paths?: readonly string[];
  readonly omits?: readonly AuditStage[];
}

const core = (...resources: readonly string[]): GroupResources => ({ group: '', resources });

const omits: readonly AuditStage[] = ['RequestReceived'];

/** The API groups whose reads are logged with the request and whose writes are logged whole. */
const listed: readonly GroupResources[] = [
  ...['', 'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'apps', 'authentication.k8s.io'],
  ...['authorization.k8s.io', 'autoscaling', 'batch', 'certificates.k8s.io', 'extensions', 'metrics.k8s.io', 'networking.k8s.io'],
  ...['policy', 'rbac.authorization.k8s.io', 'scheduling.k8s.io', 'settings.k8s.io', 'storage.k8s.io'],
].map((group) => ({ group }));

/** The rules in their order: the first that matches decides. */
export const auditPolicy: readonly AuditRule[] = [
  {
    level: 'RequestResponse',
    verbs: ['update', 'patch', 'delete'],
    namespaces: ['kube-system'],
    resources: [{ ...core('configmaps'), names: ['aws-auth'] }],
    omits,
  },
  { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'], resources: [core('endpoints', 'services', 'services/status')] },
  { level: 'None', users: ['kubelet'], verbs: ['get'], resources: [core('nodes', 'nodes/status')] },
  { level: 'None', groups: ['system:nodes'], verbs: ['get'], resources: [core('nodes', 'nodes/status')] },
  {
    level: 'None',
    users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:serviceaccount:kube-system:endpoint-controller'],
    verbs: ['get', 'update'],
    namespaces: ['kube-system'],
    resources: [core('endpoints')],
  },
  {
    level: 'None',
    users: ['system:apiserver'],
    verbs: ['get'],
    resources: [core('namespaces', 'namespaces/status', 'namespaces/finalize')],
  },
  { level: 'None', users: ['system:kube-controller-manager'], verbs: ['get', 'list'], resources: [{ group: 'metrics.k8s.io' }] },
  { level: 'None', paths: ['/healthz*', '/version', '/swagger*'] },
  { level: 'None', resources: [core('events')] },
  {
    level: 'Request',
    users: ['kubelet', 'system:node-problem-detector', 'system:serviceaccount:kube-system:node-problem-detector'],
    verbs: ['update', 'patch'],
    resources: [core('nodes/status', 'pods/status')],
    omits,
  },
  { level: 'Request', groups: ['system:nodes'], verbs: ['update', 'patch'], resources: [core('nodes/status', 'pods/status')], omits },
  { level: 'Request', users: ['system:serviceaccount:kube-system:namespace-controller'], verbs: ['deletecollection'], omits },
  {
    level: 'Metadata',
    resources: [core('secrets', 'configmaps'), { group: 'authentication.k8s.io', resources: ['tokenreviews'] }],
    omits,
  },
  { level: 'Request', resources: [core('serviceaccounts/token')] },
  { level: 'Request', verbs: ['get', 'list', 'watch'], resources: listed, omits },
  { level: 'RequestResponse', resources: listed, omits },
  { level: 'Metadata', omits },
];

/** What EKS logs of a request: the level, and the stages that it writes an event for. */
export function auditLevel(request: AuditedRequest): { readonly level: AuditLevel; readonly stages: readonly AuditStage[] } {
  const rule = auditPolicy.find((candidate) => matches(candidate, request));
  if (rule === undefined || rule.level === 'None') return { level: 'None', stages: [] };
  return { level: rule.level, stages: stagesOf(request).filter((stage) => rule.omits?.includes(stage) !== true) };
}

function matches({ users, groups, verbs, namespaces, resources, paths }: AuditRule, request: AuditedRequest): boolean {
  if (users?.includes(request.user) === false || verbs?.includes(request.verb) === false) return false;
  if (groups?.some((group) => request.groups.includes(group)) === false) return false;
  if (paths !== undefined) return request.resource === '' && paths.some((path) => coversPath(path, request.path));
  if (namespaces?.includes(request.namespace) === false) return false;
  return resources?.some((candidate) => coversResource(candidate, request)) !== false;
}

function coversPath(path: string, asked: string): boolean {
  return path.endsWith('*') ? asked.startsWith(path.slice(0, -1)) : asked === path;
}

/** A resource without its subresources is just that. */
function coversResource({ group, resources, names }: GroupResources, request: AuditedRequest): boolean {
  if (request.resource === '' || group !== request.group) return false;
  const asked = request.subresource === '' ? request.resource : `${request.resource}/${request.subresource}`;
  return resources?.includes(asked) !== false && names?.includes(request.name) !== false;
}

/** Source: kubernetes, `pkg/controlplane`, long-running requests. */
const longRunningVerbs: ReadonlySet<string> = new Set(['watch', 'proxy']);
const longRunningSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/**
 * The stages that the API server passes through: streams have a start as well, and who fails to authenticate never gets
 * further. Source: kubernetes/apiserver, `pkg/endpoints/filters/audit.go` and `authn_audit.go`.
 */
function stagesOf({ user, verb, resource, subresource, path }: AuditedRequest): readonly AuditStage[] {
  if (user === '') return ['ResponseStarted'];
  const streams =
    longRunningVerbs.has(verb) || (resource === '' ? path.startsWith('/debug/pprof/') : longRunningSubresources.has(subresource));
  return ['RequestReceived', ...(streams ? (['ResponseStarted'] as const) : []), 'ResponseComplete', 'Panic'];
}
