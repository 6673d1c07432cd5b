import { audit } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { callerText } from '../../knowledge/origin.ts';
import { declaredName, declarerOf } from '../../knowledge/pod-changes.ts';
import { knownReplicas, mayScale, scalerOf, scalers, scaleWrites, scalingOf } from '../../knowledge/replicas.ts';
import { shorten } from '../../knowledge/shorten.ts';

/** So many pods at once that no habit explains them. */
const beyondHabit = 300;

/** A workload may suddenly have many times its pods. Strategy: ./ADS.md */
export const replicasMultiplied = audit.detection({
  id: 'replicas-multiplied',
  title: 'Workload scaled beyond all need',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1496.001', 'T1499'],
  rows: ['D126'],
  next: 'Ask the caller what the pods are for and look at what they run; scale back if nobody can say, before the nodes fill up.',
  reads: scaleWrites,
  memory: { known: knownReplicas, scalers },
  when: mayScale,
  judge: (event, { known, scalers: usual }) => {
    const scaling = scalingOf(event, known.previous);
    if (scaling?.what !== 'many') return undefined;
    const { before, now } = scaling;
    const habit = usual.has(scalerOf(event, 'many'));
    const bound = event.target.resource === 'horizontalpodautoscalers' ? 'the most pods' : 'the pods';
    return {
      entity: declarerOf(event),
      summary: `${callerText(event)} raised ${bound} of ${shorten(declaredName(event))} from ${String(before)} to ${String(now)}${habit ? '' : '; nobody of its role has done so there'}.`,
      baseline: { before, now, 'known for days': Math.min(usual.age, 60) },
      severity: isAppointed(event) || (habit && now < beyondHabit) ? 'low' : 'medium',
    };
  },
});
