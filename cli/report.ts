import { readReportOptions, reportHelp, runReport } from './reporting.ts';
import { onTerminal } from './terminal.ts';

await onTerminal('report', async () => {
  const options = readReportOptions(process.argv.slice(2), process.env);
  if (options === 'help') console.log(reportHelp);
  else console.log(await runReport(options));
  return 0;
});
