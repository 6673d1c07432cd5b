import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import type { FailureStore } from './failure-store.ts';
import { Handler, keepFailures, type Surroundings } from './handler.ts';
import { queueFor } from './queues.ts';
import type { Tables } from './tables.ts';

/** What {@link Recomputation} needs. */
export interface RecomputationProps {
  readonly surroundings: Surroundings;
  readonly tables: Tables;
  readonly failures: FailureStore;
}

/** As long as a function may run: what is left of a shard then is ordered again. */
const timeout = Duration.minutes(15);

/** Baselines made anew: a tick orders shards of the state table, and the same function takes the orders from a queue. */
export class Recomputation extends Construct {
  readonly handler: Handler;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { surroundings, tables, failures }: RecomputationProps) {
    super(scope, id);
    const { key } = surroundings;
    // The next night orders everything anew.
    const { queue, deadLetters } = queueFor(this, { key, timeout, attempts: 3, retention: Duration.days(1) });
    this.queue = queue;
    this.deadLetters = deadLetters;

    this.handler = new Handler(this, 'RecomputeBaselines', {
      name: 'recompute-baselines',
      description: 'Plimsoll: computes baselines anew, nightly',
      surroundings,
      // The size that comes with a whole processor: memory is bounded, the reading of a month of history is not.
      memorySize: 1769,
      timeout,
      ...keepFailures(failures),
    });
    tables.grantRecomputeState(this.handler);
    // What became usual, and which decisions end, is told as alerts, by notify like every other.
    tables.grantAlerts(this.handler);
    tables.grantReadDecisions(this.handler);
    this.handler.addEnvironment(environment.recomputeQueue, this.queue.queueUrl);
    this.handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
        resources: [this.queue.queueArn],
      }),
    );
    key.allow(this.handler, 'sqs');
    new EventSourceMapping(this, 'Mapping', {
      target: this.handler,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
      // The night is long; the concurrency of the account, and the table, are there for whoever judges.
      maxConcurrency: 5,
    });
  }
}
