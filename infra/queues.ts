import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import type { Surroundings } from './handler.ts';

/** How a queue is worked off. */
export interface Working {
  readonly key: Surroundings['key'];
  /** Of the function that takes the messages. */
  readonly timeout: Duration;
  /** How often a message is tried. */
  readonly attempts: number;
  /** How long a message may wait; those that failed wait for fourteen days. */
  readonly retention: Duration;
}

/** A queue that a function works off, and what it gave up on. */
export function queueFor(
  scope: Construct,
  { key, timeout, attempts, retention }: Working,
): { readonly queue: Queue; readonly deadLetters: Queue } {
  const common: QueueProps = { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true };
  const deadLetters = new Queue(scope, 'DeadLetters', { ...common, retentionPeriod: Duration.days(14) });
  const queue = new Queue(scope, 'Queue', {
    ...common,
    retentionPeriod: retention,
    // Six times the function's timeout. Source: Lambda developer guide, "Using Lambda with Amazon SQS".
    visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: attempts },
  });
  return { queue, deadLetters };
}
