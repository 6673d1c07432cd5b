import { editsBetween } from './edits.ts';

/*
 * Names that people pass over when they look at a cluster. Sources: Kubernetes and Amazon EKS user guides, "AWS add-ons";
 * default names of the projects' charts.
 */

const namespaces = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'amazon-guardduty',
  'amazon-cloudwatch',
  'cert-manager',
  'istio-system',
];

const parts = [
  ...['coredns', 'kube-dns', 'kube-proxy', 'aws-node', 'metrics-server', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager'],
  ...['ebs-csi-node', 'ebs-csi-controller', 'efs-csi-node', 'efs-csi-controller', 'fsx-csi-node', 'fsx-csi-controller', 's3-csi-node'],
  ...['eks-pod-identity-agent', 'eks-node-monitoring-agent', 'aws-guardduty-agent', 'aws-load-balancer-controller', 'cluster-autoscaler'],
  ...[
    'calico-node',
    'calico-typha',
    'calico-kube-controllers',
    'cilium-agent',
    'cilium-operator',
    'node-local-dns',
    'local-path-provisioner',
  ],
  ...['cloudwatch-agent', 'fluent-bit', 'aws-for-fluent-bit', 'node-exporter', 'kube-state-metrics', 'external-dns', 'cert-manager'],
  ...['aws-node-termination-handler', 'karpenter', 'nvidia-device-plugin-daemonset', 'kube-flannel-ds', 'konnectivity-agent'],
];

/** Roles and accounts that Kubernetes makes. Source: Kubernetes documentation, "Using RBAC Authorization", default roles. */
const rights = [
  'cluster-admin',
  'system:node',
  'system:masters',
  'system:kube-scheduler',
  'system:kube-controller-manager',
  'system:controller',
];

const genuine: ReadonlySet<string> = new Set([...namespaces, ...parts, ...rights]);

/** Letters that look alike, as one: also those of other alphabets, which names of roles may hold. */
const alike: readonly (readonly [RegExp, string])[] = [
  [/[0оοօ]/g, 'o'],
  [/[1|iіıӏⅼ]/g, 'l'],
  [/[5ѕ]/g, 's'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/[аα]/g, 'a'],
  [/[еε]/g, 'e'],
  [/[рρ]/g, 'p'],
  [/[сϲ]/g, 'c'],
  [/[_.‐‑–—]/g, '-'],
];

function folded(name: string): string {
  return alike.reduce((text, [looks, letter]) => text.replace(looks, letter), name.normalize('NFKC').toLowerCase());
}

const foldedNames = [...genuine].map((name) => [name, folded(name)] as const);

/** Longest name that is compared: longer ones resemble none. */
const longest = 40;

/** The name that another one is taken for: alike to the eye, or off by two letters, in short names by one. */
export function imitatedName(name: string): string | undefined {
  if (genuine.has(name) || name.length > longest) return undefined;
  const own = folded(name);
  const twin = foldedNames.find(([original, fold]) => fold === own || (own !== original && isOff(own, fold)));
  return twin?.[0];
}

function isOff(name: string, original: string): boolean {
  const most = original.length >= 9 ? 2 : 1;
  if (original.length < 6 || Math.abs(name.length - original.length) > most) return false;
  // A number or letter set behind is how people number what is theirs.
  if (name.startsWith(`${original}-`) || (/^\d+$/.test(name.slice(original.length)) && name.startsWith(original))) return false;
  return editsBetween(name, original) <= most;
}

/** Letters that Kubernetes draws generated names from. Source: k8s.io/apimachinery, `pkg/util/rand`. */
const drawn = '[bcdfghjklmnpqrstvwxz2456789]';
const replica = new RegExp(`^(.+)-${drawn}{8,10}-${drawn}{5}$`);
const member = new RegExp(`^(.+)-${drawn}{5}$`);

/** The workload that a pod's name says it is one of: a replica's, or a part of the system as its DaemonSet would name it. */
export function posedAs(name: string): string | undefined {
  const owner = replica.exec(name)?.[1];
  if (owner !== undefined) return owner;
  const part = member.exec(name)?.[1] ?? '';
  return genuine.has(part) ? part : undefined;
}
