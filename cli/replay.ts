import { help, readOptions } from './options.ts';
import { foundAtLeast, pageOf, remarks, results } from './printing.ts';
import { Replay } from './replaying.ts';
import { writeReplayReport } from './reporting.ts';
import { onTerminal } from './terminal.ts';

await onTerminal('replay', async () => {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const outcome = await new Replay(options).run(process.stderr);
  for (const line of results(outcome, { ...options, page: { ...pageOf(process.stdout, process.env), full: options.full } }))
    console.log(line);
  for (const line of remarks(outcome, options.cluster !== undefined)) console.error(line);
  if (options.report !== undefined) console.error(writeReplayReport(options.report, outcome, options.cluster !== undefined));
  return options.failOn !== undefined && foundAtLeast(outcome, options.failOn) ? 3 : 0;
});
