import { cloudWatchLogsClient } from '../shared/adapters/aws-clients.ts';
import { inParallel } from '../shared/adapters/effort.ts';
import { LogStreamWriter } from '../shared/adapters/log-stream.ts';
import { proofOfLife } from '../shared/contract/logs.ts';
import { proofLine } from '../shared/model/proof.ts';
import { type ClockEvent, timeOf } from './clock.ts';
import { provedGroups } from './environment.ts';
import { handling } from './handling.ts';
import { count, logger } from './telemetry.ts';
import { once } from './wiring.ts';

const atOnce = 8;

const writer = once(() => new LogStreamWriter(cloudWatchLogsClient(), proofOfLife.stream));

/**
 * Writes one line into the log group of every watched cluster, which must come out at the other end. A group that takes none keeps no
 * other from its line, and is not tried again before the next quarter of an hour: lines of ours must not pass for a busy log group.
 */
export const handler = handling<ClockEvent>(async (event) => {
  const time = timeOf(event);
  await inParallel(provedGroups(), atOnce, async (group) => {
    try {
      await writer().write(group, proofLine(time), time);
    } catch (error) {
      count('faults');
      logger.error('the proof of life was not written', { group, error });
    }
  });
});
