import { audit } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isProductionLike } from '../../knowledge/production-namespaces.ts';
import { declaredName, declarerOf } from '../../knowledge/pod-changes.ts';
import { knownReplicas, mayScale, scalerOf, scalers, scaleWrites, scalingOf } from '../../knowledge/replicas.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';

/** A workload is left without pods by somebody who stops none. Strategy: ./ADS.md */
export const scaledToNothing = audit.detection({
  id: 'scaled-to-nothing',
  title: 'Workload scaled to nothing by somebody who never did so',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1489', 'T1499'],
  rows: ['D126'],
  next: 'Ask the caller whether the workload was to stop, and scale it back if it was not.',
  reads: scaleWrites,
  memory: { known: knownReplicas, scalers },
  when: mayScale,
  judge: (event, { known, scalers: usual }) => {
    const scaling = event.target.resource === 'horizontalpodautoscalers' ? undefined : scalingOf(event, known.previous);
    if (scaling?.what !== 'nothing' || usual.learning || usual.has(scalerOf(event, 'nothing'))) return undefined;
    const { namespace } = event.target;
    const weighty = isGuardedNamespace(namespace) || isProductionLike(namespace);
    return {
      entity: declarerOf(event),
      summary: `${callerText(event)} scaled ${shorten(declaredName(event))} from ${String(scaling.before)} pods to none; in ${String(Math.min(usual.age, 60))} days nobody of its role stopped a workload of that namespace.`,
      baseline: { before: scaling.before, 'known for days': Math.min(usual.age, 60) },
      severity: weighty && !isAppointed(event) ? 'medium' : 'low',
    };
  },
});
