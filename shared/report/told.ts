import { alertJson } from '../alert/json.ts';
import { at, list, number, object, parseJson, text, texts } from '../model/json.ts';
import { atLeast, type Evidence, isSeverity, type Severity } from '../model/finding.ts';
import type { Alert } from '../triage/alert.ts';

/** A next step, as it is published. */
export interface Step {
  readonly phase: string;
  readonly text: string;
  readonly commands: readonly string[];
  readonly caveat?: string | undefined;
}

/** A step of an incident, as it is published. */
export interface Moment {
  readonly time: number;
  readonly until?: number | undefined;
  readonly detection: string;
  readonly title: string;
  readonly severity: Severity;
  readonly tactics: readonly string[];
  /** The log that showed it. */
  readonly source: string;
  readonly summary: string;
  /** Id of the alert that it belongs to; empty where unknown. */
  readonly alert: string;
}

/** An alert as a report tells of it: what is published, read with the patience that stored and older alerts need. */
export interface Told {
  readonly alert: Alert;
  readonly id: string;
  readonly severity: Severity;
  /** The log that the detection reads; `sequence` where it reads findings. */
  readonly source: string;
  readonly evidence: readonly Evidence[];
  readonly who: Readonly<Record<string, string>>;
  readonly where: Readonly<Record<string, string>>;
  readonly unknowns: readonly string[];
  readonly blind: readonly string[];
  readonly steps: readonly Step[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** What an incident consists of, oldest first; empty where the alert is none. */
  readonly moments: readonly Moment[];
}

/** Tells which log a detection reads. */
export type SourceOf = (detection: string) => string | undefined;

/** Reads an alert by the names it is published under: fields that are not there yet are empty. */
export function toldOf(alert: Alert, sourceOf: SourceOf): Told {
  const json = parseJson(alertJson(alert));
  const { speaker } = alert;
  return {
    alert,
    id: alert.id,
    severity: alert.severity,
    source: sourceOf(speaker.detection) ?? 'unknown',
    evidence: speaker.evidence.toSorted((a, b) => a.time - b.time),
    who: words(at(json, 'who')),
    where: words(at(json, 'where')),
    unknowns: texts(at(json, 'unknowns')),
    blind: list(at(json, 'blind')).map((gap) =>
      [`${text(at(gap, 'source')) ?? 'A log'} is missing from`, text(at(gap, 'from')), 'to', text(at(gap, 'until')), text(at(gap, 'why'))]
        .filter((part) => part !== undefined)
        .join(' '),
    ),
    steps: list(at(json, 'steps')).flatMap(stepOf),
    links: list(at(json, 'links')).flatMap((link) => {
      const [label, url] = [text(at(link, 'label')), text(at(link, 'url'))];
      return label === undefined || url === undefined ? [] : [{ label, url }];
    }),
    moments: list(at(alert, 'timeline'))
      .flatMap(momentOf)
      .sort((a, b) => a.time - b.time),
  };
}

function stepOf(step: unknown): Step[] {
  const what = text(at(step, 'text'));
  if (what === undefined) return [];
  const caveat = text(at(step, 'caveat'));
  return [{ phase: text(at(step, 'phase')) ?? 'verify', text: what, commands: texts(at(step, 'commands')), caveat }];
}

function momentOf(moment: unknown): Moment[] {
  const time = number(at(moment, 'time'));
  if (time === undefined) return [];
  const word = (name: string): string => text(at(moment, name)) ?? '';
  const severity = word('severity');
  return [
    {
      time,
      until: number(at(moment, 'until')),
      detection: word('detection'),
      title: word('title'),
      severity: isSeverity(severity) ? severity : 'low',
      tactics: texts(at(moment, 'tactics')),
      source: word('source') || 'unknown',
      summary: word('summary'),
      alert: word('alert'),
    },
  ];
}

function words(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(object(value) ?? {}).flatMap(([name, word]) => (typeof word === 'string' ? [[name, word]] : [])),
  );
}

/** Whether an alert links several others: a sequence may also tell that it could not watch. */
export function isIncident({ alert, moments }: Told): boolean {
  return alert.reasons !== undefined || moments.length > 0;
}

/** The gravest first; of equals, what began first. */
export function byGravity(one: Told, other: Told): number {
  if (one.severity !== other.severity) return atLeast(one.severity, other.severity) ? -1 : 1;
  return one.alert.firstSeen - other.alert.firstSeen || (one.id < other.id ? -1 : 1);
}
