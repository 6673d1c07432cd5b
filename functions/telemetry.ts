import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { clusterDimension, metrics as names } from '../shared/contract/metrics.ts';
import type { Proof } from '../shared/model/proof.ts';
import type { Report } from '../shared/pipeline.ts';
import type { Overflow } from '../shared/adapters/dynamodb-state.ts';

/** The function's own log: JSON, one line an entry. */
export const logger = /* @__PURE__ */ new Logger();

/** The function's metrics, which travel in its log. The stack sets namespace and service in the environment. */
export const metrics = /* @__PURE__ */ new Metrics({ namespace: names.namespace });

type MetricName = Exclude<keyof typeof names, 'namespace'>;

/** Counts something that the alarms know by name. */
export function count(name: MetricName, amount = 1): void {
  metrics.addMetric(names[name], MetricUnit.Count, amount);
}

/** Counts a proof of life for its cluster: an alarm waits for each. */
export function countProof({ cluster }: Proof): void {
  metrics.singleMetric().addDimension(clusterDimension, cluster).addMetric(names.proofsOfLife, MetricUnit.Count, 1);
}

/** Counts what became of the records of a batch. Rejects are told by reason only: their text is the sender's. */
export function countReport({ fates, findings, faults, attribution }: Report): void {
  const rejected = sum(fates.rejected);
  count('judged', fates.judged);
  count('repeated', fates.repeated);
  count('skipped', sum(fates.skipped));
  count('rejected', rejected);
  count('findings', findings.length);
  if (attribution !== undefined) {
    count('sendersAsked', attribution.asked);
    count('sendersNamed', attribution.named);
  }
  countFaults(faults);
  if (rejected > 0) logger.warn('records rejected', { rejected: fates.rejected });
}

/** Counts judges that failed: ours to mend. */
export function countFaults(faults: Report['faults']): void {
  if (faults.length === 0) return;
  count('faults', faults.length);
  logger.error('detections failed', { faults: faults.slice(0, 10) });
}

/** Tells of what the state table could not hold: a baseline that is full no longer learns. */
export const countOverflow: Overflow = ({ key, why }) => {
  count('faults');
  logger.error('state not stored', { key, why });
};

function sum(counts: Readonly<Partial<Record<string, number>>>): number {
  return Object.values(counts).reduce<number>((total, some) => total + (some ?? 0), 0);
}
