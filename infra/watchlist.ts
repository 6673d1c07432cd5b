import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** One thing that can go wrong with Plimsoll itself, and the page that says what to do. */
export interface Watched {
  /** Names the alarm within the stack. */
  readonly id: string;
  /** A page in docs/runbooks, without its extension. */
  readonly runbook: string;
  /** What is wrong when the alarm goes off, as a sentence for whoever is woken by it. */
  readonly says: string;
  readonly metric: IMetric;
  /** The alarm goes off at this value or above, unless {@link silence}. */
  readonly threshold: number;
  /** How many periods of five minutes in a row. Default: 1. */
  readonly periods?: number;
  /** The alarm goes off below the threshold, and when there is no data at all. */
  readonly silence?: true;
  /** Only operations are told, by a topic that the pipeline does not use: the topic of alerts may be what does not work. */
  readonly operationsOnly?: true;
}

const period = Duration.minutes(5);

/** How much of something there was in each period of an alarm. */
export const sum = { period, statistic: 'Sum' };

/** The worst there was in each period of an alarm. */
export const maximum = { period, statistic: 'Maximum' };

/** Minutes in the milliseconds that Lambda's metrics count in. */
export const minutes = (count: number) => Duration.minutes(count).toMilliseconds();
