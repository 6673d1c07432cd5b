import { onTerminal } from './terminal.ts';
import { readVolumeOptions, report, talkersIn, volumeHelp } from './volumes.ts';

await onTerminal('volume', async () => {
  const options = readVolumeOptions(process.argv.slice(2), Date.now());
  if (options === 'help') {
    console.log(volumeHelp);
    return 0;
  }
  for (const line of report(await talkersIn(options), options)) console.log(line);
  return 0;
});
