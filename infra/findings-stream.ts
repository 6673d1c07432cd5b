import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { itemKind, orderAttribute } from '../shared/contract/tables.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { FailureStore } from './failure-store.ts';
import type { Handler } from './handler.ts';
import type { Tables } from './tables.ts';

/** What {@link FindingsStream} needs. */
export interface FindingsStreamProps {
  readonly tables: Tables;
  readonly failures: FailureStore;
}

/** A function that reads the stream, and the mapping that feeds it. */
export interface StreamReader {
  readonly handler: Handler;
  readonly mapping: EventSourceMapping;
}

/**
 * The findings table's stream, which makes it an outbox: what is stored will be triaged and told. Two functions read it,
 * which is as many as a shard serves well.
 */
export class FindingsStream extends Construct {
  readonly readers: StreamReader[] = [];
  readonly #props: FindingsStreamProps;

  constructor(scope: Construct, id: string, props: FindingsStreamProps) {
    super(scope, id);
    this.#props = props;
  }

  /** New findings go to this function; a finding that is rewritten under its id is not news. */
  findingsTo(handler: Handler): void {
    this.#read(handler, [itemKind.finding, itemKind.proof], ['INSERT']);
  }

  /**
   * Alerts in which an order to tell of them waits go to this function: a storm that only counts wakes nobody. Source: Lambda developer
   * guide, "Filter rule syntax": presence is asked of leaves.
   */
  ordersTo(handler: Handler): void {
    this.#read(handler, [itemKind.alert, itemKind.provenAlert], ['INSERT', 'MODIFY'], { [orderAttribute]: { N: FilterRule.exists() } });
  }

  #read(handler: Handler, kinds: string[], changes: string[], more: object = {}): void {
    const { failures, tables } = this.#props;
    const streamArn = tables.findings.tableStreamArn;
    if (streamArn === undefined)
      throw new Error('The findings table has no stream: give it one in infra/tables.ts, triage and notify read it.');
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [streamArn],
      }),
    );
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: [`${tables.findings.tableArn}/stream/*`] }),
    );
    acknowledgeWildcard(
      handler,
      '<FindingsTable.Arn>/stream/*',
      'Lambda lists the streams of this one table before it reads one; their labels are times of creation.',
    );
    const mapping = new EventSourceMapping(this, handler.handlerName, {
      target: handler,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [FilterCriteria.filter({ eventName: changes, dynamodb: { NewImage: { [itemKind.attribute]: { S: kinds }, ...more } } })],
      batchSize: 100,
      // One poison record must neither hold up its shard until it expires nor take its neighbours along.
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(6),
      onFailure: failures,
      // Tells of records given up on, which no other metric does.
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    this.readers.push({ handler, mapping });
  }
}
