import type { Entity } from './entity.ts';
import type { EventBase } from './base.ts';
import type { Severity } from './finding.ts';

/** A finding of another system, taken in as an event. */
export interface SignalEvent extends EventBase {
  readonly source: 'signal';
  /** Which system: GuardDuty. */
  readonly system: 'guardduty';
  /** The system's own id of its finding. */
  readonly id: string;
  /** The system's own type of finding. */
  readonly type: string;
  readonly title: string;
  readonly severity: Severity;
  readonly entity: Entity;
}
