/** When the prices were looked up, for text. */
export const pricesAsOf = 'July 2026';

const gigabyte = 1024 ** 3;
const million = 1e6;

/**
 * US dollars for what a deployment uses, on demand, us-east-1, first tier, without free tiers. DynamoDB's are those since November 2024.
 * Sources: the services' pricing pages (AWS Lambda, Amazon DynamoDB, Amazon SNS, Amazon SQS, Amazon CloudWatch, Amazon EventBridge, AWS KMS).
 */
export const dollars = {
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.2 / million,
  dynamoReadUnit: 0.125 / million,
  dynamoWriteUnit: 0.625 / million,
  dynamoGigabyteMonth: 0.25,
  dynamoRecoveryGigabyteMonth: 0.2,
  snsPublish: 0.5 / million,
  sqsRequest: 0.4 / million,
  kmsRequest: 0.03 / 10_000,
  kmsKeyMonth: 1,
  schedulerInvocation: 1 / million,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  /** What the user pays whether or not anybody reads the log. */
  logsIngestedByte: 0.5 / gigabyte,
} as const;

/**
 * US dollars for a million audit events, the first hundred million of a month, as of 7 October 2026. It needs no log in CloudWatch.
 * Source: Amazon GuardDuty pricing, "EKS Protection".
 */
export const guardDutyPerMillionEvents = 1.6;

/**
 * US dollars for a gigabyte of VPC flow logs, the first five hundred of a month, as of July 2026. It needs no log in CloudWatch. Source: Amazon
 * GuardDuty pricing, "VPC Flow Log and DNS query log analysis".
 */
export const guardDutyPerGigabyte = 1;

/** Memory with which a function on Lambda has one whole processor; with less it has its share. Source: Lambda developer guide, "Memory". */
export const megabytesPerProcessor = 1_769;

/**
 * US dollars for a gigabyte that CloudWatch Logs Insights scans, by Region.
 * Source: Amazon CloudWatch pricing, "Analyze (Logs Insights queries)".
 */
const scannedGigabyte: ReadonlyMap<string, number> = new Map([
  ['us-east-1', 0.005],
  ['us-east-2', 0.005],
  ['us-west-2', 0.005],
  ['ap-northeast-1', 0.0076],
]);
/** What a Region costs whose price is not listed here: the highest that is. */
const dearest = Math.max(...scannedGigabyte.values());

/** What it costs in US dollars to scan so many bytes in a Region. */
export function scanCost(bytes: number, region: string): number {
  return (bytes / gigabyte) * (scannedGigabyte.get(region) ?? dearest);
}
