import type { SQSEvent } from 'aws-lambda';
import { catalogue } from '../shared/detect/registry.ts';
import { planRecomputation, recomputeShard } from '../shared/state/recompute.ts';
import { summariseCoverage } from '../shared/triage/coverage-summary.ts';
import { joinUsual } from '../shared/triage/release.ts';
import { remind } from '../shared/triage/reminder.ts';
import { type ClockEvent, timeOf } from './clock.ts';
import { each, handling, type PartialFailure } from './handling.ts';
import { orderIn } from './shard-orders.ts';
import { logger } from './telemetry.ts';
import { alerts, settings, shardQueue, state } from './wiring.ts';

/** Computes baselines anew: a tick cuts the table into shards, each order is worked on for as long as there is time. */
export const handler = handling<ClockEvent | SQSEvent, PartialFailure | undefined>(async (event, context) => {
  if (!('Records' in event)) {
    const orders = planRecomputation(timeOf(event));
    await shardQueue().send(orders);
    const { joins } = await joinUsual(catalogue, timeOf(event), { alerts: alerts(), state: state() });
    const reminders = await remind(timeOf(event), { alerts: alerts(), state: state(), settings: settings() });
    const unseen = await summariseCoverage(timeOf(event), { alerts: alerts(), state: state() });
    logger.info('recomputation ordered', {
      shards: orders.length,
      joined: joins.map(({ alert }) => alert.id),
      reminders: reminders.map(({ id }) => id),
      unseen: unseen?.id,
    });
    return undefined;
  }
  return each(
    event.Records,
    ({ messageId }) => messageId,
    async ({ body }) => {
      const order = orderIn(body);
      const { rest, ...done } = await recomputeShard(catalogue, order, state(), () => context.getRemainingTimeInMillis());
      if (rest !== undefined) await shardQueue().send([rest]);
      if (done.parents !== undefined) logger.info('baselines recomputed', { generation: order.generation, parents: done.parents });
      logger.info(rest === undefined ? 'shard done' : 'shard goes on', { ...order, ...done });
    },
  );
});
