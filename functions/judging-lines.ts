import type { CloudWatchLogsEvent, KinesisStreamEvent } from 'aws-lambda';
import { decodeSubscription, type Enrolled } from '../shared/intake/subscription.ts';
import { region } from './environment.ts';
import { handling, type PartialFailure } from './handling.ts';
import { pipeline } from './judging.ts';
import { countReport, logger } from './telemetry.ts';
import { proofs } from './wiring.ts';

/** Log lines on their way to a function: from the subscription itself, or from the data stream in between. */
export type LineDelivery = CloudWatchLogsEvent | KinesisStreamEvent;

/** A function that judges the lines which subscriptions deliver. `enrolled` names the flow-log groups that count. */
export function judgingLines(enrolled: () => Enrolled) {
  const analyse = async (data: string): Promise<void> => {
    const batch = decodeSubscription(data, region(), enrolled(), Date.now());
    countReport(await (await pipeline()).analyse(batch));
    for (const time of batch.proofs ?? []) await proofs().record({ cluster: batch.scope.cluster, time });
  };
  return handling<LineDelivery, PartialFailure | undefined>(async (delivery) => {
    if ('Records' in delivery) return inTurn(delivery, analyse);
    // What throws is delivered again.
    await analyse(delivery.awslogs.data);
    return undefined;
  });
}

/** From the first record that fails on, all come again, so that nothing is gained by trying those behind it. */
async function inTurn({ Records }: KinesisStreamEvent, analyse: (data: string) => Promise<void>): Promise<PartialFailure> {
  for (const { kinesis } of Records) {
    try {
      await analyse(kinesis.data);
    } catch (error) {
      logger.error('record of a data stream failed', { record: kinesis.sequenceNumber, error });
      return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}
