import { gravestFirst, type Finding } from '../model/finding.ts';
import type { Observation } from '../state/seen-set.ts';

/**
 * What an event would have taught one memory, had it raised nothing: it waits with every alert that the event raised.
 * As text, because a set of DynamoDB holds it: a storm that repeats an observation adds nothing.
 */
export interface Withheld extends Observation {
  /** Fingerprints of the other alerts that the event raised: all of them must be benign before it is taught. */
  readonly others: readonly string[];
}

/** Other alerts named with an observation: the gravest. */
const mostOthers = 8;

/** The observations of an event that raised findings, for each of its alerts. */
export function withheldBy(
  findings: readonly Finding[],
  observations: readonly Observation[],
): readonly (readonly [Finding, readonly string[]])[] {
  const inOrder = [...findings].sort(
    (a, b) => gravestFirst.indexOf(a.severity) - gravestFirst.indexOf(b.severity) || a.fingerprint.localeCompare(b.fingerprint),
  );
  return inOrder.map((finding) => {
    const others = [...new Set(inOrder.map(({ fingerprint }) => fingerprint))].filter((one) => one !== finding.fingerprint);
    return [finding, observations.map((observation) => withheldText({ ...observation, others: others.slice(0, mostOthers) }))];
  });
}

const none = '-';

/** An observation as text. Everything but the member, which comes last, is free of spaces. */
function withheldText({ others, day, days, by, key, member }: Withheld): string {
  return [[...others].sort().join(',') || none, String(day), String(days), by || none, key, member].join(' ');
}

/** The observation that a text stands for. */
export function readWithheld(text: string): Withheld {
  const [others = none, day = '', days = '', by = none, key = '', ...member] = text.split(' ');
  return {
    others: others === none ? [] : others.split(','),
    day: Number(day),
    days: Number(days),
    by: by === none ? '' : by,
    key,
    member: member.join(' '),
  };
}

/** What a member of a memory is called wherever days or weeks do not matter. */
export function lessonName({ key, member }: Pick<Observation, 'key' | 'member'>): string {
  return `${key} ${member}`;
}
