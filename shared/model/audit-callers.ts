import type { Actor, Origin } from './entity.ts';
import { Recent } from './recent.ts';
import { owned } from './writing.ts';

/** Who authenticated, whom they impersonate, and from where. */
export interface Client {
  readonly actor: Actor;
  readonly as: Actor | undefined;
  readonly origin: Origin;
}

/** A client as lines write it, and what it was found to do all day. */
export interface Caller {
  readonly client: Client;
  /** The text from `user` to `userAgent`, as it stands in a line. */
  readonly written: string;
  /** What raised and taught nothing, by its kind. */
  readonly routines: Map<string, Routines>;
}

/** Requests of a kind that raised and taught nothing: all of them, those to one namespace, those for one object in it. */
export interface Routines {
  whole: Uneventful | undefined;
  parts: Map<string, Routines> | undefined;
}

/** A day on which requests of a kind raised and taught nothing. */
export interface Uneventful {
  /** The day as stamps of its lines begin with it. */
  readonly day: string;
  /** Words that judges looked for in bodies and annotations, and did not find. */
  readonly absent: readonly string[];
}

/** What a request is one of many of. */
export interface Custom {
  readonly caller: Caller;
  readonly day: string;
  /** Cluster, verb, code and kind of target. */
  readonly kind: string;
}

/** Requests of one kind by one client on one day: whatever is judged by these alone is judged alike. */
export interface Routine extends Uneventful, Custom {
  /** The namespace and then the name of the target, as far as anybody asked for them. */
  readonly place: readonly string[];
}

/** Callers that are remembered: those of some hours. */
const rememberedCallers = 20_000;

/** Longer texts are read and not remembered: what is kept stays bounded. */
const longestRemembered = 4_096;

/** Callers that look alike to the hash: more can only be somebody's doing. */
const mostAlike = 8;

/** Kinds of requests remembered, of all callers together. */
const mostRoutines = 100_000;

/** Who calls, known by the very bytes: the same over and over, and half of a head. */
export class Callers {
  private readonly known = new Recent<Caller[], number>(rememberedCallers);
  private routines = 0;

  /** The caller whose text stands there, if it came before. */
  at(line: string, start: number, end: number): Caller | undefined {
    const alike = this.known.get(sampleOf(line, start, end));
    if (alike === undefined) return undefined;
    const text = line.slice(start, end);
    return alike.find(({ written }) => written === text);
  }

  /** Remembers who stands there. */
  add(line: string, start: number, end: number, client: Client): Caller {
    const caller: Caller = { client, written: owned(line.slice(start, end)), routines: new Map() };
    if (end - start > longestRemembered) return caller;
    const sample = sampleOf(line, start, end);
    const alike = this.known.get(sample) ?? [];
    this.known.set(sample, [...alike.slice(1 - mostAlike), caller]);
    return caller;
  }

  /** Notes that such requests raise nothing and teach nothing until the day is over. */
  note({ caller, kind, place, day, absent }: Routine): void {
    if (this.routines >= mostRoutines) this.forgetRoutines();
    let routines = this.partOf(caller.routines, kind);
    for (const part of place) {
      routines.parts ??= new Map<string, Routines>();
      routines = this.partOf(routines.parts, part);
    }
    routines.whole = { day, absent };
  }

  private partOf(routines: Map<string, Routines>, name: string): Routines {
    let part = routines.get(name);
    if (part === undefined) {
      this.routines += 1;
      routines.set(name, (part = { whole: undefined, parts: undefined }));
    }
    return part;
  }

  /** What was known of routines may be true no longer. */
  forgetRoutines(): void {
    this.routines = 0;
    for (const alike of this.known.values()) for (const caller of alike) caller.routines.clear();
  }
}

/** Characters looked at: ids of pods and tokens, in which most callers differ, are longer than the steps between. */
const samples = 32;

/** A number for a text that stands in a line: looks at some of its characters, so equal numbers prove nothing. */
function sampleOf(line: string, start: number, end: number): number {
  const length = end - start;
  const step = Math.max(1, Math.floor(length / samples));
  let sample = length;
  for (let at = end - 1; at >= start; at -= step) sample = (Math.imul(sample, 31) + line.charCodeAt(at)) | 0;
  return sample;
}
