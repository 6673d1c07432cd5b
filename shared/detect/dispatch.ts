import type { Event } from '../model/event.ts';
import type { Detection, EventDetection, Threshold } from './kit.ts';

/** The shapes that judge single events or count them. */
export type EventReader = EventDetection<never> | Threshold<never>;

/** Kinds of event whose readers are remembered: names of verbs and resources are the attacker's to invent. */
const rememberedKinds = 4_096;

/** Finds the detections that read an event, at a cost that does not grow with the catalogue. */
export class Dispatch {
  private readonly bySource = new Map<Event['source'], Map<string, EventReader[]>>();
  private readonly byKind = new Map<string, readonly EventReader[]>();

  constructor(detections: readonly Detection[]) {
    for (const detection of detections) {
      if (detection.shape !== 'detection' && detection.shape !== 'threshold') continue;
      const byKey = this.bySource.get(detection.source) ?? new Map<string, EventReader[]>();
      this.bySource.set(detection.source, byKey);
      for (const key of detection.reads) {
        const readers = byKey.get(key);
        if (readers === undefined) byKey.set(key, [detection]);
        else readers.push(detection);
      }
    }
  }

  /** Detections that declare to read this kind of event. */
  readersOf(event: Event): readonly EventReader[] {
    const kind = kindOf(event);
    let readers = this.byKind.get(kind);
    if (readers === undefined) {
      const byKey = this.bySource.get(event.source);
      readers = [...new Set(dispatchKeys(event).flatMap((key) => byKey?.get(key) ?? []))];
      if (this.byKind.size >= rememberedKinds) this.byKind.clear();
      this.byKind.set(kind, readers);
    }
    return readers;
  }
}

function kindOf(event: Event): string {
  switch (event.source) {
    case 'audit':
      return `${event.verb} ${event.target.resource}/${event.target.subresource}`;
    case 'flow':
      // Read by nobody: it was judged where it came from.
      if (event.isForwarded) return 'forwarded';
      return event.accepted ? 'accepted' : 'rejected';
    case 'authenticator':
      return event.outcome;
    case 'api':
      return `${event.service}:${event.action}`;
    case 'intake':
      return event.trouble;
    case 'signal':
      return event.system;
    case 'coverage':
      return event.gap.id;
  }
}

function dispatchKeys(event: Event): readonly string[] {
  if (event.source !== 'audit') return [kindOf(event)];
  const { verb, target } = event;
  const resource = target.subresource === '' ? target.resource : `${target.resource}/${target.subresource}`;
  return [`${verb} ${resource}`, `* ${resource}`, `${verb} *`, '* *'];
}
