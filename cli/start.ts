import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readOptions } from './options.ts';
import { pageOf, remarks, results } from './printing.ts';
import { Replay } from './replaying.ts';
import { writeReplayReport } from './reporting.ts';
import { onTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

const cluster = 'harbour';
const logs = ['audit.ndjson.gz', 'flow.log.gz', 'api.ndjson'];

await onTerminal('start', async () => {
  const { values, positionals } = parsed(process.argv.slice(2), { report: { type: 'string' }, full: { type: 'boolean' } });
  // A day in a small cluster with an intrusion in it, and the quiet weeks before.
  const scenario = positionals[0] ?? join(import.meta.dirname, '../events/scenarios/intrusion');
  const files = logs.map((name) => join(scenario, name)).filter((path) => existsSync(path));
  if (files.length === 0) throw new UsageError(`${scenario}: the scenario is missing; is this a complete checkout?`);
  const history = join(scenario, 'history');
  const options = readOptions(['--cluster', cluster, ...(existsSync(history) ? ['--learn', history] : []), ...files]);
  if (options === 'help') return 0;

  const outcome = await new Replay(options).run(process.stderr);
  for (const line of results(outcome, {
    json: false,
    findings: false,
    page: { ...pageOf(process.stdout, process.env), full: values.full === true },
  }))
    console.log(line);
  for (const line of remarks(outcome, true)) console.error(line);
  if (values.report !== undefined) console.error(writeReplayReport(values.report, outcome, true));
  console.log(
    `This was ${relative(process.cwd(), scenario) || scenario}: a day in a small cluster with an intrusion hidden in it, replayed after learning the days before.`,
  );
  console.log(
    'Every alert whole, with its commands, links, and what no log tells: npm start -- --full. Commands are yours to run; nothing runs them.',
  );
  console.log('Your own logs: npm run --silent replay -- --learn HISTORY FILE…   (npm run --silent replay -- --help tells what it reads)');
  return 0;
});
