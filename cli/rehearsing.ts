import { atLeast, gravestFirst } from '../shared/model/finding.ts';
import { day } from '../shared/model/time.ts';
import { type Affected, affectedBy, gravestOf, type Rehearsal, rehearsed, rehearsedLimit } from '../shared/triage/rehearsal.ts';
import type { OperatorLimit } from '../shared/detect/operator-limit.ts';
import type { Suppression } from '../shared/triage/suppression.ts';
import type { Desk } from './decision-desk.ts';
import { knownDetection } from './known-names.ts';
import { counted } from './words.ts';

/** A decision tried on the past. */
interface Tried {
  /** As it would be stored: it says how grave what it covers may be. */
  readonly suppression: Omit<Suppression, 'id'>;
  readonly lines: readonly string[];
  /** It covers what is high or critical. */
  readonly grave: boolean;
}

const mostNamed = 10;

/** Tries a decision on some days of the past. Where nobody said how grave is too grave, it covers what there was. */
export async function rehearsal(draft: Omit<Suppression, 'id'>, days: number, desk: Desk): Promise<Tried> {
  const affected = await affectedBy({ id: '', ...draft }, desk.history(), desk.now - days * day);
  const severity = draft.severity ?? gravestOf(affected.filter(({ silent }) => !silent)) ?? 'medium';
  const outcome = rehearsed(affected, severity);
  const declared = draft.staged === true ? knownDetection(draft.detection).severity : severity;
  return {
    suppression: { ...draft, severity },
    lines: [...told(outcome, days)],
    grave: outcome.grave.length > 0 || atLeast(declared, 'high'),
  };
}

/** Tries a limit on some days of the past, in lines. */
export async function limitRehearsal(draft: Omit<OperatorLimit, 'id'>, days: number, desk: Desk): Promise<readonly string[]> {
  const affected = await affectedBy({ id: '', entity: '*', ...draft }, desk.history(), desk.now - days * day);
  if (affected.length === 0) return [`  in ${counted(days, 'day')} nothing was told of it: what a lower limit would tell is not known`];
  const { spared, told } = rehearsedLimit(affected, draft.limit);
  const what = [`${String(spared.length)} of ${counted(affected.length, 'alert')} in ${counted(days, 'day')}`, ...grades(spared)].join(
    ', ',
  );
  return [
    `  would not have told ${what}: fewer were counted there when they were last seen`,
    `  told all the same: ${counted(told, 'alert')}`,
  ];
}

/** How many are high or critical, in words. */
function grades(affected: readonly Affected[]): string[] {
  return gravestFirst.slice(0, 2).flatMap((severity) => {
    const some = affected.filter((each) => each.severity === severity).length;
    return some === 0 ? [] : [`${String(some)} of them ${severity}`];
  });
}

function* told({ silenced, findings, grave, told, silent }: Rehearsal, days: number): Generator<string> {
  const what = [counted(silenced.length, 'alert'), ...(silenced.length === 0 ? [] : [`(${counted(findings, 'finding')})`])].join(' ');
  yield `  would have silenced ${[`${what} in ${counted(days, 'day')}`, ...grades(grave)].join(', ')}`;
  for (const { severity, title, entity, id } of grave.slice(0, mostNamed)) yield `    ${severity} ${title}: ${entity.name}, alert ${id}`;
  if (grave.length > mostNamed) yield `    and ${String(grave.length - mostNamed)} more`;
  if (told.length > 0) yield `  too grave for it, and told all the same: ${counted(told.length, 'alert')}`;
  if (silent > 0) yield `  silent already: ${counted(silent, 'alert')}`;
}
