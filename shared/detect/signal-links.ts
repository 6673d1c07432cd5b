import type { SignalEvent } from '../model/signal.ts';

/**
 * Whom a system names that reports from elsewhere, as links of other findings are called. A node only where the signal is about
 * the node itself: all that its pods do would meet on it.
 */
export function signalLinks({ scope: { cluster }, entity, named }: SignalEvent): readonly string[] {
  const about = entity.kind === 'workload' || entity.kind === 'cluster' ? [`${entity.kind} ${entity.id}`] : [];
  const nodes = entity.kind === 'node' ? named.nodes : [];
  return [
    ...about,
    ...named.pods.map((pod) => `pod ${cluster}/${pod}`),
    ...named.identities.map((identity) => `identity ${identity}`),
    ...nodes.map((node) => `node ${cluster}/${node}`),
  ];
}
