import { printable } from '../shared/alert/escape.ts';
import { alertJson, findingJson } from '../shared/alert/json.ts';
import { alertLine, alertText } from '../shared/alert/text.ts';
import type { Page } from '../shared/alert/wrap.ts';
import { atLeast, type Finding, gravestFirst, type Severity } from '../shared/model/finding.ts';
import { iso } from '../shared/model/time.ts';
import type { Alert } from '../shared/triage/alert.ts';
import type { Outcome } from './replaying.ts';
import { counted } from './words.ts';

/** How to print what was found. */
interface Form {
  readonly json: boolean;
  readonly findings: boolean;
  readonly page: Page;
}

const widest = 110;
const narrowest = 60;

/** The page of a terminal; without one, plain text in a width that fits a ticket. */
export function pageOf(
  screen: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Page {
  const colour = screen.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return { width: Math.max(narrowest, Math.min(widest, screen.columns ?? 100)), colour };
}

/** What goes to standard output: alerts, or findings before grouping. */
export function* results({ alerts, findings }: Outcome, { json, findings: ungrouped, page }: Form): Generator<string> {
  if (ungrouped) {
    const inOrder = [...findings].sort((a, b) => a.time - b.time || a.id.localeCompare(b.id));
    for (const finding of inOrder) yield json ? findingJson(finding) : `${alertText(alone(finding), page)}\n`;
  } else if (json) {
    for (const alert of [...alerts].sort((a, b) => a.firstSeen - b.firstSeen || a.id.localeCompare(b.id))) yield alertJson(alert);
  } else {
    const heard = alerts.filter(isHeard).sort(byGravity);
    yield* page.full === true ? heard.map((alert) => `${alertText(alert, page)}\n`) : inShort(heard, page);
    if (heard.length === 0) yield 'No alerts.';
  }
}

/** What somebody has to decide on, in whole; steps of an incident stand in its timeline, and what is low in a line. */
function* inShort(alerts: readonly Alert[], page: Page): Generator<string> {
  const steps = new Set(alerts.flatMap(({ timeline = [] }) => timeline.map(({ alert }) => alert)));
  const others = alerts.filter(({ timeline, speaker }) => timeline !== undefined || !steps.has(speaker.fingerprint));
  for (const alert of others) if (alert.severity !== 'low') yield `${alertText(alert, page)}\n`;
  const low = others.filter(({ severity }) => severity === 'low');
  for (const alert of low) yield alertLine(alert, page);
  if (low.length > 0) yield '';
  const within = alerts.length - others.length;
  if (within > 0) yield `${counted(within, 'alert')} more, steps of what is told above; --full tells each of them whole.\n`;
}

/** Whether anything at or above a severity was found. */
export function foundAtLeast({ alerts }: Outcome, bar: Severity): boolean {
  return alerts.some(({ state, severity }) => state === 'open' && atLeast(severity, bar));
}

/** What goes to standard error: what could not be told or used, and the sums. */
export function* remarks(
  { files, unread, scopes, unknownFields, off, history, tally, alerts }: Outcome,
  clusterNamed: boolean,
): Generator<string> {
  for (const path of unread) yield `not read: ${printable(path)}: not a log that is read here`;
  if (scopes.clusters.length > 1 && !clusterNamed && files.some(({ form }) => form.log !== 'audit')) {
    yield `the logs hold ${String(scopes.clusters.length)} clusters; flow logs and API events do not tell theirs: name it with --cluster`;
  }
  if (unknownFields.length > 0) yield `fields of flow logs that are not known are not read: ${printable(unknownFields.join(', '))}`;
  for (const { detection, needs, everywhere } of off) {
    yield `off: ${detection} needs ${needs.join(', ')}${everywhere ? '' : ', which some of the flow logs lack'}`;
  }
  yield* historyRemarks(history);
  yield* tally.report();
  for (const state of ['suppressed', 'staged'] as const) yield* silencedRemark(alerts, state);
  const heard = alerts.filter(isHeard);
  yield `${counted(heard.length, 'alert')}${bySeverity(heard)}`;
}

/** People are told neither what they decided not to hear of, which is counted apart, nor an incident that became part of another. */
function isHeard({ state }: Alert): boolean {
  return state !== 'suppressed' && state !== 'staged' && state !== 'joined';
}

function* silencedRemark(alerts: readonly Alert[], state: Alert['state']): Generator<string> {
  const mine = alerts.filter((alert) => alert.state === state);
  const findings = mine.reduce((sum, { count }) => sum + count, 0);
  if (mine.length > 0) yield `${state}: ${counted(mine.length, 'alert')} with ${counted(findings, 'finding')}${bySeverity(mine)}`;
}

const shownOfHistory = 20;

/** What grave signatures matched in the history. */
export function* historyRemarks(history: readonly Finding[]): Generator<string> {
  if (history.length === 0) return;
  yield `in the history ${String(history.length)} records match what no history should hold; they were not learnt:`;
  for (const { severity, time, detection, entity } of history.slice(0, shownOfHistory)) {
    yield `  ${severity} ${iso(time)} ${detection} ${printable(entity.name)}`;
  }
  if (history.length > shownOfHistory) yield `  and ${String(history.length - shownOfHistory)} more`;
}

function bySeverity(alerts: readonly Alert[]): string {
  const counts = gravestFirst.map((severity) => [alerts.filter((alert) => alert.severity === severity).length, severity] as const);
  const words = counts.filter(([count]) => count > 0).map(([count, severity]) => `${String(count)} ${severity}`);
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
}

function byGravity(a: Alert, b: Alert): number {
  return gravestFirst.indexOf(a.severity) - gravestFirst.indexOf(b.severity) || a.firstSeen - b.firstSeen || a.id.localeCompare(b.id);
}

/** A finding as the alert it would be by itself. */
function alone(finding: Finding): Alert {
  const { id, time, severity } = finding;
  return { id, state: 'open', count: 1, firstSeen: time, lastSeen: time, severity, speaker: finding, ids: [id], groups: [] };
}
