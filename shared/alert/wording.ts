import type { Fact, PublishedAlert, Step } from './published.ts';

/** What all channels say in the same words. Nothing is escaped here: that is for each channel to do. */

/** The line that is read first. */
export function headline({ severity, title }: PublishedAlert): string {
  return `${(severity || 'unknown').toUpperCase()}: ${title}`;
}

/** Who, where, when and why now, most useful first; what is not known is left out. */
export function facts(alert: PublishedAlert): readonly Fact[] {
  const all: readonly Fact[] = [
    ['Why now', alert.reason],
    ['Who', whoText(alert)],
    ['Where', listed(alert.where)],
    ['Cluster', alert.cluster],
    ['First seen', alert.firstSeen],
    ['Last seen', alert.lastSeen],
    ['Findings', String(alert.count)],
    ['Incident', alert.incident === undefined ? '' : `${alert.incident.id}, ${String(alert.incident.parts)} alerts`],
    ['Closed before', alert.closed],
    ['Confidence', alert.confidence],
    ['ATT&CK', alert.attack.join(', ')],
  ];
  return all.filter(([, value]) => value !== '');
}

/** The actor: as authenticated, with what stands behind a session; else what the alert is about. */
function whoText({ who, entity }: PublishedAlert): string {
  const name = who.find(([what]) => what === 'name')?.[1];
  const kind = who.find(([what]) => what === 'kind')?.[1];
  const rest = who.filter(([what, value]) => what !== 'name' && what !== 'kind' && value !== name);
  if (name === undefined) return `${entity.kind} ${entity.name}`.trim();
  return [`${kind ?? ''} ${name}`.trim(), ...(rest.length === 0 ? [] : [listed(rest)])].join('; ');
}

/** Facts on one line. */
function listed(some: readonly Fact[]): string {
  return some.map(([name, value]) => `${name} ${value}`).join(', ');
}

/** Evidence, newest first: what happened last is what may still be going on. */
export function evidenceLines({ evidence }: PublishedAlert, most: number): readonly string[] {
  return evidence
    .slice(-most)
    .reverse()
    .map(({ time, note, reference }) => `${time} ${note}${reference === '' ? '' : ` [${reference}]`}`);
}

/** A step as lines: what to do, commands as one would type them, and what to mind. */
export function stepLines({ phase, text, commands, caveat }: Step): readonly string[] {
  return [
    `${phase === '' ? '' : `${phase}: `}${text}`,
    ...commands.flatMap((command) => command.split('\n')).map((line) => `$ ${line}`),
    ...(caveat === undefined ? [] : [`Mind: ${caveat}`]),
  ];
}

/** The steps to begin with: is it true, how to stop it, how far it went; then as they come. In the order in which they were given. */
export function firstSteps(steps: readonly Step[], most: number): readonly Step[] {
  const chosen = new Set(['verify', 'contain', 'investigate'].flatMap((phase) => steps.find((step) => step.phase === phase) ?? []));
  for (const step of steps) if (chosen.size < most) chosen.add(step);
  return steps.filter((step) => chosen.has(step)).slice(0, most);
}

/** What happened when, of an incident. */
export function timelineLines({ timeline }: PublishedAlert): readonly string[] {
  return timeline.map(({ time, severity, title, source, summary }) => `${time} ${severity} (${source}) ${title}: ${summary}`);
}
