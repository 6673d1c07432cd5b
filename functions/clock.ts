/** What Scheduler sends: the only clock of the pipeline. */
export interface ClockEvent {
  readonly tick: true;
  /** When the invocation was due, ISO 8601. */
  readonly time: string;
}

/** The time of an event of Scheduler, in milliseconds since the epoch. */
export function timeOf(event: ClockEvent): number {
  const time = Date.parse(event.time);
  if (Number.isNaN(time))
    throw new Error(`this is no tick: ${JSON.stringify(event).slice(0, 200)}; send {"tick": true, "time": "2026-01-01T00:00:00Z"}`);
  return time;
}
