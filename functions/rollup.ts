import { tickAt } from '../shared/model/event.ts';
import { type ClockEvent, timeOf } from './clock.ts';
import { handling } from './handling.ts';
import { pipeline } from './judging.ts';
import { count, countFaults } from './telemetry.ts';

/** Judges the stretches of time that a tick closes. */
export const handler = handling<ClockEvent>(async (event) => {
  const { findings, faults } = await (await pipeline()).tick(tickAt(timeOf(event)));
  count('findings', findings.length);
  countFaults(faults);
});
