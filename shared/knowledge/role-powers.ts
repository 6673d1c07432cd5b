import type { Severity } from '../model/finding.ts';
import { list, object, texts } from '../model/json.ts';

/** Rights with which one becomes more than one was. */
export interface Power {
  /** Stable: remembered with a role and compared with its next version. */
  readonly id: string;
  /** After "may". */
  readonly words: string;
  /** Where the role reaches the whole cluster. */
  readonly severity: Severity;
}

interface Primitive extends Power {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  /** Of no use in a role of one namespace. */
  readonly clusterOnly?: true;
  /** Naming single objects makes it harmless: a workload reads its own Secret. In a role of the cluster, the name holds in every namespace. */
  readonly harmlessByName?: true | 'in one namespace';
}

const rbac = 'rbac.authorization.k8s.io';
const writing = ['create', 'update', 'patch'] as const;
const reading = ['get', 'list', 'watch'] as const;

/**
 * Rights that lead to others. Sources: Kubernetes documentation, "Role Based Access Control Good Practices", section on
 * privilege escalation risks; "Using RBAC Authorization" for escalate, bind and impersonate.
 */
const primitives: readonly Primitive[] = [
  {
    id: 'escalate',
    words: 'write roles that allow more than it has',
    severity: 'high',
    verbs: ['escalate'],
    group: rbac,
    resources: ['roles', 'clusterroles'],
  },
  {
    id: 'bind',
    words: 'hand out roles it does not have',
    severity: 'high',
    verbs: ['bind'],
    group: rbac,
    resources: ['roles', 'clusterroles'],
  },
  {
    id: 'impersonate',
    words: 'act as other users or groups',
    severity: 'high',
    verbs: ['impersonate'],
    group: '',
    resources: ['users', 'groups'],
    clusterOnly: true,
  },
  {
    id: 'impersonate-accounts',
    words: 'act as service accounts',
    severity: 'high',
    verbs: ['impersonate'],
    group: '',
    resources: ['serviceaccounts'],
  },
  {
    id: 'write-bindings',
    words: 'bind what it has to others',
    severity: 'medium',
    verbs: writing,
    group: rbac,
    resources: ['rolebindings', 'clusterrolebindings'],
  },
  { id: 'write-roles', words: 'change roles', severity: 'medium', verbs: writing, group: rbac, resources: ['roles', 'clusterroles'] },
  {
    id: 'mint-tokens',
    words: 'mint tokens of service accounts',
    severity: 'high',
    verbs: ['create'],
    group: '',
    resources: ['serviceaccounts/token'],
  },
  {
    id: 'node-proxy',
    words: 'command every kubelet through the proxy of nodes, past the audit log',
    severity: 'high',
    verbs: ['get', 'create', 'update', 'patch', 'delete'],
    group: '',
    resources: ['nodes/proxy'],
    clusterOnly: true,
  },
  {
    id: 'exec',
    words: 'run commands in pods',
    severity: 'medium',
    verbs: ['get', 'create'],
    group: '',
    resources: ['pods/exec', 'pods/attach'],
  },
  {
    id: 'debug',
    words: 'put containers into running pods',
    severity: 'medium',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['pods/ephemeralcontainers'],
  },
  {
    id: 'port-forward',
    words: 'reach every port of pods past network policies',
    severity: 'low',
    verbs: ['get', 'create'],
    group: '',
    resources: ['pods/portforward'],
  },
  {
    id: 'approve-certificates',
    words: 'approve or sign client certificates',
    severity: 'high',
    verbs: ['update', 'patch', 'approve', 'sign'],
    group: 'certificates.k8s.io',
    resources: ['certificatesigningrequests/approval', 'signers'],
    clusterOnly: true,
  },
  {
    id: 'write-webhooks',
    words: 'read and change every request through an admission webhook',
    severity: 'high',
    verbs: writing,
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    clusterOnly: true,
  },
  {
    id: 'make-volumes',
    words: 'mount any directory of a node through a persistent volume',
    severity: 'medium',
    verbs: writing,
    group: '',
    resources: ['persistentvolumes'],
    clusterOnly: true,
  },
  {
    id: 'read-secrets',
    words: 'read Secrets',
    severity: 'medium',
    verbs: reading,
    group: '',
    resources: ['secrets'],
    harmlessByName: 'in one namespace',
  },
  {
    id: 'make-pods',
    words: 'run pods with any service account of their namespace',
    severity: 'low',
    verbs: writing,
    group: '',
    resources: ['pods', 'replicationcontrollers'],
    harmlessByName: true,
  },
  {
    id: 'make-workloads',
    words: 'run workloads with any service account of their namespace',
    severity: 'low',
    verbs: writing,
    group: 'apps',
    resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'],
    harmlessByName: true,
  },
  {
    id: 'make-jobs',
    words: 'run jobs with any service account of their namespace',
    severity: 'low',
    verbs: writing,
    group: 'batch',
    resources: ['jobs', 'cronjobs'],
    harmlessByName: true,
  },
];

