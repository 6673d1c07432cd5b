import { catalogue } from '../shared/detect/registry.ts';
import { recompute } from '../shared/state/recompute.ts';
import { joinUsual } from '../shared/triage/release.ts';
import { type ClockEvent, timeOf } from './clock.ts';
import { handling } from './handling.ts';
import { count, logger } from './telemetry.ts';
import { alerts, state } from './wiring.ts';

/** Computes baselines anew and takes out what nobody asks for any more. */
export const handler = handling<ClockEvent>(async (event) => {
  const done = await recompute(catalogue, timeOf(event), state());
  const { joins } = await joinUsual(catalogue, timeOf(event), { alerts: alerts(), state: state() });
  logger.info('baselines recomputed', { ...done, joined: joins.map(({ alert }) => alert.id) });
  if (done.left > 0) count('faults');
});
