import type { Limits, OperatorLimit } from '../detect/operator-limit.ts';
import { isSeverity } from '../model/finding.ts';
import { number, object, text } from '../model/json.ts';
import type { Settings, Suppression } from './suppression.ts';

/** What a person decided about alerts to come, until some day. */
export type Decision = Suppression | OperatorLimit;

/** Where people write their decisions. */
export interface Decisions extends Settings, Limits {
  /** Writes a decision, in place of one of the same id. */
  put(decision: Decision): Promise<void>;
  remove(decision: Decision): Promise<void>;
}

/** Every decision: suppressions, staged detections and limits. */
export async function allDecisions(from: Settings & Limits): Promise<readonly Decision[]> {
  const [suppressions, limits] = await Promise.all([from.suppressions(), from.limits()]);
  return [...suppressions, ...limits];
}

/** Whether a decision sets a limit. */
export function isLimit(decision: Decision): decision is OperatorLimit {
  return 'limit' in decision;
}

/** What people call a decision. */
export function kindOf(decision: Omit<Suppression, 'id'> | Omit<OperatorLimit, 'id'>): 'suppression' | 'staging' | 'limit' {
  if ('limit' in decision) return 'limit';
  return decision.staged === true ? 'staging' : 'suppression';
}

/** A stored suppression; absent where somebody wrote something that is none, which silences nothing. */
export function suppressionFrom(id: string, json: unknown): Suppression | undefined {
  const value = object(json);
  const decided = decidedIn(id, value);
  const entity = text(value?.['entity']);
  const severity = text(value?.['severity']);
  if (decided === undefined || entity === undefined) return undefined;
  // A ceiling that cannot be read is no permission to silence everything.
  if (value?.['severity'] !== undefined && (severity === undefined || !isSeverity(severity))) return undefined;
  const [strategy, alert] = [text(value?.['strategy']), text(value?.['alert'])];
  if ((strategy === undefined && value?.['strategy'] !== undefined) || (alert === undefined && value?.['alert'] !== undefined))
    return undefined;
  return {
    ...decided,
    entity,
    ...(strategy === undefined ? {} : { strategy }),
    ...(alert === undefined ? {} : { alert }),
    ...(severity === undefined || !isSeverity(severity) ? {} : { severity }),
    ...(value?.['staged'] === true ? { staged: true } : {}),
  };
}

/** A stored limit; absent where it is none. */
export function limitFrom(id: string, json: unknown): OperatorLimit | undefined {
  const value = object(json);
  const decided = decidedIn(id, value);
  const limit = number(value?.['limit']);
  return decided === undefined || limit === undefined || !Number.isInteger(limit) || limit < 1 ? undefined : { ...decided, limit };
}

type Decided = Pick<Suppression, 'id' | 'detection' | 'cluster' | 'account' | 'who' | 'why' | 'until' | 'at'>;

function decidedIn(id: string, value: Readonly<Record<string, unknown>> | undefined): Decided | undefined {
  const [detection, cluster, who, why] = ['detection', 'cluster', 'who', 'why'].map((field) => text(value?.[field]));
  const until = number(value?.['until']);
  if (detection === undefined || cluster === undefined || who === undefined || why === undefined || until === undefined) return undefined;
  const [at, account] = [number(value?.['at']), text(value?.['account'])];
  // A scope that cannot be read is no permission to silence every account.
  if (account === undefined && value?.['account'] !== undefined) return undefined;
  return {
    ...{ id, detection, cluster, who, why, until },
    ...(account === undefined ? {} : { account }),
    ...(at === undefined ? {} : { at }),
  };
}
