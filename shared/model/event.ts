import type { ApiEvent } from './api.ts';
import type { AuditEvent } from './audit.ts';
import type { AuthenticatorEvent } from './authenticator.ts';
import { lateness } from './base.ts';
import type { CoverageEvent } from './coverage.ts';
import type { FlowEvent } from './flow.ts';
import type { IntakeEvent } from './intake.ts';
import type { SignalEvent } from './signal.ts';

/** Everything detections judge, by `source`. */
export type Event = AuditEvent | AuthenticatorEvent | FlowEvent | ApiEvent | IntakeEvent | SignalEvent | CoverageEvent;

/** Time moves on: everything up to the watermark has arrived. Roll-ups run on ticks only. */
export interface Tick {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** `time` less the largest lateness bound. */
  readonly watermark: number;
}

/** The tick at a time. */
export function tickAt(time: number): Tick {
  return { time, watermark: time - Math.max(...Object.values(lateness)) };
}
