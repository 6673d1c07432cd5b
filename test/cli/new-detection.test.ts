import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { readOptions, type ReplayOptions } from '../../cli/options.ts';
import { Replay } from '../../cli/replaying.ts';
import { sources } from '../../cli/scaffold.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { unlikeEksIn } from '../policy/lines.ts';
import { quietScreen } from '../support/samples.ts';
import { Desk, run } from '../support/terminal.ts';
import { root } from '../support/transports.ts';

/** A checkout with no detections yet: what detections import is the product's own. */
let desk: Desk;
beforeEach(() => {
  desk = new Desk();
  mkdirSync(desk.path('shared/detections'), { recursive: true });
  const shared = readdirSync(join(root, 'shared')).map((name) => `shared/${name}`);
  for (const path of ['package.json', 'node_modules', ...shared]) {
    if (path !== 'shared/detections') symlinkSync(join(root, path), desk.path(path));
  }
});
afterEach(() => {
  desk[Symbol.dispose]();
});

const begin = (...words: readonly string[]) => run('new-detection', words, desk.directory);
const files = (): string[] =>
  ['shared/detections', 'events']
    .filter((folder) => existsSync(desk.path(folder)))
    .flatMap((folder) => readdirSync(desk.path(folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(desk.directory.length + 1))
    .sort();
const samplesOf = (): string[] =>
  files()
    .filter((path) => path.startsWith('events/'))
    .map((path) => desk.path(path));

function complaintsOfCompiler(paths: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, desk.directory);
  const program = ts.createProgram({ rootNames: paths.map((path) => desk.path(path)), options });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('npm run detection:new', () => {
  it('begins a strategy with a detection, its document in the nine parts, and samples', () => {
    const { code, out } = begin('odd-deeds', 'odd-deed-done');
    expect(code).toBe(0);
    expect(files()).toEqual([
      'events/samples/odd-deeds/odd-deed-done/fires/first.ndjson',
      'events/samples/odd-deeds/odd-deed-done/silent/almost-first.ndjson',
      'events/samples/odd-deeds/odd-deed-done/silent/second.ndjson',
      'shared/detections/odd-deeds/ADS.md',
      'shared/detections/odd-deeds/odd-deed-done.ts',
    ]);
    for (const path of files()) expect(out).toContain(`${path}\n`);
    expect(out).toContain('Until all of that is done, the catalogue');
    const headings = (path: string) => [...readFileSync(path, 'utf8').matchAll(/^## .*$/gm)].map(String);
    const shipped = headings(join(root, 'shared/detections/external-signals/ADS.md'));
    expect(headings(desk.path('shared/detections/odd-deeds/ADS.md'))).toEqual(shipped);
  });

  it('begins detections that compile, for every source', () => {
    for (const source of sources) begin('odd-deeds', `odd-${source}`, '--source', source);
    const detections = files().filter((path) => path.endsWith('.ts'));
    expect(detections).toHaveLength(sources.length);
    expect(complaintsOfCompiler(detections)).toEqual([]);
  });

  test.each(sources)('begins samples of %s that reach their detection, each a record of its own', async (source) => {
    begin('odd-deeds', 'odd-deed-done', '--source', source);
    const { oddDeedDone } = (await import(desk.path('shared/detections/odd-deeds/odd-deed-done.ts'))) as { oddDeedDone: Detection };
    const samples = samplesOf();
    expect(samples).toHaveLength(3);
    for (const sample of samples) {
      const options = readOptions(['--cluster', 'harbour', sample]) as ReplayOptions;
      const { tally, alerts } = await new Replay(options, [{ strategy: 'odd-deeds', detection: oddDeedDone }]).run(quietScreen);
      expect([tally.lines, tally.judged, alerts]).toEqual([1, 1, []]);
      expect(unlikeEksIn(sample)).toEqual({ events: source === 'audit' ? 1 : 0, breaches: [] });
    }
    const contents = samples.map((sample) => readFileSync(sample, 'utf8'));
    expect(new Set(contents).size).toBe(source === 'audit' || source === 'api' ? 3 : 1);
    expect(contents.join('')).not.toContain('00000000-0000-4000');
  });

  it('leaves the document of a strategy that exists, and names the parts to extend', () => {
    desk.put('shared/detections/odd-deeds/ADS.md', '# Mine\n');
    const { code, out } = begin('odd-deeds', 'odd-deed-done');
    expect(code).toBe(0);
    expect(readFileSync(desk.path('shared/detections/odd-deeds/ADS.md'), 'utf8')).toBe('# Mine\n');
    expect(out).toContain('Extend shared/detections/odd-deeds/ADS.md: Strategy Abstract');
  });

  test.each([
    ['a detection of that name', 'shared/detections/odd-deeds/odd-deed-done.ts'],
    ['one in another strategy', 'shared/detections/even-deeds/odd-deed-done.ts'],
    ['samples', 'events/samples/odd-deeds/odd-deed-done/fires/mine.ndjson'],
  ])('writes nothing where there is %s', (_, path) => {
    desk.put(path, 'mine');
    const { code, told } = begin('odd-deeds', 'odd-deed-done');
    expect(code).toBe(2);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^detection:new: \S+ exists already; nothing was written$/);
    expect(files()).toEqual([path]);
  });

  test.each([
    [['odd-deeds'], 'name a strategy and an id; --help tells more'],
    [['odd-deeds', 'odd-deed', 'more'], 'name a strategy and an id; --help tells more'],
    [['odd-deeds', 'odd'], 'odd: an id is two words or more in small letters, joined by hyphens'],
    [['odd-deeds', 'Odd-Deed'], 'Odd-Deed: an id is two words or more in small letters, joined by hyphens'],
    [['odd-deeds', '../odd-deed'], '../odd-deed: an id is two words or more in small letters, joined by hyphens'],
    [['../odd', 'odd-deed'], '../odd: a strategy is words in small letters, joined by hyphens'],
    [['odd-deeds', 'odd-deed', '--source', 'dns'], '--source dns: a source is audit, api, flow or authenticator'],
    [['odd-deeds', 'odd-deed', '--srce'], "Unknown option '--srce'"],
  ])('refuses %j in one line', (words, line) => {
    expect(begin(...words)).toMatchObject({ code: 2, out: '', told: [`detection:new: ${line}`] });
    expect(files()).toEqual([]);
  });

  it('says so outside a checkout', () => {
    using elsewhere = new Desk();
    const { code, told } = run('new-detection', ['odd-deeds', 'odd-deed'], elsewhere.directory);
    expect([code, told]).toEqual([2, ['detection:new: shared/detections is missing here; is this the root of a checkout?']]);
  });
});
