import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { day, dayOf } from '../../shared/model/time.ts';
import { pricesAsOf } from '../../shared/knowledge/prices.ts';
import { nightOf } from '../bench/recompute-run.ts';
import { forwarded } from '../subscription/forwarding.ts';
import { Deployment, noUsage, type Usage } from './measure.ts';
import { monthly, sumOf } from './model.ts';
import { flowPage, pageOf, table } from './page.ts';
import { bothDeliveries, deliveries, flowDeliveries, streamsOf } from './payloads.ts';

/**
 * What a million audit events cost: the pinned mix, its first day learnt and its second measured, on stores that count what
 * DynamoDB would bill; then what flow logs cost. With a number of events, only payloads of that many and all of them forwarded:
 * `npm run cost -- 500`; of flow logs alone, `npm run cost -- flow`.
 */

const seed = 20260310;
const eventsPerDay = 100_000;
const linesPerPayload = 100;
const { positionals } = parseArgs({ allowPositionals: true });

console.log(
  `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; seed ${String(seed)}; ` +
    `prices as of ${pricesAsOf}, us-east-1; processor seconds are this machine's, and waiting is assumed`,
);
if (positionals.includes('flow')) await printFlows();
else if (positionals.length > 0) await printEvents(positionals.map(Number), ['everything forwarded']);
else {
  const last = await printEvents([50, 500], ['everything forwarded', 'what the derived filter forwards']);
  await printFlows();
  await printMonth(last);
}

/** Events in payloads of several sizes; returns the deployment of the last. */
async function printEvents(
  sizes: readonly number[],
  filters: readonly ('everything forwarded' | 'what the derived filter forwards')[],
): Promise<Deployment> {
  const streams = streamsOf(seed, 2 * eventsPerDay);
  const [first = [], second = []] = [0, 1].map((turn) =>
    streams.map((stream) => {
      const half = Math.ceil(stream.logEvents.length / 2);
      return { ...stream, logEvents: stream.logEvents.slice(turn * half, (turn + 1) * half) };
    }),
  );
  let last = new Deployment();
  for (const filter of filters) {
    const passes = (line: string): boolean => filter === 'everything forwarded' || forwarded(line) === true;
    for (const perPayload of sizes) {
      last = new Deployment();
      const title = `${filter}, ${String(perPayload)} events a payload`;
      const cold = await last.replay(deliveries(first, perPayload, passes));
      await last.night(nightAfter(first), cold);
      const warm = await last.replay(deliveries(second, perPayload, passes));
      await last.night(nightAfter(second), warm);
      console.log(`\n${pageOf({ name: `${title}, steady`, perPayload, judged: true }, warm)}`);
      console.log(`\n${pageOf({ name: `${title}, a process and a table that know nothing`, perPayload, judged: false }, cold)}`);
    }
  }
  return last;
}

/** The midnight after the last line. */
function nightAfter(streams: ReturnType<typeof streamsOf>): number {
  return (dayOf(Math.max(...streams.map(({ logEvents }) => logEvents.at(-1)?.timestamp ?? 0))) + 1) * day;
}

async function printFlows(): Promise<void> {
  const size = `${String(linesPerPayload)} lines a payload`;
  const alone = new Deployment();
  const flows = flowDeliveries(seed, 100_000, linesPerPayload);
  await alone.replay(flows.slice(0, flows.length / 2));
  const warm = await alone.replay(flows.slice(flows.length / 2));
  console.log(`\n${flowPage(`flow logs alone, so that every sender is a stranger, ${size}, some eighty minutes`, warm)}`);
  console.log(`\n${flowPage(`flow logs beside the audit log of their cluster, ${size}, a whole day`, await dayOfFlows())}`);
}

/** A day of flow logs after half a day of them, so that what is written once a day is in it once. Each log has a process of its own. */
async function dayOfFlows(): Promise<Usage> {
  const audit = new Deployment();
  const flow = new Deployment(audit);
  const [before, measured] = [noUsage(), noUsage()];
  const both = bothDeliveries(seed, 36, linesPerPayload);
  const since = (both.at(-1)?.comes ?? 0) - day;
  for (const delivery of both) {
    if (delivery.log === 'audit') await audit.replay([delivery]);
    else await flow.replay([delivery], delivery.comes < since ? before : measured);
  }
  return measured;
}

/** What is paid for in a month whatever comes. */
async function printMonth({ state }: Deployment): Promise<void> {
  const stored = state.contents;
  const fixed = monthly(stored, await nightOf(stored.items, String(seed), () => 0));
  console.log(`\nin a month, whatever is logged (${String(stored.items)} items after two days):`);
  console.log([...table(fixed), `  ${'together'.padEnd(60)} $${sumOf(fixed).toFixed(2)}`].join('\n'));
}
