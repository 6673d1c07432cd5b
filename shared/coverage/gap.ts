import type { Gap } from '../model/coverage.ts';
import type { Asked } from './facts.ts';

/** What is the case and nobody need be told of at night: an endpoint that is public, a log that never expires. */
export interface Note {
  readonly cluster: string;
  readonly text: string;
}

/** What a part of the judgement came to. */
export interface Found {
  readonly gaps: readonly Gap[];
  readonly notes: readonly Note[];
}

/** Several parts as one. */
export function together(parts: readonly Found[]): Found {
  return { gaps: parts.flatMap(({ gaps }) => gaps), notes: parts.flatMap(({ notes }) => notes) };
}

/** What follows from an answer; where there is none, that it is unknown. */
export function given<T>(asked: Asked<T>, where: Pick<Gap, 'cluster' | 'source' | 'subject'>, judge: (value: T) => Found): Found {
  if ('value' in asked) return judge(asked.value);
  return { gaps: [unknownGap(where, asked.unknown)], notes: [] };
}

/** What cannot be looked at. Whoever asks too often is told to wait: that passes. */
function unknownGap({ cluster, source, subject }: Pick<Gap, 'cluster' | 'source' | 'subject'>, why: string): Gap {
  const passing = /Thrott|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|Timeout/i.test(why);
  return {
    ...{ id: 'unknown', cluster, source, subject, status: 'unknown' },
    why: `${subject} could not be looked at: ${why}`,
    fix: ['npx cdk deploy'],
    explained: passing ? 'it passes by itself' : '',
  };
}

/** A word of a shell command, quoted where it must be. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
