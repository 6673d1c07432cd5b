import { judgingLines } from './deliveries.ts';

/** Judges the lines of EKS control-plane logs. */
export const handler = judgingLines(() => ({}));
