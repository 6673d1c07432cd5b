import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adsDraft, detectionDraft, sampleDrafts, skeletonOf, type Source, sources } from './scaffold.ts';
import { onTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

const help = `Usage: npm run --silent detection:new -- STRATEGY ID [--source SOURCE]

Begins a detection in the checkout it is run in: its file, its samples, and for a
new strategy its document. It compiles; its texts are left for you to write. No
file that exists is touched.

  STRATEGY         the folder it belongs to, such as secret-access
  ID               two words or more in small letters, joined by hyphens
  --source SOURCE  audit (default), api, flow or authenticator
  --help           this text`;

const detections = 'shared/detections';

await onTerminal('detection:new', () => {
  const { values, positionals } = parsed(process.argv.slice(2), { source: { type: 'string' }, help: { type: 'boolean', short: 'h' } });
  if (values.help === true) {
    console.log(help);
    return Promise.resolve(0);
  }
  const [strategy, id, ...more] = positionals;
  if (strategy === undefined || id === undefined || more.length > 0) throw new UsageError('name a strategy and an id; --help tells more');
  begin(strategy, id, sourceOf(values.source));
  return Promise.resolve(0);
});

function sourceOf(word = 'audit'): Source {
  const source = sources.find((each) => each === word);
  if (source === undefined)
    throw new UsageError(`--source ${word}: a source is ${sources.slice(0, -1).join(', ')} or ${sources.at(-1) ?? ''}`);
  return source;
}

function begin(strategy: string, id: string, source: Source): void {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(strategy)) throw new UsageError(`${strategy}: a strategy is words in small letters, joined by hyphens`);
  if (!/^[a-z]+(?:-[a-z]+)+$/.test(id)) throw new UsageError(`${id}: an id is two words or more in small letters, joined by hyphens`);
  if (!existsSync(detections)) throw new UsageError(`${detections} is missing here; is this the root of a checkout?`);
  // Ids are unique in the catalogue, not only in their strategy.
  const taken = readdirSync(detections).find((other) => existsSync(join(detections, other, `${id}.ts`)));
  if (taken !== undefined) throw new UsageError(`${detections}/${taken}/${id}.ts exists already; nothing was written`);
  const samples = `events/samples/${strategy}/${id}`;
  if (existsSync(samples)) throw new UsageError(`${samples} exists already; nothing was written`);

  const ads = adsDraft(strategy);
  const isNew = !existsSync(ads.path);
  const record = readFileSync(join(import.meta.dirname, '../events/skeletons', skeletonOf(source)), 'utf8');
  const drafts = [detectionDraft(strategy, id, source), ...(isNew ? [ads] : []), ...sampleDrafts(strategy, id, source, record)];
  for (const { path, content } of drafts) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { flag: 'wx' });
    console.log(path);
  }

  console.log(`
Write the detection's texts, what it reads and when it speaks; make every sample a record that tells, and add one that fires.`);
  console.log(
    isNew
      ? `Write all nine sections of ${ads.path}; Validation links the samples.`
      : `Extend ${ads.path}: Strategy Abstract, Blind Spots and Assumptions, False Positives, Validation (with links to the samples), Response.`,
  );
  console.log(`Then run npm run docs. Until all of that is done, the catalogue's tests and those of the samples fail, as they should.`);
}