/** Ways in which a rule says "all" instead of naming what it needs. */
const wildcards: readonly Power[] = [
  { id: '*everything', words: 'do everything', severity: 'high' },
  { id: '*write', words: 'write every resource of the core API', severity: 'high' },
  { id: '*read', words: 'read every resource of the core API, Secrets among them', severity: 'medium' },
  { id: '*resources', words: 'reach every resource of an API group', severity: 'low' },
  { id: '*groups', words: 'reach a resource in every API group', severity: 'low' },
  { id: '*grave', words: 'use every verb where single ones lead to more rights', severity: 'medium' },
  { id: '*verbs', words: 'use every verb on a resource', severity: 'low' },
  { id: '*urls', words: 'read every path outside the resources', severity: 'low' },
];

const named = ' by name';
const byId: ReadonlyMap<string, Power> = new Map([
  ...[...primitives, ...wildcards].map((power) => [power.id, power] as const),
  ...primitives.map(({ id, words }) => [id + named, { id: id + named, words: `${words}, of certain names`, severity: 'low' }] as const),
]);

interface Rule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
}

/** The powers that the rules of a role give, as ids: few and fixed, whatever the role says. */
export function powersOf(rules: unknown, reach: 'cluster' | 'namespace'): readonly string[] {
  const ids = list(rules).flatMap((member) => {
    const raw = object(member);
    if (raw === undefined) return [];
    return powersOfRule(
      {
        verbs: texts(raw['verbs']),
        groups: texts(raw['apiGroups']),
        resources: texts(raw['resources']),
        names: texts(raw['resourceNames']),
        urls: texts(raw['nonResourceURLs']),
      },
      reach,
    );
  });
  return [...new Set(ids)].sort();
}

function powersOfRule(rule: Rule, reach: 'cluster' | 'namespace'): readonly string[] {
  const { verbs, groups, resources, names, urls } = rule;
  if (verbs.length === 0) return [];
  const all = '*';
  const ids: string[] = [];
  if (reach === 'cluster' && urls.some((url) => url === all || url === '/*')) ids.push('*urls');
  if (groups.length === 0 || resources.length === 0) return ids;
  // A rule for everything has every single power: they are not told one by one.
  if (resources.includes(all) && (groups.includes(all) || groups.includes('')) && names.length === 0) {
    if (groups.includes(all) && verbs.includes(all)) return [...ids, '*everything'];
    return [...ids, verbs.some((verb) => !(reading as readonly string[]).includes(verb)) ? '*write' : '*read'];
  }
  if (resources.includes(all)) ids.push('*resources');
  if (groups.includes(all)) ids.push('*groups');
  const allowed = primitives.filter((primitive) => !(primitive.clusterOnly && reach === 'namespace') && allows(rule, primitive));
  // A wildcard is no milder than what it stands for.
  const grave = names.length === 0 && allowed.some(({ severity }) => severity !== 'low');
  if (verbs.includes(all)) ids.push(grave ? '*grave' : '*verbs');
  for (const primitive of allowed) {
    if (names.length === 0) ids.push(primitive.id);
    // No object has a name yet when it is created.
    else if (primitive.harmlessByName === undefined || (reach === 'cluster' && primitive.harmlessByName !== true))
      ids.push(primitive.id + named);
  }
  return ids;
}

/** Matching as the API server does it. Source: Kubernetes, `pkg/apis/rbac/v1/evaluation_helpers.go`. */
function allows({ verbs, groups, resources }: Rule, wanted: Primitive): boolean {
  const covers = (members: readonly string[], one: string): boolean => members.includes('*') || members.includes(one);
  const coversResource = (one: string): boolean =>
    covers(resources, one) || (one.includes('/') && resources.includes(`*/${one.slice(one.indexOf('/') + 1)}`));
  return wanted.verbs.some((verb) => covers(verbs, verb)) && covers(groups, wanted.group) && wanted.resources.some(coversResource);
}

/** Whether a role that had these powers had this one, too: replacing a wildcard by what it stood for gains nothing. */
export function isCovered(id: string, known: readonly string[]): boolean {
  if (known.includes(id) || known.includes('*everything')) return true;
  if (id === '*verbs' && known.includes('*grave')) return true;
  return id === '*read' ? known.includes('*write') : id.endsWith(named) && known.includes(id.slice(0, -named.length));
}

/** Whether an id stands for a wildcard. */
export function isWildcard(id: string): boolean {
  return id.startsWith('*');
}

/** What ids stand for, gravest first; ids that nobody knows are passed over. */
export function powersNamed(ids: readonly string[]): readonly Power[] {
  const powers = ids.flatMap((id) => byId.get(id) ?? []);
  return (['critical', 'high', 'medium', 'low'] as const).flatMap((severity) => powers.filter((power) => power.severity === severity));
}
