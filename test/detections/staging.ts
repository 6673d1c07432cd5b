import { catalogue } from '../../shared/detect/registry.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Ask, Form, Running } from '../evasion/attack.ts';
import { developer, now } from '../evasion/cast.ts';
import { podForms } from '../evasion/forms-pods.ts';
import { asked } from '../evasion/records.ts';
import { type Replayed, replay } from '../evasion/replay.ts';
import { day } from '../simulation/clock.ts';
import { type JsonObject, serialise } from '../simulation/go-json.ts';
import type { Identity } from '../simulation/identity.ts';
import { Random } from '../simulation/random.ts';

/** Requests as the API server writes them, one after the other. Without a caller of their own they are the developer's. */
export function recordsOf(asks: readonly Ask[], { by = developer, at = now }: { by?: Identity; at?: number } = {}): JsonObject[] {
  return asked(asks, at, new Random('staging'), { by });
}

/** What the whole catalogue finds in records that come after what was learnt. */
export async function findingsIn(
  records: readonly JsonObject[],
  { learnt = [], ...rest }: { learnt?: readonly JsonObject[] } & Partial<Omit<Replayed, 'learnt' | 'arrivals'>> = {},
): Promise<readonly Finding[]> {
  return (await outcomeOf([records.map(serialise)], learnt, rest)).findings;
}

/** What the whole catalogue makes of lines that arrive in several payloads. */
export function outcomeOf(
  arrivals: readonly (readonly string[])[],
  learnt: readonly JsonObject[] = [],
  rest: Partial<Omit<Replayed, 'learnt' | 'arrivals'>> = {},
): ReturnType<typeof replay> {
  return replay(catalogue, {
    learnt: learnt.length === 0 ? [] : [{ path: 'before', text: learnt.map(serialise).join('\n') }],
    arrivals: arrivals.map((lines, at) => [{ path: `arrival-${String(at)}`, text: lines.join('\n') }]),
    ...rest,
  });
}

/** Findings in short: `detection severity`, each once. */
export function told(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ detection, severity }) => `${detection} ${severity}`))].sort();
}

/** What is told of a form of a deed, after what came before it. */
export async function toldOf({ before, asks }: Pick<Form, 'before' | 'asks'>, by: Identity = developer): Promise<string[]> {
  return told(await findingsIn(recordsOf(asks, { by }), { learnt: recordsOf(before, { by, at: now - 2 * day }) }));
}

/** What is told of one request. */
export function toldOfOne(ask: Ask, by: Identity = developer): Promise<string[]> {
  return toldOf({ before: [], asks: [ask] }, by);
}

/** A form of a pod that is made in a certain way, by the name of the form. */
export function podForm(running: Omit<Running, 'does'>, name: string): Form {
  const form = podForms({ does: 'run', ...running }).find((each) => each.name === name);
  if (form === undefined) throw new Error(`no form ${name}`);
  return form;
}

/** What makes a container root on its node. */
export const privileged: Omit<Running, 'does'> = { container: { securityContext: { privileged: true } } };
