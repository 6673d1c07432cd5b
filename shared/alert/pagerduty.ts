import { isSeverity, type Severity } from '../model/finding.ts';
import { harmless } from './escape.ts';
import { linksOf } from './links.ts';
import { type PublishedAlert, tacticsOf } from './published.ts';
import { evidenceLines, facts, headline, stepLines } from './wording.ts';

/** Source: PagerDuty developer documentation, "Send an alert event" (Events API v2), which also has the lengths. */
const severities: Readonly<Record<Severity, string>> = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' };
const longest = { summary: 1_024, dedupKey: 255, detail: 2_000 } as const;
const mostEvidence = 10;

/** An event of PagerDuty's Events API v2, but for the routing key, which is a secret. */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  /** The alert's id: tellings of one alert are one incident. */
  readonly dedup_key: string;
  readonly client: 'Plimsoll';
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: string;
    readonly timestamp?: string;
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

/** An alert as an event of PagerDuty. */
export function pagerDutyEvent(alert: PublishedAlert): PagerDutyEvent {
  return {
    event_action: alert.state === 'closed' ? 'resolve' : 'trigger',
    dedup_key: said(alert.id, longest.dedupKey),
    client: 'Plimsoll',
    payload: {
      summary: said(`${headline(alert)}: ${alert.summary}`, longest.summary) || 'alert',
      source: said(alert.cluster || alert.account, 255) || 'unknown',
      severity: isSeverity(alert.severity) ? severities[alert.severity] : 'error',
      ...(Number.isNaN(Date.parse(alert.lastSeen)) ? {} : { timestamp: alert.lastSeen }),
      component: said(alert.entity.name, 255),
      group: said(alert.detection, 255),
      class: tacticsOf(alert).join(', '),
      custom_details: details(alert),
    },
    links: linksOf(alert).map(({ label, url }) => ({ href: url, text: said(label, 255) })),
  };
}

function details(alert: PublishedAlert): Readonly<Record<string, string | readonly string[]>> {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['Steps', alert.steps.length === 0 ? [alert.next] : alert.steps.flatMap(stepLines).slice(0, 50)],
    ['Evidence', evidenceLines(alert, mostEvidence)],
    ['Unknown', alert.unknowns.slice(0, 10)],
  ];
  const all: readonly (readonly [string, string | readonly string[]])[] = [
    ...facts(alert).map(([name, value]) => [name, said(value, longest.detail)] as const),
    ['Normal', said(alert.normal, longest.detail)],
    ...lists.map(([name, lines]) => [name, lines.filter((line) => line !== '').map((line) => said(line, longest.detail))] as const),
  ];
  return Object.fromEntries(all);
}

/** PagerDuty shows what it is sent as text and makes links of addresses. */
function said(text: string, most: number): string {
  return harmless(text.replaceAll('://', '[:]//'), most);
}
