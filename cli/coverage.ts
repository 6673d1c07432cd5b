import { coverageHelp, readCoverageOptions, runCoverage } from './covering.ts';
import { onTerminal } from './terminal.ts';

await onTerminal('coverage', async () => {
  const options = readCoverageOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(coverageHelp);
    return 0;
  }
  const { lines, blind } = await runCoverage(options, Date.now());
  for (const line of lines) console.log(line);
  return blind && options.failOnBlind ? 3 : 0;
});
