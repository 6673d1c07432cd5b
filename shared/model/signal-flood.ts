import type { SignalEvent } from './signal.ts';
import { hour } from './time.ts';

/** Different subjects that are told by name within an hour, of one system in one cluster: more, and nobody reads them. */
const mostSubjects = 200;

/** Machines whose commands are looked at one by one: every machine runs some. */
const mostMachines = 5_000;

interface Hour {
  number: number;
  readonly subjects: Set<string>;
}

/**
 * Whoever owns a node may write lines with a new rule, pod or machine in each, and every one would be an alert of its own.
 * Beyond a number of subjects an hour, the rest are told together. Hours only ever begin by the clock of CloudWatch, which
 * takes no line from a future beyond two hours: inventing times gains nothing. Source: CloudWatch Logs API reference, PutLogEvents.
 */
export class SignalFlood {
  private readonly hours = new Map<string, Hour>();

  /** The signal, or what is left of it beyond the bound: who was to be told of is then its log. */
  bounded(event: SignalEvent, taken: number): SignalEvent {
    const { system, scope, type, entity } = event;
    const isCommand = type === 'program';
    const place = `${scope.account} ${scope.cluster} ${system}${isCommand ? ' program' : ''}`;
    const { subjects } = this.hourOf(place, Math.floor(taken / hour));
    const subject = `${entity.kind} ${entity.id} ${type}`;
    if (subjects.has(subject)) return event;
    if (subjects.size < (isCommand ? mostMachines : mostSubjects)) {
      subjects.add(subject);
      return event;
    }
    const name = `${system} in ${scope.cluster}`;
    return { ...event, flooding: true, entity: { kind: 'log-source', id: name, name }, named: { pods: [], nodes: [], identities: [] } };
  }

  private hourOf(place: string, number: number): Hour {
    let known = this.hours.get(place);
    if (known === undefined) this.hours.set(place, (known = { number, subjects: new Set() }));
    if (number > known.number) {
      known.number = number;
      known.subjects.clear();
    }
    return known;
  }
}
