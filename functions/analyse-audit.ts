import { judgingLines } from './judging-lines.ts';

/** Judges the lines of EKS control-plane logs. */
export const handler = judgingLines(() => ({}));
