import { judgingLines } from './judging-lines.ts';
import { flowSources } from './environment.ts';

/** Judges the lines of VPC flow logs. */
export const handler = judgingLines(flowSources);
