import { readSuppressOptions, suppressHelp } from './suppress-options.ts';
import { runSuppress } from './suppressing.ts';
import { onTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

await onTerminal('suppress', async () => {
  const options = readSuppressOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    console.log(suppressHelp);
    return 0;
  }
  const { lines, refused } = await runSuppress(options, Date.now());
  for (const line of lines) console.log(line);
  if (refused !== undefined) throw new UsageError(refused);
  return 0;
});
