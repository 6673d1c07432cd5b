import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { day, dayOf } from '../../shared/model/time.ts';
import { pricesAsOf } from '../../shared/knowledge/prices.ts';
import { nightOf } from '../bench/recompute-run.ts';
import { forwarded } from '../subscription/forwarding.ts';
import { Deployment } from './measure.ts';
import { monthly, sumOf } from './model.ts';
import { flowPage, pageOf, table } from './page.ts';
import { deliveries, flowDeliveries, streamsOf } from './payloads.ts';

/**
 * What a million audit events cost: the pinned mix, its first day learnt and its second measured, on stores that count what
 * DynamoDB would bill. With a number of events, only payloads of that many and all of them forwarded: `npm run cost -- 500`.
 */

const seed = 20260310;
const eventsPerDay = 100_000;
const { positionals } = parseArgs({ allowPositionals: true });
const isShort = positionals.length > 0;
const sizes = isShort ? positionals.map(Number) : [50, 500];
const filters = [
  { name: 'everything forwarded', passes: () => true },
  ...(isShort ? [] : [{ name: 'what the derived filter forwards', passes: (line: string) => forwarded(line) === true }]),
];

console.log(
  `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; seed ${String(seed)}; ` +
    `prices as of ${pricesAsOf}, us-east-1; processor seconds are this machine's, and waiting is assumed`,
);
const streams = streamsOf(seed, 2 * eventsPerDay);
const days = [0, 1].map((turn) =>
  streams.map((stream) => {
    const half = Math.ceil(stream.logEvents.length / 2);
    return { ...stream, logEvents: stream.logEvents.slice(turn * half, (turn + 1) * half) };
  }),
);
const [first = [], second = []] = days;

/** The midnight after the last line. */
function nightAfter(streams: typeof first): number {
  return (dayOf(Math.max(...streams.map(({ logEvents }) => logEvents.at(-1)?.timestamp ?? 0))) + 1) * day;
}

let last: Deployment | undefined;
for (const { name, passes } of filters) {
  for (const perPayload of sizes) {
    const deployment = new Deployment();
    const title = `${name}, ${String(perPayload)} events a payload`;
    const cold = await deployment.replay(deliveries(first, perPayload, passes));
    await deployment.night(nightAfter(first), cold);
    const warm = await deployment.replay(deliveries(second, perPayload, passes));
    await deployment.night(nightAfter(second), warm);
    console.log(`\n${pageOf({ name: `${title}, steady`, perPayload, judged: true }, warm)}`);
    console.log(`\n${pageOf({ name: `${title}, a process and a table that know nothing`, perPayload, judged: false }, cold)}`);
    last = deployment;
  }
}
if (!isShort) {
  // Flow logs beside the audit log of the same day, which tells whose addresses they are.
  const withFlows = new Deployment();
  await withFlows.replay(deliveries(first, 500, () => true));
  const flows = flowDeliveries(seed, 100_000, 100);
  await withFlows.replay(flows.slice(0, flows.length / 2));
  console.log(`\n${flowPage('flow logs, 100 lines a payload, steady', await withFlows.replay(flows.slice(flows.length / 2)))}`);

  const stored = last?.state.contents ?? { items: 0, bytes: 0, largest: 0 };
  const fixed = monthly(stored, await nightOf(stored.items, String(seed), () => 0));
  console.log(`\nin a month, whatever is logged (${String(stored.items)} items after two days):`);
  console.log([...table(fixed), `  ${'together'.padEnd(60)} $${sumOf(fixed).toFixed(2)}`].join('\n'));
}
