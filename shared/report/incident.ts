import { list, at, text } from '../model/json.ts';
import type { Alert } from '../triage/alert.ts';
import { isIncident, type Moment, type Told } from './told.ts';

/** Ids of the alerts that an incident's timeline names. */
export function memberIds(alert: Alert): readonly string[] {
  const ids = list(at(alert, 'timeline')).flatMap((each) => text(at(each, 'alert')) ?? []);
  return [...new Set(ids)].filter((id) => id !== '' && id !== alert.id);
}

/** What an incident links: from its own timeline, and where it has none, from evidence and whatever alerts are at hand. */
export interface Story {
  readonly moments: readonly Moment[];
  /** Alerts that belong to it, as far as they are at hand. */
  readonly members: readonly Told[];
  /** Alerts that its timeline names and that are not at hand. */
  readonly missing: number;
}

/** The story of an alert: an incident's parts, or the alert's own evidence. */
export function storyOf(told: Told, all: ReadonlyMap<string, Told>): Story {
  if (told.moments.length > 0) {
    const ids = [...new Set(told.moments.map(({ alert }) => alert))].filter((id) => id !== '' && id !== told.id);
    const members = ids.flatMap((id) => all.get(id) ?? []);
    return { moments: told.moments, members, missing: ids.length - members.length };
  }
  if (!isIncident(told)) return { moments: told.evidence.map((each) => ownMoment(told, each.time, each.note)), members: [], missing: 0 };
  const members = [...all.values()].filter((other) => isLinked(told, other)).sort((a, b) => a.alert.firstSeen - b.alert.firstSeen);
  if (members.length === 0) return { moments: told.evidence.map((each) => ownMoment(told, each.time, each.note)), members, missing: 0 };
  return { moments: members.map(memberMoment), members, missing: 0 };
}

function ownMoment({ alert: { id, speaker }, severity, source }: Told, time: number, summary: string): Moment {
  return { time, detection: speaker.detection, title: speaker.title, severity, tactics: [], source, summary, alert: id };
}

function memberMoment({ alert: { id, speaker, firstSeen, lastSeen }, severity, source }: Told): Moment {
  const { detection, title, summary } = speaker;
  return { time: firstSeen, until: lastSeen, detection, title, severity, tactics: [], source, summary, alert: id };
}

/** Findings on the same pod or identity: an incident without a timeline of its own is about one of these. */
function isLinked({ alert: { speaker: whole } }: Told, other: Told): boolean {
  const { speaker } = other.alert;
  return (
    !isIncident(other) &&
    speaker.cluster === whole.cluster &&
    (speaker.links.includes(`${whole.entity.kind} ${whole.entity.id}`) || speaker.entity.id === whole.entity.id)
  );
}
