import type { CloudWatchLogsEvent } from 'aws-lambda';
import { decodeSubscription } from '../shared/intake/subscription.ts';
import { region, signalSources } from './environment.ts';
import { handling } from './handling.ts';
import { pipeline } from './judging.ts';
import { countReport } from './telemetry.ts';

/** Judges the lines of Falco and auditd that a CloudWatch Logs subscription delivers. What throws is delivered again. */
export const handler = handling<CloudWatchLogsEvent>(async ({ awslogs }) => {
  countReport(await (await pipeline()).analyse(decodeSubscription(awslogs.data, region(), signalSources(), Date.now())));
});
