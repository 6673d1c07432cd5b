import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

import { clusterDimension, metrics } from '../shared/contract/metrics.ts';
import type { Handler } from './handler.ts';
import { maximum, minutes, sum, type Watched } from './watchlist.ts';

/** Every function. */
export const ofFunction = (handler: Handler): Watched[] => [
  {
    id: `${handler.handlerName}-errors`,
    runbook: 'function-errors',
    says: `${handler.handlerName} failed.`,
    metric: handler.metricErrors(sum),
    threshold: 1,
  },
  {
    id: `${handler.handlerName}-throttles`,
    runbook: 'function-throttles',
    says: `${handler.handlerName} is not given the concurrency it needs; what it would find is late.`,
    metric: handler.metricThrottles(sum),
    threshold: 1,
    periods: 3,
  },
  {
    id: `${handler.handlerName}-faults`,
    runbook: 'faults',
    says: `${handler.handlerName} could not do a part of its work; the rest went on.`,
    metric: told(handler.handlerName, metrics.faults),
    threshold: 1,
  },
];

/** A function that is invoked asynchronously, on top of {@link ofFunction}. */
export const ofAsynchronous = (handler: Handler): Watched[] => [
  {
    id: `${handler.handlerName}-dropped`,
    runbook: 'events-dropped',
    says: `Lambda gave up on events for ${handler.handlerName}; they wait in the failure bucket, unjudged.`,
    metric: handler.metric('AsyncEventsDropped', sum),
    threshold: 1,
  },
  {
    id: `${handler.handlerName}-age`,
    runbook: 'events-late',
    says: `Events wait for ${handler.handlerName} for ten minutes and more.`,
    metric: handler.metric('AsyncEventAge', maximum),
    threshold: minutes(10),
  },
  {
    id: `${handler.handlerName}-not-kept`,
    runbook: 'failures-not-kept',
    says: `What ${handler.handlerName} failed on could not be written to the failure bucket: it is lost.`,
    metric: handler.metric('DestinationDeliveryFailures', sum),
    threshold: 1,
  },
];

/** A function that judges records, on top of {@link ofFunction}. */
export const ofAnalysis = ({ handlerName }: Handler): Watched[] => [
  {
    id: `${handlerName}-rejected`,
    runbook: 'records-rejected',
    says: `${handlerName} rejects one record in a hundred or more: it cannot read what it is sent.`,
    metric: rejectedPercent(handlerName),
    threshold: 1,
    periods: 2,
  },
];

/** The function that reads flow logs, on top of {@link ofAnalysis}: whose traffic it is has to be known. */
export const ofAttribution = ({ handlerName }: Handler): Watched[] => [
  {
    id: `${handlerName}-senders-unknown`,
    runbook: 'senders-unknown',
    says: 'Of the traffic that begins inside, one conversation in five or more has no pod and no node: workloads are told by their address.',
    metric: unnamedPercent(handlerName),
    threshold: 20,
    periods: 12,
  },
];

/** The function that ticks: without it nothing that needs a closed window is judged. */
export const ofClock = (handler: Handler): Watched[] => [
  {
    id: `${handler.handlerName}-stopped`,
    runbook: 'schedule-failed',
    says: 'No tick for a quarter of an hour: windows do not close, silence is not noticed.',
    metric: handler.metricInvocations(sum),
    threshold: 1,
    periods: 3,
    silence: true,
  },
];

/** The last function that a proof of life passes, with the clusters whose path is proved. */
export const ofProofs = (last: Handler, clusters: readonly string[]): Watched[] =>
  clusters.map((cluster) => ({
    id: `${cluster}-proof-of-life`,
    runbook: 'proof-of-life-missing',
    says: `No proof of life from the log group of ${cluster} for three quarters of an hour: what happens there may be told to nobody.`,
    metric: told(last.handlerName, metrics.proofsOfLife, { [clusterDimension]: cluster }),
    threshold: 1,
    periods: 9,
    silence: true,
    operationsOnly: true,
  }));

/** The function that looks at what is watched. */
export const ofCoverage = (handler: Handler): Watched[] => [
  {
    id: `${handler.handlerName}-stopped`,
    runbook: 'coverage-not-checked',
    says: 'Nobody has looked for a quarter of an hour whether everything is watched.',
    metric: handler.metricInvocations(sum),
    threshold: 1,
    periods: 3,
    silence: true,
  },
];

/** The function that fetches lists of addresses. */
export const ofListRefresh = ({ handlerName }: Handler): Watched[] => [
  {
    id: 'list-not-refreshed',
    runbook: 'list-not-refreshed',
    says: 'A list of addresses could not be fetched or read; its last good version holds, if there was one.',
    metric: told(handlerName, metrics.listsNotRefreshed),
    threshold: 1,
  },
];

/** The function that enrols clusters. */
export const ofEnrolment = ({ handlerName }: Handler): Watched[] => [
  {
    id: 'enrolment-failed',
    runbook: 'enrolment-failed',
    says: 'A cluster that is to be watched is not, or not wholly.',
    metric: told(handlerName, metrics.clustersNotEnrolled),
    threshold: 1,
  },
  {
    id: 'cluster-left',
    runbook: 'enrolment-failed',
    says: 'A cluster that was watched is still there and is watched no longer: it lost its tag.',
    metric: told(handlerName, metrics.clustersLeft),
    threshold: 1,
  },
];

/** A metric that a function emits about itself. */
export function told(handlerName: string, metricName: string, apart: Readonly<Record<string, string>> = {}): Metric {
  return new Metric({ namespace: metrics.namespace, metricName, dimensionsMap: { service: handlerName, ...apart }, ...sum });
}

function unnamedPercent(handlerName: string): MathExpression {
  return new MathExpression({
    expression: 'IF(FILL(asked, 0) > 100, 100 * (asked - FILL(named, 0)) / asked, 0)',
    usingMetrics: { asked: told(handlerName, metrics.sendersAsked), named: told(handlerName, metrics.sendersNamed) },
    label: 'senders unknown, percent',
    period: sum.period,
  });
}

function rejectedPercent(handlerName: string): MathExpression {
  const { judged, skipped, repeated, rejected } = metrics;
  // A count that is never emitted has no data, and no data in one term is no data in the sum.
  const total = 'FILL(judged, 0) + FILL(skipped, 0) + FILL(repeated, 0) + FILL(rejected, 0)';
  return new MathExpression({
    expression: `IF((${total}) > 0, 100 * FILL(rejected, 0) / (${total}), 0)`,
    usingMetrics: {
      judged: told(handlerName, judged),
      skipped: told(handlerName, skipped),
      repeated: told(handlerName, repeated),
      rejected: told(handlerName, rejected),
    },
    label: 'rejected, percent',
    period: sum.period,
  });
}
