import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, object, text } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { isClusterItself } from './exclusions.ts';

/** Writes of namespaces. Labels can be changed by way of these subresources as well. */
export const namespaceWrites = {
  verbs: ['create', 'update', 'patch'],
  resources: ['namespaces', 'namespaces/status', 'namespaces/finalize'],
};

/** The label whose level decides which pods a namespace admits. Source: Kubernetes documentation, "Pod Security Admission". */
export const enforced = 'pod-security.kubernetes.io/enforce';

/** How much a level forbids. A namespace without the label is as free as a privileged one: EKS sets no other default. */
export function strictness(level: string | undefined): number {
  return level === 'restricted' ? 2 : level === 'baseline' ? 1 : 0;
}

/** A label that lets a namespace out of an admission webhook. */
export interface Exemption {
  readonly label: string;
  /** Whose admission it is out of. */
  readonly guard: string;
  /** Whether a namespace with this value, or without the label, is out. */
  readonly isOut: (value: string | undefined) => boolean;
}

/**
 * Sources: documentation of Gatekeeper ("Exempting Namespaces"), OPA kube-mgmt ("Kubernetes Admission Control"), Kyverno
 * (namespace selectors), Sigstore policy-controller ("Enable policy-controller"), cert-manager (webhook).
 */
export const exemptions: readonly Exemption[] = [
  { label: 'admission.gatekeeper.sh/ignore', guard: 'Gatekeeper', isOut: (value) => value !== undefined },
  { label: 'openpolicyagent.org/webhook', guard: 'the Open Policy Agent', isOut: (value) => value === 'ignore' },
  { label: 'kyverno.io/ignore', guard: 'Kyverno', isOut: (value) => value !== undefined && value !== 'false' },
  { label: 'policy.sigstore.dev/include', guard: 'the check of image signatures', isOut: (value) => value !== 'true' },
  { label: 'policy.sigstore.dev/exclude', guard: 'the check of image signatures', isOut: (value) => value === 'true' },
  { label: 'cert-manager.io/disable-validation', guard: 'cert-manager', isOut: (value) => value === 'true' },
];

const watched: readonly string[] = [enforced, ...new Set(exemptions.map(({ label }) => label))];

/** The watched labels of a namespace, by name. */
export type GuardLabels = ReadonlyMap<string, string>;

function labelsFrom(labels: unknown): GuardLabels {
  return new Map(
    watched.flatMap((name) => {
      const value = text(at(labels, name));
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The watched labels of a namespace as the caller wants them; absent where a refused request does not show them. */
function wantedGuards(event: AuditEvent, known: GuardLabels | undefined): GuardLabels | undefined {
  if (event.allowed || event.verb !== 'patch') return event.result && labelsFrom(at(event.result, 'metadata', 'labels'));
  const named = watched.map((label) => [label, patchNames(event, label) ? labelIn(event.request, label) : known?.get(label)] as const);
  return new Map(named.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function labelIn(body: JsonObject | undefined, label: string): string | undefined {
  return text(at(body, 'metadata', 'labels', label));
}

/** The newest watched labels of every namespace: by name, so that one that is deleted and made again is compared. */
export const knownGuards: Snapshot<AuditEvent> = snapshot({
  id: 'namespace-guards',
  key: ({ name }) => (name === '' ? undefined : [name]),
  value: (event) => {
    const labels = event.allowed ? wantedGuards(event, undefined) : undefined;
    return labels && { labels: Object.fromEntries(labels) };
  },
});

/** The watched labels of a namespace around a write. */
export interface GuardChange {
  /** Absent while the namespace is unknown. */
  readonly known: GuardLabels | undefined;
  readonly wanted: GuardLabels;
}

/** The watched labels before and after a write; absent where it does not show them, and where the cluster itself writes. */
export function guardChange(event: AuditEvent, previous: JsonObject | undefined): GuardChange | undefined {
  if (isClusterItself(event)) return undefined;
  const known = previous && labelsFrom(previous['labels']);
  const wanted = wantedGuards(event, known);
  return wanted && { known, wanted };
}

/** Whether a patch names a label, to set it or to take it away. */
export function patchNames({ verb, request }: AuditEvent, label: string): boolean {
  const labels = verb === 'patch' ? object(at(request, 'metadata', 'labels')) : undefined;
  return labels !== undefined && Object.hasOwn(labels, label);
}

/** Whether an event writes a namespace, or was refused to. */
export function writesNamespace(event: AuditEvent): boolean {
  return !event.dryRun && (event.allowed || event.outcome === 'forbidden');
}
