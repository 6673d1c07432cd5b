import { dollars, guardDutyPerMillionEvents, megabytesPerProcessor, scanCost } from '../../shared/knowledge/prices.ts';
import type { Bill } from '../bench/meter.ts';
import { deployed } from './deployed.ts';
import type { Usage } from './measure.ts';

/*
 * Assumptions: what cannot be counted here. Each is an upper estimate that nobody has measured in AWS.
 */

/** Waiting time of one round trip to DynamoDB. It answers in single-digit milliseconds. */
const secondsPerTrip = 0.005;
/** Processor time that the SDK takes for a request and its answer. */
const secondsPerRequest = 0.0005;
/** Billed time of triage, notify and a channel for one invocation. */
const secondsPerTelling = 0.2;
/** What Lambda and our metrics write for one invocation into its log. */
const bytesLoggedPerInvocation = 1_200;
/** A ticking rollup, and how often it ticks in a month. */
const ticksPerMonth = 12 * 24 * 30;
/** Calls to KMS: tables and topics keep their data keys for five minutes. */
const keyCallsPerMonth = 10 * ticksPerMonth;
/** Metrics of our own, for each function that has them and for each cluster that is proved to be watched. */
const ownMetrics = 14;
/** Bootstrap reads 14 days with two queries, once; it is spread over a year. */
const bootstrapShare = (2 * 14) / 365;

/** At most so many US dollars for a million audit events. */
export const mostDollars = 0.05;
/** At most so many requests to DynamoDB for ten thousand events, where a payload has five hundred. */
export const mostRequests = 150;

/** What something costs for a million events, or in a month. */
export interface Cost {
  readonly what: string;
  readonly dollars: number;
}

/** What units cost. */
export function billed({ readUnits, writeUnits }: Bill): number {
  return readUnits * dollars.dynamoReadUnit + writeUnits * dollars.dynamoWriteUnit;
}

/** Seconds that the analysis is billed for: a function has the share of a processor that its memory buys, and waits for every round trip. */
export function billedSeconds({ seconds, trips, state, telling }: Usage): number {
  const share = Math.min(1, deployed.memory.analysis / megabytesPerProcessor);
  const requests = state.bill.reads + state.bill.writes + (telling.kinds.get('finding')?.writes ?? 0);
  return (seconds + requests * secondsPerRequest) / share + trips * secondsPerTrip;
}

/** At most so many US dollars for a gigabyte of flow logs, where a payload has a hundred lines. */
export const mostDollarsPerGigabyte = 0.1;
/** At most so many requests for the state of a payload of flow logs. */
export const mostRequestsPerPayload = 1.1;

/** What a million events cost, or another multiple of what was used, part by part. */
export function costsOf(usage: Usage, times = 1e6 / usage.events): readonly Cost[] {
  const gigabytes = (megabytes: number): number => megabytes / 1_024;
  const tellings = usage.withFindings + usage.withOrders;
  const deliveries = usage.told * deployed.channels;
  const invocations = usage.payloads + tellings + deliveries;
  const computing = billedSeconds(usage) * gigabytes(deployed.memory.analysis);
  const spreading =
    secondsPerTelling * (tellings * gigabytes(deployed.memory.telling) + deliveries * gigabytes(deployed.memory.delivering));
  const parts: Cost[] = [
    { what: 'Lambda, analysis', dollars: computing * dollars.lambdaGigabyteSecond },
    { what: 'Lambda, requests', dollars: usage.payloads * dollars.lambdaRequest },
    { what: 'DynamoDB, state', dollars: billed(usage.state.bill) },
    { what: 'DynamoDB, findings and alerts', dollars: billed(usage.telling.bill) },
    {
      what: 'Lambda, triage, notify and channels',
      dollars: spreading * dollars.lambdaGigabyteSecond + (tellings + deliveries) * dollars.lambdaRequest,
    },
    { what: 'SNS and SQS', dollars: usage.told * dollars.snsPublish + deliveries * 3 * dollars.sqsRequest },
    { what: 'our own logs', dollars: invocations * bytesLoggedPerInvocation * dollars.logsIngestedByte },
    { what: 'Insights, bootstrap over a year', dollars: bootstrapShare * scanCost(usage.bytes, 'us-east-1') },
  ];
  return parts.map(({ what, dollars: each }) => ({ what, dollars: each * times }));
}

/** What a deployment costs in a month, whatever is logged. */
export function monthly(stored: { readonly bytes: number }, night: Bill): readonly Cost[] {
  const gigabytes = stored.bytes / 1024 ** 3;
  const rollup = ticksPerMonth * (secondsPerTelling * 0.5 * dollars.lambdaGigabyteSecond + dollars.lambdaRequest);
  return [
    { what: 'the key', dollars: deployed.keys * dollars.kmsKeyMonth },
    { what: 'alarms', dollars: deployed.alarms * dollars.alarmMonth },
    { what: 'the dashboard', dollars: deployed.dashboards * dollars.dashboardMonth },
    { what: 'metrics', dollars: ownMetrics * dollars.metricMonth },
    { what: 'tables, stored and recoverable', dollars: gigabytes * (dollars.dynamoGigabyteMonth + dollars.dynamoRecoveryGigabyteMonth) },
    { what: 'Scheduler and rollup', dollars: rollup + (ticksPerMonth + 30) * dollars.schedulerInvocation },
    { what: 'baselines, every night', dollars: 30 * billed(night) },
    { what: 'KMS', dollars: keyCallsPerMonth * dollars.kmsRequest },
  ];
}

/** The sum of costs. */
export function sumOf(costs: readonly Cost[]): number {
  return costs.reduce((sum, { dollars: each }) => sum + each, 0);
}

/** What others charge for a million events of so many bytes. */
export function comparisons({ events, bytes }: Usage): readonly Cost[] {
  return [
    { what: 'GuardDuty EKS Protection', dollars: guardDutyPerMillionEvents },
    { what: 'ingesting the log into CloudWatch, which is paid for anyway', dollars: (1e6 / events) * bytes * dollars.logsIngestedByte },
  ];
}

/** Requests of the analysis to DynamoDB for ten thousand events. */
export function requestsPerTenThousand({ events, state, telling }: Usage): number {
  return (10_000 / events) * (state.bill.reads + state.bill.writes + (telling.kinds.get('finding')?.writes ?? 0));
}

/** A bar, and whether it is met. */
export function bar(what: string, value: number, most: number, text: (value: number) => string): string {
  return `${what}: ${text(value)} (bar ${text(most)}: ${value <= most ? 'met' : 'MISSED'})`;
}
