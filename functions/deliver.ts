import type { SQSEvent } from 'aws-lambda';
import { deliver } from '../shared/alert/delivery.ts';
import { channel } from './channels.ts';
import { channelSettings } from './environment.ts';
import { handling, type PartialFailure } from './handling.ts';
import { count, logger } from './telemetry.ts';

/** Delivers published alerts to one channel: which one stands in the environment. */
export const handler = handling<SQSEvent, PartialFailure>(async ({ Records }, context) => {
  const letters = Records.map(({ messageId, body }) => ({ id: messageId, body }));
  const timeLeft = () => context.getRemainingTimeInMillis();
  const { posted, failed, troubles } = await deliver(letters, await channel(), timeLeft, channelSettings());
  count('alertsTold', posted);
  for (const trouble of troubles) logger.warn('alert not posted as it should be', { ...trouble });
  const faults = troubles.filter(({ what }) => what !== 'later').length;
  if (faults > 0) count('faults', faults);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
});
