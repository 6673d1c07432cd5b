import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

import type { DeliveredChannel } from './channels.ts';
import type { StreamReader } from './findings-stream.ts';
import type { LogRelay } from './log-relay.ts';
import type { LogSubscription } from './log-subscription.ts';
import { maximum, minutes, sum, type Watched } from './watchlist.ts';

/** A reader of the findings table's stream. */
export const ofStreamReader = (reader: StreamReader): Watched[] => ofStream(reader, 'the findings table', 'untold');

/** A data stream between log groups and a function. */
export const ofRelay = (relay: LogRelay): Watched[] => ofStream(relay, 'its data stream', 'unjudged');

const ofStream = ({ handler, mapping }: StreamReader, source: string, fate: string): Watched[] => [
  {
    id: `${handler.handlerName}-behind`,
    runbook: 'stream-behind',
    says: `${handler.handlerName} is behind ${source} by five minutes and more.`,
    metric: handler.metric('IteratorAge', maximum),
    threshold: minutes(5),
    periods: 2,
  },
  {
    id: `${handler.handlerName}-given-up`,
    runbook: 'stream-given-up',
    says: `${handler.handlerName} gave up on records of ${source}; they wait in the failure bucket, ${fate}.`,
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
      ...sum,
    }),
    threshold: 1,
  },
];

/** A queue that should always be empty; its runbook is named after it. */
export const ofDeadLetters = (id: string, queue: IQueue, says: string): Watched[] => [
  { id, runbook: id, says, metric: queue.metricApproximateNumberOfMessagesVisible(maximum), threshold: 1 },
];

/** A subscription of a log group. */
export const ofSubscription = ({
  logGroup,
  label,
  filters: [main, ...others],
  destinationType,
  mayBeSilent,
  ownLines,
  node,
}: LogSubscription): Watched[] => {
  const metric = (metricName: string, FilterName: string) =>
    new Metric({
      namespace: 'AWS/Logs',
      metricName,
      dimensionsMap: { LogGroupName: logGroup.logGroupName, DestinationType: destinationType, FilterName },
      ...sum,
    });
  const delivery = (FilterName: string, id: string, what: string): Watched[] => [
    {
      id: `${id}-delivery-errors`,
      runbook: 'delivery-errors',
      says: `CloudWatch Logs could not deliver ${what}: lines are being lost.`,
      metric: metric('DeliveryErrors', FilterName),
      threshold: 1,
    },
    {
      id: `${id}-delivery-throttling`,
      runbook: 'delivery-throttling',
      says: `CloudWatch Logs is throttled in delivering ${what}; after a day lines are lost.`,
      metric: metric('DeliveryThrottling', FilterName),
      threshold: 1,
      periods: 3,
    },
  ];
  const silence = (): Watched => ({
    id: `${node.id}-silent`,
    runbook: 'log-group-silent',
    says: `Nothing has come from ${label} for a quarter of an hour: we are blind there.`,
    metric: metric('ForwardedLogEvents', main.name),
    threshold: ownLines + 1,
    periods: 3,
    silence: true,
  });
  return [
    ...delivery(main.name, node.id, label),
    // Cut lines and answers of the authenticator are rare: that there are none says nothing.
    ...others.flatMap(({ name }) => delivery(name, `${node.id}-${name}`, `${label} (filter ${name})`)),
    ...(mayBeSilent ? [] : [silence()]),
  ];
};

/**
 * Deliveries by a filter of ours, whatever the log group: those of enrolled clusters are not known at deployment. Source: CloudWatch
 * user guide, "Create alarms on Metrics Insights queries".
 */
export const ofEnrolledDeliveries = (filter: string): Watched[] => {
  const all = (metricName: string) =>
    new MathExpression({
      expression: `SELECT SUM(${metricName}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE FilterName = '${filter}'`,
      period: sum.period,
    });
  return [
    {
      id: `enrolled-${filter}-delivery-errors`,
      runbook: 'delivery-errors',
      says: `CloudWatch Logs could not deliver lines of some log group, maybe of an enrolled cluster (filter ${filter}): lines are being lost.`,
      metric: all('DeliveryErrors'),
      threshold: 1,
    },
    {
      id: `enrolled-${filter}-delivery-throttling`,
      runbook: 'delivery-throttling',
      says: `CloudWatch Logs is throttled in delivering lines of some log group, maybe of an enrolled cluster (filter ${filter}); after a day lines are lost.`,
      metric: all('DeliveryThrottling'),
      threshold: 1,
      periods: 3,
    },
  ];
};

/** The schedules. */
export const ofSchedules = (group: ScheduleGroup): Watched[] =>
  Object.entries({
    'schedule-errors': group.metricTargetErrors(sum),
    'schedule-dropped': group.metricDropped(sum),
    'schedule-not-kept': group.metricFailedToBeSentToDLQ(undefined, sum),
  }).map(([id, metric]) => ({
    id,
    runbook: 'schedule-failed',
    says: 'EventBridge Scheduler could not invoke a function.',
    metric,
    threshold: 1,
  }));

/** A table. */
export const ofTable = (table: Table): Watched[] => [
  {
    id: `${table.node.id}-throttled`,
    runbook: 'table-throttled',
    says: `DynamoDB throttles the ${table.node.id.toLowerCase()} table.`,
    metric: table.metricThrottledRequestsForOperations({
      operations: [
        Operation.GET_ITEM,
        Operation.BATCH_GET_ITEM,
        Operation.QUERY,
        Operation.PUT_ITEM,
        Operation.UPDATE_ITEM,
        Operation.BATCH_WRITE_ITEM,
      ],
      ...sum,
    }),
    threshold: 1,
    periods: 3,
  },
];

/** A topic that people are told through. */
export const ofTopic = (topic: ITopic, id: string): Watched[] => [
  {
    id,
    runbook: 'alerts-not-told',
    says: 'SNS could not deliver an alert to a subscriber.',
    metric: topic.metricNumberOfNotificationsFailed(sum),
    threshold: 1,
  },
];

/** A channel: its dead letters are alerts that somebody has not heard of. */
export const ofChannel = ({ name, deadLetters }: DeliveredChannel): Watched[] => [
  {
    id: `${name}-dead-letters`,
    runbook: 'channel-dead-letters',
    says: `Alerts could not be delivered to the channel ${name}.`,
    metric: deadLetters.metricApproximateNumberOfMessagesVisible(maximum),
    threshold: 1,
  },
];
