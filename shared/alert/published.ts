import { techniques } from '../knowledge/attack.ts';
import type { Baseline } from '../model/finding.ts';
import { at, type JsonObject, list, number, object, text, texts } from '../model/json.ts';
import { normalText } from './normal.ts';

/** A step of the response, with its commands filled in. */
export interface Step {
  readonly phase: string;
  readonly text: string;
  readonly commands: readonly string[];
  readonly caveat?: string;
}

/** A place to look further. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** What happened when, of an incident. */
export interface Moment {
  readonly time: string;
  readonly severity: string;
  readonly title: string;
  readonly source: string;
  readonly summary: string;
}

/** A record that a person can look up. */
interface Exhibit {
  readonly time: string;
  readonly note: string;
  /** Its id, or the record itself. */
  readonly reference: string;
}

/**
 * An alert as it was published, read with the assumption that any field may be missing or of another type: newer and older
 * versions meet while a deployment is under way. Texts are as the adversary wrote them: whoever renders them escapes.
 */
export interface PublishedAlert {
  readonly id: string;
  readonly detection: string;
  readonly title: string;
  readonly summary: string;
  readonly severity: string;
  readonly confidence: string;
  readonly state: string;
  readonly reason: string;
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  /** Which telling of this alert it is; absent where the publisher does not count. */
  readonly telling: number | undefined;
  readonly entity: { readonly kind: string; readonly name: string };
  /** Words for the actor and the place, most telling first: `[what, value]`. */
  readonly who: readonly Fact[];
  readonly where: readonly Fact[];
  readonly attack: readonly string[];
  /** What was normal, in words; empty where nothing is known. */
  readonly normal: string;
  /** Oldest first. */
  readonly evidence: readonly Exhibit[];
  readonly evidenceOmitted: number;
  readonly next: string;
  readonly steps: readonly Step[];
  readonly links: readonly Link[];
  readonly unknowns: readonly string[];
  readonly incident: { readonly id: string; readonly parts: number } | undefined;
  /** Oldest first. */
  readonly timeline: readonly Moment[];
  readonly blind: readonly string[];
  /** The last decision of a person, in words; empty where there is none. */
  readonly closed: string;
  /** What a person reads, in lines. */
  readonly text: readonly string[];
}

/** A name and its value. */
export type Fact = readonly [name: string, value: string];

/** The alert in a published message; absent where it is none. */
export function publishedAlert(message: unknown): PublishedAlert | undefined {
  const title = text(at(message, 'title'));
  const summary = text(at(message, 'summary'));
  if (title === undefined || summary === undefined) return undefined;
  return {
    ...identity(message),
    title,
    summary,
    ...course(message),
    ...picture(message),
    next: word(message, 'next'),
    steps: list(at(message, 'steps')).flatMap(stepIn),
    links: list(at(message, 'links')).flatMap((link) =>
      word(link, 'url') === '' ? [] : [{ label: word(link, 'label'), url: word(link, 'url') }],
    ),
    unknowns: texts(at(message, 'unknowns')),
    text: texts(at(message, 'text')),
  };
}

/** Tactics of all techniques of an alert. */
export function tacticsOf({ attack }: PublishedAlert): readonly string[] {
  return [...new Set(attack.flatMap((id) => (Object.hasOwn(techniques, id) ? (techniques[id]?.tactic ?? []) : [])))];
}

function identity(message: unknown) {
  return {
    id: word(message, 'id'),
    detection: word(message, 'detection'),
    severity: word(message, 'severity'),
    confidence: word(message, 'confidence'),
    state: word(message, 'state'),
    cluster: word(message, 'cluster'),
    account: word(message, 'account'),
    region: word(message, 'region'),
    entity: { kind: word(at(message, 'entity'), 'kind'), name: word(at(message, 'entity'), 'name') },
    attack: texts(at(message, 'attack')),
  };
}

function course(message: unknown) {
  const incident = object(at(message, 'incident'));
  return {
    reason: word(message, 'reason'),
    firstSeen: word(message, 'firstSeen'),
    lastSeen: word(message, 'lastSeen'),
    count: whole(at(message, 'count')) ?? 1,
    telling: whole(at(message, 'telling')),
    closed: closedIn(list(at(message, 'closings')).at(-1)),
    incident: incident && { id: word(incident, 'id'), parts: whole(incident['parts']) ?? list(incident['parts']).length },
    timeline: list(at(message, 'timeline')).map((moment) => ({
      time: word(moment, 'time'),
      severity: word(moment, 'severity'),
      title: word(moment, 'title'),
      source: word(moment, 'source'),
      summary: word(moment, 'summary'),
    })),
  };
}

function picture(message: unknown) {
  return {
    who: factsIn(object(at(message, 'who')), ['name', 'kind', 'principal', 'session', 'serviceAccount', 'accessKey', 'address']),
    where: factsIn(object(at(message, 'where')), ['namespace', 'workload', 'pod', 'node', 'object']),
    normal: word(message, 'normal') || normalText(baselineIn(object(at(message, 'baseline')))),
    evidence: list(at(message, 'evidence')).map((one) => ({
      time: word(one, 'time'),
      note: word(one, 'note'),
      reference: word(one, 'eventId') || word(one, 'record'),
    })),
    evidenceOmitted: whole(at(message, 'evidenceOmitted')) ?? 0,
    blind: list(at(message, 'blind')).flatMap((gap) => {
      const [source, from, until, why] = ['source', 'from', 'until', 'why'].map((name) => word(gap, name));
      return source === '' && from === '' ? [] : [`${source ?? ''} ${from ?? ''} to ${until ?? ''}: ${why ?? ''}`];
    }),
  };
}

/** Messages from before the words were published have the figures alone. */
function baselineIn(known: JsonObject = {}): Baseline {
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [])),
  );
}

function stepIn(step: unknown): Step[] {
  const said = word(step, 'text');
  const caveat = word(step, 'caveat');
  if (said === '') return [];
  return [{ phase: word(step, 'phase'), text: said, commands: texts(at(step, 'commands')), ...(caveat === '' ? {} : { caveat }) }];
}

function factsIn(known: JsonObject | undefined, names: readonly string[]): Fact[] {
  return names.flatMap((name): Fact[] => {
    const value = known === undefined ? '' : scalar(known[name]);
    return value === '' ? [] : [[name, value]];
  });
}

function closedIn(closing: unknown): string {
  if (closing === undefined) return '';
  const why = word(closing, 'why');
  return `${word(closing, 'verdict')}, by ${word(closing, 'who')}, ${word(closing, 'at')}${why === '' ? '' : `: ${why}`}`;
}

function word(value: unknown, name: string): string {
  return text(at(value, name)) ?? '';
}

function scalar(value: unknown): string {
  return text(value) ?? number(value)?.toString() ?? '';
}

/** A count: what is none is absent. */
function whole(value: unknown): number | undefined {
  const count = number(value);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
