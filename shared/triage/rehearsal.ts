import { atLeast, type Finding, gravestFirst, graver, type Severity } from '../model/finding.ts';
import type { Alert } from './alert.ts';
import { isAbout, type Suppression } from './suppression.ts';

/** An alert of the past that a decision is about. */
export interface Affected extends Pick<Alert, 'id' | 'severity' | 'count'> {
  readonly title: string;
  readonly entity: Finding['entity'];
  /** Nobody was told of it as it was. */
  readonly silent: boolean;
  /** Of a threshold: what was counted when the alert last spoke. */
  readonly counted: number | undefined;
}

/** The alerts since some time that a decision is about, had it held then. */
export async function affectedBy(suppression: Suppression, alerts: AsyncIterable<Alert>, since: number): Promise<readonly Affected[]> {
  const affected: Affected[] = [];
  for await (const { id, severity, count, lastSeen, state, speaker } of alerts) {
    if (lastSeen < since || !isAbout(suppression, speaker)) continue;
    const silent = state === 'suppressed' || state === 'staged';
    const figure = speaker.baseline?.['counted'];
    const counted = typeof figure === 'number' ? figure : undefined;
    affected.push({ id, severity, count, title: speaker.title, entity: speaker.entity, silent, counted });
  }
  return affected;
}

/** The gravest of some alerts; absent where there are none. */
export function gravestOf(affected: readonly Affected[]): Severity | undefined {
  return affected.reduce<Severity | undefined>((most, { severity }) => graver(most ?? severity, severity), undefined);
}

/** What of them a decision would have silenced, up to the gravest severity that it covers. */
export interface Rehearsal {
  readonly silenced: readonly Affected[];
  readonly findings: number;
  /** Of these, high or critical: the gravest first. */
  readonly grave: readonly Affected[];
  /** Too grave for the decision: people would have been told all the same. */
  readonly told: readonly Affected[];
  /** Silent without it. */
  readonly silent: number;
}

/** What a decision that covers some severities would have come to. */
export function rehearsed(affected: readonly Affected[], upTo: Severity): Rehearsal {
  const heard = affected.filter(({ silent }) => !silent);
  const silenced = heard.filter(({ severity }) => atLeast(upTo, severity));
  return {
    silenced,
    findings: silenced.reduce((sum, { count }) => sum + count, 0),
    grave: gravestFirst.flatMap((severity) => (atLeast(severity, 'high') ? silenced.filter((each) => each.severity === severity) : [])),
    told: heard.filter(({ severity }) => !atLeast(upTo, severity)),
    silent: affected.length - heard.length,
  };
}

/** The alerts of a threshold by what a limit would have made of them. What stayed below the limits of the past is not known. */
export interface LimitRehearsal {
  /** They counted less, and would not have been. */
  readonly spared: readonly Affected[];
  readonly told: number;
}

/** What a limit would have come to. */
export function rehearsedLimit(affected: readonly Affected[], limit: number): LimitRehearsal {
  const spared = affected.filter(({ counted = Infinity }) => counted < limit);
  return { spared, told: affected.length - spared.length };
}
