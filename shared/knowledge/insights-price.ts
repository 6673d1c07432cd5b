/**
 * US dollars for a gigabyte that CloudWatch Logs Insights scans, by Region, as of July 2026.
 * Source: Amazon CloudWatch pricing, "Analyze (Logs Insights queries)".
 */
const dollarsPerGigabyte: ReadonlyMap<string, number> = new Map([
  ['us-east-1', 0.005],
  ['us-east-2', 0.005],
  ['us-west-2', 0.005],
  ['ap-northeast-1', 0.0076],
]);
/** What a Region costs whose price is not listed here: the highest that is. */
const dearest = Math.max(...dollarsPerGigabyte.values());

const gigabyte = 1024 ** 3;

/** What it costs in US dollars to scan so many bytes in a Region. */
export function scanCost(bytes: number, region: string): number {
  return (bytes / gigabyte) * (dollarsPerGigabyte.get(region) ?? dearest);
}

/** When the prices were looked up, for text. */
export const pricesAsOf = 'July 2026';
