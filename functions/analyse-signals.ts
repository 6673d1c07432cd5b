import { signalSources } from './environment.ts';
import { judgingLines } from './judging-lines.ts';

/** Judges the lines of Falco and auditd. */
export const handler = judgingLines(signalSources);
