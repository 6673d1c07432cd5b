import type { Severity } from '../model/finding.ts';

/** What a part of the kubelet's API gives away. */
export interface KubeletPower {
  /** After "which". */
  readonly gives: string;
  readonly severity: Severity;
}

const commands: KubeletPower = { gives: 'runs commands in any pod of the node, past exec and its log', severity: 'high' };
const memory: KubeletPower = { gives: 'writes the memory of a container to disk', severity: 'high' };
const inventory: KubeletPower = { gives: 'shows every pod of the node with its environment', severity: 'high' };
const logs: KubeletPower = { gives: 'reads logs of the node and its containers', severity: 'high' };
const settings: KubeletPower = { gives: 'shows settings of the kubelet', severity: 'medium' };
const numbers: KubeletPower = { gives: 'shows metrics and health', severity: 'low' };
const unknown: KubeletPower = { gives: 'is no part of the kubelet that collectors of metrics use', severity: 'medium' };

/** First component of a path of the kubelet. Source: kubernetes, `pkg/kubelet/server/server.go`. */
const byPath: ReadonlyMap<string, KubeletPower> = new Map([
  ['exec', commands],
  ['run', commands],
  ['attach', commands],
  ['portforward', commands],
  ['cri', commands],
  ['checkpoint', memory],
  ['pods', inventory],
  ['runningpods', inventory],
  ['containerlogs', logs],
  ['logs', logs],
  ['configz', { ...settings, severity: 'low' }],
  ['debug', settings],
  ['flagz', settings],
  ['statusz', numbers],
  ['metrics', numbers],
  ['stats', numbers],
  ['healthz', numbers],
  ['spec', numbers],
]);

/** What a plain path of the kubelet's API gives. The kubelet's own paths are case-sensitive; ours need not be. */
export function kubeletPower(path: string): KubeletPower {
  return byPath.get((path.split('/')[1] ?? '').toLowerCase()) ?? unknown;
}

/**
 * Subresources of `nodes` by which a kubelet asks whether somebody may use its API. Without finer rights everything but
 * metrics, statistics, logs and settings is `proxy`. Source: Kubernetes documentation, "Kubelet authentication/authorization".
 */
const bySubresource: ReadonlyMap<string, KubeletPower> = new Map([
  ['proxy', { gives: 'covers everything that the kubelet does, commands in any pod included', severity: 'high' }],
  ['checkpoint', memory],
  ['pods', inventory],
  ['log', logs],
  ['configz', settings],
  ['metrics', numbers],
  ['stats', numbers],
  ['healthz', numbers],
  ['spec', numbers],
]);

/** What the right to a subresource of `nodes` gives. */
export function kubeletRight(subresource: string): KubeletPower {
  return bySubresource.get(subresource) ?? unknown;
}
