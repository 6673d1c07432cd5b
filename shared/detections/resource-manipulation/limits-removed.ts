import { audit } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import {
  declaredName,
  declarerOf,
  declaresWorkload,
  deployerOf,
  deployers,
  limitsOf,
  templates,
  workloadWrites,
} from '../../knowledge/pod-changes.ts';
import { loosenings, looseningText } from '../../knowledge/quantity.ts';
import { limitsBefore } from '../../knowledge/resource-limits.ts';
import { some } from '../../knowledge/shorten.ts';

/** Growth that no ordinary tuning needs in one step. */
const factor = 4;

/** A workload may suddenly use far more of its node. Strategy: ./ADS.md */
export const limitsRemoved = audit.detection({
  id: 'limits-removed',
  title: 'Resource limits of a workload removed or multiplied',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1496.001', 'T1499'],
  rows: ['D120'],
  next: 'Compare the processor use of the workload before and after; if it jumped, look into its containers for a miner before you restore the limits.',
  reads: { ...workloadWrites, resources: [...workloadWrites.resources, 'pods/resize'] },
  memory: { template: templates, deployers },
  when: declaresWorkload,
  judge: (event, { template, deployers: known }) => {
    const before = limitsBefore(event, template.previous);
    const looser = (event.pod?.containers ?? []).flatMap(({ name, raw }) =>
      loosenings(before.get(name) ?? {}, limitsOf(raw), factor).map((one) => `${name}: ${looseningText(one)}`),
    );
    if (looser.length === 0) return undefined;
    const usual = known.has(deployerOf(event.actor));
    return {
      entity: declarerOf(event),
      summary: `${callerText(event)} removed limits of ${declaredName(event)} or multiplied them by ${String(factor)} or more: ${some(looser)}.`,
      baseline: { 'changes by usual deployer': usual ? 'yes' : 'no', before: some(looser.map((one) => one.split(' → ', 1)[0] ?? '')) },
      // Whoever deploys a workload also tunes it.
      severity: usual ? 'low' : 'medium',
    };
  },
});
