import { decodeEventBridge } from '../shared/intake/event-bridge.ts';
import { region } from './environment.ts';
import { handling } from './handling.ts';
import { pipeline } from './judging.ts';
import { countReport } from './telemetry.ts';

/** Judges one AWS API call or GuardDuty finding that EventBridge delivers. What throws is delivered again. */
export const handler = handling<unknown>(async (event) => {
  countReport(await (await pipeline()).analyse(decodeEventBridge(event, region())));
});
