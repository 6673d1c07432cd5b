import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { metrics } from '../shared/contract/metrics.ts';
import type { Handler } from './handler.ts';
import { told } from './watchlist-functions.ts';

/** What {@link Overview} needs. */
export interface OverviewProps {
  readonly alarms: readonly Alarm[];
  readonly analyses: readonly Handler[];
  /** What makes findings: the analyses, and the roll-up of closed windows. */
  readonly judges: readonly Handler[];
  readonly handlers: readonly Handler[];
  readonly streamReaders: readonly Handler[];
  readonly notify: Handler;
  readonly deadLetters: readonly IQueue[];
}

const width = 12;

/** One screen: is all well, what comes in, what becomes of it, and how late. */
export class Overview extends Dashboard {
  constructor(scope: Construct, id: string, { alarms, analyses, judges, handlers, streamReaders, notify, deadLetters }: OverviewProps) {
    super(scope, id, { defaultInterval: Duration.days(1) });
    const each = (shown: readonly Handler[], metric: (handler: Handler) => IMetric) => shown.map(metric);
    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width });
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 8 }));
    this.addWidgets(
      new SingleValueWidget({
        title: 'Today',
        metrics: [...each(judges, ({ handlerName }) => told(handlerName, metrics.findings)), told(notify.handlerName, metrics.alertsTold)],
        width: 24,
        setPeriodToTimeRange: true,
      }),
    );
    for (const { handlerName } of analyses) {
      const { judged, skipped, repeated, rejected } = metrics;
      this.addWidgets(
        new GraphWidget({
          title: `${handlerName}: records`,
          left: [judged, skipped, repeated, rejected].map((name) => told(handlerName, name)),
          stacked: true,
          width,
        }),
        graph(`${handlerName}: findings and faults`, [told(handlerName, metrics.findings), told(handlerName, metrics.faults)]),
      );
    }
    this.addWidgets(
      graph(
        'Errors',
        each(handlers, (handler) => handler.metricErrors()),
      ),
      graph(
        'Throttles',
        each(handlers, (handler) => handler.metricThrottles()),
      ),
    );
    this.addWidgets(
      graph(
        'Duration, 99th percentile',
        each(handlers, (handler) => handler.metricDuration({ statistic: 'p99' })),
      ),
      graph(
        'Concurrent executions',
        each(handlers, (handler) => handler.metric('ConcurrentExecutions', { statistic: 'Maximum' })),
      ),
    );
    this.addWidgets(
      graph(
        'Age of events waiting',
        each(analyses, (handler) => handler.metric('AsyncEventAge', { statistic: 'Maximum' })),
      ),
      graph(
        'Behind the findings table',
        each(streamReaders, (handler) => handler.metric('IteratorAge', { statistic: 'Maximum' })),
      ),
    );
    this.addWidgets(
      graph(
        'Dead letters',
        deadLetters.map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
      ),
    );
  }
}
