import type { AuditEvent } from '../model/audit.ts';
import type { Caller } from '../model/audit-callers.ts';
import type { EventReader } from './dispatch.ts';

/** Kinds of requests, each of one caller, of which it is known who has nothing to say: with more, all is found out anew. */
const mostKinds = 50_000;

/** Who is asked about requests of a kind by one caller. */
interface Asked {
  readonly day: string;
  readers: readonly EventReader[];
  /** How many of those that read such requests at all are still to be tried. */
  untried: number;
}

/**
 * Leaves out detections that turned away a request by what all of its kind have in common, by one caller on one day: they would
 * turn away all of them. What an event was asked for is known of the event and not of who asked, and answers are remembered with
 * it: so readers are tried one after the other until the first that asks for the request's own, and the rest on the next request.
 */
export class IdleReaders {
  private byCaller = new WeakMap<Caller, Map<string, Asked>>();
  private kinds = 0;

  /** Those of all readers of an event that may have something to say; `isSettled` tells whether what a novelty found in it is known to be none. */
  askedOf(event: AuditEvent, all: readonly EventReader[], isSettled: (reader: EventReader) => boolean): readonly EventReader[] {
    const { custom } = event;
    if (custom === undefined) return all;
    const kinds = this.kindsOf(custom.caller);
    const asked = kinds.get(custom.kind);
    if (asked === undefined || asked.day !== custom.day) {
      if (asked === undefined) this.kinds += 1;
      kinds.set(custom.kind, { day: custom.day, readers: all, untried: all.length });
      return all;
    }
    if (asked.untried > 0) this.tryOut(event, all, asked, isSettled);
    return asked.readers;
  }

  private tryOut(event: AuditEvent, all: readonly EventReader[], asked: Asked, isSettled: (reader: EventReader) => boolean): void {
    const idle = new Set<EventReader>();
    for (; asked.untried > 0 && !event.wasAskedForOwn(); asked.untried -= 1) {
      const reader = all[asked.untried - 1] as EventReader;
      const turnsAway = !(reader.when as (event: AuditEvent) => boolean)(event);
      // What is new to somebody is known after the first payload that shows it: until then it is tried again.
      if (!turnsAway && isNovelty(reader) && !event.wasAskedForOwn() && !isSettled(reader)) break;
      if ((turnsAway || isNovelty(reader)) && !event.wasAskedForOwn()) idle.add(reader);
    }
    if (idle.size > 0) asked.readers = asked.readers.filter((reader) => !idle.has(reader));
  }

  private kindsOf(caller: Caller): Map<string, Asked> {
    if (this.kinds >= mostKinds) [this.byCaller, this.kinds] = [new WeakMap(), 0];
    let kinds = this.byCaller.get(caller);
    if (kinds === undefined) this.byCaller.set(caller, (kinds = new Map<string, Asked>()));
    return kinds;
  }
}

function isNovelty(reader: EventReader): boolean {
  return reader.shape === 'detection' && reader.novelty !== undefined;
}
