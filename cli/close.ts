import { closeHelp, readCloseOptions, runClose } from './closing.ts';
import { onTerminal } from './terminal.ts';

await onTerminal('close', async () => {
  const options = readCloseOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    console.log(closeHelp);
    return 0;
  }
  for (const line of await runClose(options, Date.now())) console.log(line);
  return 0;
});
