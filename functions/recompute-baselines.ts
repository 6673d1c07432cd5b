import type { Context, SQSEvent } from 'aws-lambda';
import { catalogue } from '../shared/detect/registry.ts';
import { planRecomputation, prepareRecomputation, recomputeShard } from '../shared/state/recompute.ts';
import { summariseCoverage } from '../shared/triage/coverage-summary.ts';
import { joinUsual } from '../shared/triage/release.ts';
import { remind } from '../shared/triage/reminder.ts';
import { type ClockEvent, timeOf } from './clock.ts';
import { each, handling, type PartialFailure } from './handling.ts';
import { type NightOrder, orderIn } from './shard-orders.ts';
import { logger } from './telemetry.ts';
import { alerts, settings, shardQueue, state } from './wiring.ts';

/** Computes baselines anew: a tick cuts the table into shards, each order is worked on for as long as there is time. */
export const handler = handling<ClockEvent | SQSEvent, PartialFailure | undefined>(async (event, context) => {
  if (!('Records' in event)) {
    const shards = await order({ generation: timeOf(event) }, context);
    const { joins } = await joinUsual(catalogue, timeOf(event), { alerts: alerts(), state: state() });
    const reminders = await remind(timeOf(event), { alerts: alerts(), state: state(), settings: settings() });
    const unseen = await summariseCoverage(timeOf(event), { alerts: alerts(), state: state() });
    logger.info('recomputation ordered', {
      shards,
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
      const ordered = orderIn(body);
      if (!('segment' in ordered)) {
        await order(ordered, context);
        return;
      }
      const { rest, ...done } = await recomputeShard(catalogue, ordered, state(), () => context.getRemainingTimeInMillis());
      if (rest !== undefined) await shardQueue().send([rest]);
      if (done.parents !== undefined) logger.info('baselines recomputed', { generation: ordered.generation, parents: done.parents });
      logger.info(rest === undefined ? 'shard done' : 'shard goes on', { ...ordered, ...done });
    },
  );
});

/** Tallies the days that are over, then orders the shards that are walked for them; where time runs out, orders itself anew. Returns how many shards. */
async function order(night: NightOrder, context: Context): Promise<number> {
  const isReady = await prepareRecomputation(catalogue, night.generation, state(), () => context.getRemainingTimeInMillis());
  const orders = isReady ? planRecomputation(night.generation) : [];
  await shardQueue().send(isReady ? orders : [night]);
  return orders.length;
}
