import { dynamoDbClient } from '../shared/adapters/aws-clients.ts';
import { DynamoDbState } from '../shared/adapters/dynamodb-state.ts';
import { describeLogGroup, InsightsHistory, logsClient } from '../shared/adapters/logs-history.ts';
import { iso } from '../shared/model/time.ts';
import type { StateStore } from '../shared/state/store.ts';
import { mended } from './aws-errors.ts';
import { type BootstrapOptions, help, readBootstrapOptions } from './bootstrap-options.ts';
import { bootstrapRemarks, estimateText } from './bootstrap-printing.ts';
import { affordable, bootstrap } from './bootstrapping.ts';
import { loadState, Memory, saveState } from './state-file.ts';
import { onTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

await onTerminal('bootstrap', async () => {
  const options = readBootstrapOptions(process.argv.slice(2), Date.now());
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const client = logsClient(options.region);
  const group = await describeLogGroup(client, options.group).catch(mended);
  if (group === undefined) throw new UsageError(`--log-group ${options.group}: there is none of this name in the Region`);
  console.error(estimateText(group, affordable(group, options), options));
  const kept = await keeper(options, group.region);
  if (kept === undefined) return 0;

  const log = new InsightsHistory(client, options.group);
  const outcome = await bootstrap({ group, log, state: kept.state }, options, async ({ span, lines }) => {
    console.error(`${iso(span.from).slice(0, 10)}: ${String(lines.length)} lines`);
    // What was paid for is kept, whatever becomes of the next day.
    await kept.save();
  }).catch(mended);
  await kept.save();
  for (const line of bootstrapRemarks(outcome)) console.log(line);
  return outcome.gaps.length > 0 ? 4 : 0;
});

/** Where what is learnt goes; absent in a dry run. */
async function keeper(
  { keep }: BootstrapOptions,
  region: string,
): Promise<{ readonly state: StateStore; readonly save: () => Promise<void> } | undefined> {
  if (keep === undefined) return undefined;
  if ('table' in keep) {
    const state = new DynamoDbState(dynamoDbClient(region), keep.table, ({ key, why }) => {
      console.error(`not kept: ${why}: ${key}`);
    });
    return { state, save: () => Promise.resolve() };
  }
  const memory = new Memory();
  await loadState(keep.state, memory);
  return { state: memory.state, save: () => saveState(keep.state, memory) };
}
