import { callFunction, lambdaClient } from '../shared/adapters/function-call.ts';
import { describeLogGroup, logsClient } from '../shared/adapters/logs-history.ts';
import { destinationOf, StoredLines } from '../shared/adapters/stored-lines.ts';
import { estimateOf } from '../shared/history/estimate.ts';
import { iso, minute } from '../shared/model/time.ts';
import { mended } from './aws-errors.ts';
import { size } from './bootstrap-printing.ts';
import { catchUp, type Progress } from './catching-up.ts';
import { help, readCatchUpOptions } from './catch-up-options.ts';
import { onTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { counted } from './words.ts';

/** How often progress is told, in minutes of the gap. */
const told = 60;

await onTerminal('catch-up', async () => {
  const options = readCatchUpOptions(process.argv.slice(2), Date.now());
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { group: name, span, region, dryRun } = options;
  const client = logsClient(region);
  const group = await describeLogGroup(client, name).catch(mended);
  if (group === undefined) throw new UsageError(`--log-group ${name}: there is none of this name in the Region`);
  const target = options.function ?? functionIn(await destinationOf(client, name).catch(mended), name);
  const minutes = (span.to - span.from) / minute;
  console.error(
    `${name} from ${iso(span.from)} to ${iso(span.to)}: about ${size(estimateOf(group, span, 1).bytes)} to read, ` +
      `which is not charged for, in ${counted(minutes, 'request')} or more, five a second; ${target} judges it, at the usual price`,
  );
  if (dryRun) return 0;

  const lambda = lambdaClient(region);
  const lines = new StoredLines(client, name);
  let reached: Progress = { until: span.from, lines: 0, payloads: 0 };
  const ports = {
    within: (part: typeof span) => lines.within(part),
    handOver: (event: unknown) => callFunction(lambda, target, event),
    now: Date.now,
  };
  try {
    for await (reached of catchUp({ account: group.account, group: name }, span, ports))
      if (((reached.until - span.from) / minute) % told === 0) console.error(`${iso(reached.until)}: ${counted(reached.lines, 'line')}`);
  } catch (error) {
    console.error(`stopped: ${error instanceof Error ? error.message : String(error)}`);
    console.error(`go on with --from ${iso(reached.until)} --to ${iso(span.to)}`);
  }
  console.log(`${counted(reached.lines, 'line')} handed over in ${counted(reached.payloads, 'payload')}`);
  return reached.until < span.to ? 4 : 0;
});

/** The function that a filter delivers to. */
function functionIn(destination: string | undefined, group: string): string {
  const name = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:([\w-]+)/.exec(destination ?? '')?.[1];
  if (name !== undefined) return name;
  const why = destination === undefined ? 'has no filter of ours' : `delivers to ${destination}`;
  throw new UsageError(`${group} ${why}: name the function that judges its lines with --function`);
}
