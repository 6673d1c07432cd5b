import { type Entry, entriesOf, summaryOf } from '../shared/detect/entries.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { onTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

const help = `Usage: npm run --silent catalogue -- [--json]

Lists every detection by strategy: id, severity, confidence, sources, what it tells, and what it needs.

  --json  the same as a JSON list, with shape, ATT&CK techniques and behaviours
  --help  this text`;

await onTerminal('catalogue', () => {
  const { values, positionals } = parsed(process.argv.slice(2), { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
  if (positionals[0] !== undefined) throw new UsageError(`${positionals[0]}: only options are known here; --help tells them`);
  const entries = entriesOf(catalogue);
  if (values.help === true) console.log(help);
  else if (values.json === true) console.log(`[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`);
  else for (const line of table(entries)) console.log(line);
  return Promise.resolve(0);
});

function* table(entries: readonly Entry[]): Generator<string> {
  const cells = entries.map(cellsOf);
  const widths = cells.reduce<readonly number[]>((widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)), []);
  for (const [at, { strategy }] of entries.entries()) {
    if (strategy !== entries[at - 1]?.strategy) yield `${at === 0 ? '' : '\n'}${strategy}`;
    yield `  ${(cells[at] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  }
  yield `\n${summaryOf(entries)}.`;
}

function cellsOf({ id, severity, confidence, sources, title, needs }: Entry): readonly string[] {
  return [id, severity, confidence, sources.join(', '), needs.length === 0 ? title : `${title} (needs ${needs.join(', ')})`];
}
