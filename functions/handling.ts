import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { inParallel } from '../shared/adapters/effort.ts';
import { logger, metrics } from './telemetry.ts';

/** A Lambda handler with what all functions share: log entries that carry the request id, metrics that are always sent. */
export function handling<Event, Result = unknown>(work: (event: Event, context: Context) => Promise<Result>) {
  return middy<Event, Result>()
    .use(injectLambdaContext(logger))
    .use(sendingMetrics<Event, Result>())
    .handler((event: Event, context: Context) => work(event, context));
}

/** Lambda retries what throws; the alarms look at the error count, a person at this entry. */
function sendingMetrics<Event, Result>(): MiddlewareObj<Event, Result> {
  const send = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return {
    after: send,
    onError: ({ error }) => {
      logger.error('invocation failed', error ?? new Error('no reason given'));
      send();
    },
  };
}

const lotsAtOnce = 8;

/** What Lambda expects back about a batch: the members to be delivered again. */
export interface PartialFailure {
  batchItemFailures: { itemIdentifier: string }[];
}

/** Works on each member of a batch; one that fails comes back and keeps nobody else from being handled. */
export async function each<Member>(
  members: readonly Member[],
  idOf: (member: Member) => string,
  work: (member: Member) => Promise<void> | void,
): Promise<PartialFailure> {
  const failed: string[] = [];
  for (const member of members) {
    try {
      await work(member);
    } catch (error) {
      logger.error('member of a batch failed', { member: idOf(member), error });
      failed.push(idOf(member));
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Works on members that belong together at once, and on several such lots side by side. Where a lot fails, each of its members is
 * worked on by itself, so that one that always fails takes no other along. The work must be fit to be done again.
 */
export async function eachLot<Member>(
  lots: Iterable<readonly [Member, ...Member[]]>,
  idOf: (member: Member) => string,
  work: (members: readonly [Member, ...Member[]]) => Promise<void>,
): Promise<PartialFailure> {
  const failures = await inParallel([...lots], lotsAtOnce, async (lot) => {
    if (lot.length > 1) {
      const isDone = await work(lot).then(
        () => true,
        () => false,
      );
      if (isDone) return [];
    }
    return (await each(lot, idOf, (member) => work([member]))).batchItemFailures;
  });
  return { batchItemFailures: failures.flat() };
}
