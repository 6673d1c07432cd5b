import type { EventDetection, Threshold } from '../../shared/detect/kit.ts';
import { AuditEvent } from '../../shared/model/audit.ts';
import type { Bodies } from '../../shared/model/audit-bodies.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { SeenSet } from '../../shared/state/seen-set.ts';
import type { Snapshot } from '../../shared/state/snapshot.ts';
import type { Body } from './logged.ts';

export type AuditReader = EventDetection<AuditEvent> | Threshold<AuditEvent>;

/** What a detection read of one event. */
export interface Reading {
  readonly event: AuditEvent;
  /** Fields of the log line that yielded a value, as paths, by the body they stand in; each with who read it first. */
  readonly fields: ReadonlyMap<Body, ReadonlyMap<string, string>>;
  /** Bodies that were asked for, whether there or not; each with who asked first. */
  readonly asked: ReadonlyMap<Body, string>;
}

interface Watched {
  readonly twin: AuditEvent;
  readonly fields: Map<Body, Map<string, string>>;
  readonly asked: Map<Body, string>;
}

/**
 * A detection that behaves as before and notes what its functions read of the bodies of events. Being called at all is
 * to read the rest of an event: verb, caller and target brought it there.
 */
export class Recorder {
  readonly detection: AuditReader;
  private readonly watched = new Map<AuditEvent, Watched>();
  /** Which function is reading: judges do not call each other. */
  private reader = '';
  private passing = false;

  constructor(detection: AuditReader) {
    this.detection = detection.shape === 'detection' ? this.event(detection) : this.count(detection);
  }

  readings(): readonly Reading[] {
    return [...this.watched].map(([event, { fields, asked }]) => ({ event, fields, asked }));
  }

  private event(detection: EventDetection<AuditEvent>): EventDetection<AuditEvent> {
    const { when, judge, novelty, memory } = detection;
    const memories = Object.entries(memory).map(([name, spec]) => [name, this.memory(name, spec)] as const);
    return {
      ...detection,
      when: this.noting('when', when),
      judge: this.noting('judge', judge),
      memory: Object.fromEntries(memories),
      ...(novelty === undefined ? {} : { novelty: this.noting('novelty', novelty) }),
    };
  }

  private memory(name: string, spec: SeenSet<AuditEvent> | Snapshot<AuditEvent>): SeenSet<AuditEvent> | Snapshot<AuditEvent> {
    const key = this.noting(`key of memory ${name}`, spec.key);
    return spec.kind === 'seen-set'
      ? { ...spec, key, member: this.noting(`member of memory ${name}`, spec.member) }
      : { ...spec, key, value: this.noting(`value of memory ${name}`, spec.value) };
  }

  private count(detection: Threshold<AuditEvent>): Threshold<AuditEvent> {
    const { when, judge, count } = detection;
    const member = count.member === undefined ? {} : { member: this.noting('count.member', count.member) };
    return {
      ...detection,
      when: this.noting('when', when),
      judge: this.noting('judge', judge),
      count: { ...count, by: this.noting('count.by', count.by), ...member },
    };
  }

  private noting<Rest extends unknown[], Result>(
    reader: string,
    read: (event: AuditEvent, ...rest: Rest) => Result,
  ): (event: AuditEvent, ...rest: Rest) => Result {
    return (event, ...rest) => {
      const before = this.reader;
      this.reader = reader;
      try {
        return read(this.twinOf(event), ...rest);
      } finally {
        this.reader = before;
      }
    };
  }

  /** The model looks into a body for a name that stands nowhere else: nobody asks for the body by that. */
  private inPassing<T>(look: () => T): T {
    this.passing = true;
    try {
      return look();
    } finally {
      this.passing = false;
    }
  }

  /** The event with watched bodies, and with nothing worked out from them yet: what is cached would be read unseen. */
  private twinOf(event: AuditEvent): AuditEvent {
    let known = this.watched.get(event);
    if (known === undefined) {
      const fields = new Map<Body, Map<string, string>>();
      const asked = new Map<Body, string>();
      const bodies = watchedBodies(event['ownBodies'], {
        asks: (body) => {
          if (!this.passing) asked.set(body, asked.get(body) ?? this.reader);
        },
        reads: (body, path) => {
          const paths = fields.get(body) ?? new Map<string, string>();
          fields.set(body, paths.set(path, paths.get(path) ?? this.reader));
        },
      });
      const own = {
        ...Object.getOwnPropertyDescriptors(event),
        ownBodies: { value: bodies },
        knownPod: { value: null, writable: true },
        // Looked up after a detection wanted the event.
        located: { get: () => event['located'] },
        name: { get: () => this.inPassing(() => Reflect.get(AuditEvent.prototype, 'name', twin)) },
      };
      const twin = Object.create(AuditEvent.prototype, own) as AuditEvent;
      this.watched.set(event, (known = { twin, fields, asked }));
    }
    return known.twin;
  }
}

interface Notes {
  asks(body: Body): void;
  reads(body: Body, path: string): void;
}

function watchedBodies(bodies: Bodies, notes: Notes): Bodies {
  const twins = new WeakMap<object, object>();
  const watched = (body: Body, value: JsonObject | undefined, path: string): JsonObject | undefined => {
    notes.asks(body);
    if (value === undefined) return undefined;
    notes.reads(body, path);
    return watchedJson(value, path, twins, (read) => {
      notes.reads(body, read);
    }) as JsonObject;
  };
  return {
    get request() {
      return watched('requestObject', bodies.request, 'requestObject');
    },
    get response() {
      return watched('responseObject', bodies.response, 'responseObject');
    },
    get responseMetadata() {
      return watched('responseObject', bodies.responseMetadata, 'responseObject.metadata');
    },
    get responseSpec() {
      return watched('responseObject', bodies.responseSpec, 'responseObject.spec');
    },
    get report() {
      return watched('requestObject', bodies.report, 'requestObject');
    },
    mayMention(word) {
      // Of two bodies, the one that needs less stands for both.
      const body = bodies.request === undefined && bodies.response !== undefined ? 'responseObject' : 'requestObject';
      notes.asks(body);
      const mentioned = bodies.mayMention(word);
      if (mentioned && (bodies.request ?? bodies.response) !== undefined) notes.reads(body, body);
      return mentioned;
    },
  };
}

/** JSON whose values are noted as they are read; the same twin for the same value, as judges may compare identity. */
function watchedJson(value: unknown, path: string, twins: WeakMap<object, object>, note: (path: string) => void): unknown {
  if (typeof value !== 'object' || value === null) return value;
  let twin = twins.get(value);
  if (twin === undefined) {
    twin = new Proxy(value, {
      get(target, key, receiver) {
        const member: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol' || member === undefined || !Object.hasOwn(target, key)) return member;
        const memberPath = `${path}.${key}`;
        if (typeof member !== 'object') note(memberPath);
        return watchedJson(member, memberPath, twins, note);
      },
    });
    twins.set(value, twin);
  }
  return twin;
}
