import { at, list, text } from '../model/json.ts';
import type { PodSpec } from '../model/pod-spec.ts';
import { hostPath } from './host-paths.ts';

/** Whether a pod chooses its node by name: directly, by label or by affinity. */
export function choosesNode({ raw }: PodSpec): boolean {
  if (text(raw['nodeName']) || text(at(raw, 'nodeSelector', 'kubernetes.io/hostname'))) return true;
  const terms = list(at(raw, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'));
  return terms
    .flatMap((term) => [...list(at(term, 'matchFields')), ...list(at(term, 'matchExpressions'))])
    .some((match) => /^(?:metadata\.name|kubernetes\.io\/hostname)$/.test(text(at(match, 'key')) ?? ''));
}

/** Whether a pod mounts the root of its node. */
export function mountsRoot({ raw }: PodSpec): boolean {
  return list(raw['volumes']).some((volume) => {
    const path = text(at(volume, 'hostPath', 'path'));
    return path !== undefined && hostPath(path) === '/';
  });
}
