import { at, list, text, texts } from '../model/json.ts';
import type { PodSpec } from '../model/pod-spec.ts';
import type { PodTrait } from './pod-trait.ts';
import { shorten } from './shorten.ts';

/** How a pod chooses its node past the scheduler's judgement. */
export function pinningTraits(pod: PodSpec): readonly PodTrait[] {
  const named = text(pod.raw['nodeName']) ?? '';
  if (named !== '') {
    const words = `node ${shorten(named)} set beforehand, past the scheduler and every taint that it heeds`;
    return [{ kind: 'pinned', id: `pinned ${named}`, severity: 'medium', words }];
  }
  const nodes = toleratesEverything(pod) ? chosenNodes(pod) : [];
  return nodes.map((node) => ({
    kind: 'pinned',
    id: `chosen ${node}`,
    severity: 'medium',
    words: `node ${shorten(node)} chosen by name and every taint tolerated`,
  }));
}

/** A toleration without a key matches every taint. Source: Kubernetes documentation, "Taints and Tolerations". */
export function toleratesEverything(pod: PodSpec): boolean {
  return list(pod.raw['tolerations']).some(
    (toleration) =>
      at(toleration, 'operator') === 'Exists' &&
      (text(at(toleration, 'key')) ?? '') === '' &&
      at(toleration, 'effect') !== 'PreferNoSchedule',
  );
}

function chosenNodes(pod: PodSpec): readonly string[] {
  const selected = text(at(pod.raw, 'nodeSelector', 'kubernetes.io/hostname'));
  const terms = at(pod.raw, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  const required = list(terms).flatMap((term) =>
    [...list(at(term, 'matchExpressions')), ...list(at(term, 'matchFields'))].flatMap((expression) => {
      const key = at(expression, 'key');
      const byName = key === 'kubernetes.io/hostname' || key === 'metadata.name';
      return byName && at(expression, 'operator') === 'In' ? texts(at(expression, 'values')) : [];
    }),
  );
  return [...new Set([...(selected === undefined ? [] : [selected]), ...required])];
}

/**
 * Service accounts of kube-system that controllers of the control plane use, and no pod. Source: kubernetes,
 * `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go`.
 */
const controllerAccounts: ReadonlySet<string> = new Set([
  'attachdetach-controller',
  'bootstrap-signer',
  'certificate-controller',
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'daemon-set-controller',
  'deployment-controller',
  'device-taint-eviction-controller',
  'disruption-controller',
  'endpoint-controller',
  'endpointslice-controller',
  'endpointslicemirroring-controller',
  'ephemeral-volume-controller',
  'expand-controller',
  'generic-garbage-collector',
  'horizontal-pod-autoscaler',
  'job-controller',
  'legacy-service-account-token-cleaner',
  'namespace-controller',
  'node-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'pv-protection-controller',
  'pvc-protection-controller',
  'replicaset-controller',
  'replication-controller',
  'resource-claim-controller',
  'resourcequota-controller',
  'root-ca-cert-publisher',
  'route-controller',
  'selinux-warning-controller',
  'service-account-controller',
  'service-cidrs-controller',
  'service-controller',
  'statefulset-controller',
  'storage-version-migrator-controller',
  'token-cleaner',
  'ttl-after-finished-controller',
  'ttl-controller',
  'validatingadmissionpolicy-status-controller',
  'volumeattributesclass-protection-controller',
]);

/** A pod with the account of a controller of the control plane. */
export function accountTraits(pod: PodSpec, namespace: string): readonly PodTrait[] {
  if (namespace !== 'kube-system') return [];
  const accounts = [pod.raw['serviceAccountName'], pod.raw['serviceAccount']].flatMap((name) => text(name) ?? []);
  return [...new Set(accounts)]
    .filter((name) => controllerAccounts.has(name))
    .map((name) => ({
      kind: 'controller-account',
      id: `controller-account ${name}`,
      severity: 'high',
      words: `service account ${name}, which belongs to a controller of the control plane and to no pod`,
    }));
}
