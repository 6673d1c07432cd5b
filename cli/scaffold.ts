import { randomUUID } from 'node:crypto';

/** Sources that a detection can be begun for. */
export const sources = ['audit', 'api', 'flow', 'authenticator'] as const;
export type Source = (typeof sources)[number];

/** A file to be written, by its path from the repository's root. */
export interface Draft {
  readonly path: string;
  readonly content: string;
}

/** What each kit needs said: what to read, and whom a finding is about. */
const begun: Readonly<Record<Source, { readonly reads: string; readonly judge: string; readonly extension: string }>> = {
  audit: { reads: "{ verbs: ['create'], resources: ['pods'] }", judge: '({ actor }) => ({ entity: actor', extension: 'ndjson' },
  api: { reads: "['eks:TagResource']", judge: '({ actor }) => ({ entity: actor', extension: 'ndjson' },
  flow: { reads: "'accepted'", judge: '({ from }) => ({ entity: from.entity', extension: 'log' },
  authenticator: { reads: "['denied']", judge: '({ actor }) => ({ entity: actor', extension: 'log' },
};

/** The file among the skeletons that holds a record of a source. */
export function skeletonOf(source: Source): string {
  return `${source}.${begun[source].extension}`;
}

/** The detection with its texts left empty: it compiles, says nothing, and the catalogue's tests ask for the rest. */
export function detectionDraft(strategy: string, id: string, source: Source): Draft {
  const { reads, judge } = begun[source];
  const name = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const content = `import { ${source} } from '../../detect/kit.ts';

/** Strategy: ./ADS.md */
export const ${name} = ${source}.detection({
  id: '${id}',
  title: '',
  severity: 'low',
  confidence: 'low',
  attack: [],
  rows: [],
  next: '',
  reads: ${reads},
  when: () => false,
  judge: ${judge}, summary: '' }),
});
`;
  return { path: `shared/detections/${strategy}/${id}.ts`, content };
}

/** A sample to start from in each folder, each with records of its own. */
export function sampleDrafts(strategy: string, id: string, source: Source, record: string): readonly Draft[] {
  const { extension } = begun[source];
  return ['fires/first', 'silent/almost-first', 'silent/second'].map((name) => ({
    path: `events/samples/${strategy}/${id}/${name}.${extension}`,
    // Skeletons number their ids; a request is told apart by what takes their place.
    content: record.replace(/00000000-0000-4000-8000-\d{12}/g, () => randomUUID()),
  }));
}

const generatedTable = '\n<!-- generated: detections -->\n<!-- /generated -->\n';

/** The document of a new strategy: the form, with nothing said yet. */
export function adsDraft(strategy: string): Draft {
  const title = `${strategy.charAt(0).toUpperCase()}${strategy.slice(1).replaceAll('-', ' ')}`;
  const sections = [
    ['Goal'],
    ['Categorization', generatedTable],
    ['Strategy Abstract'],
    ['Technical Context'],
    ['Blind Spots and Assumptions'],
    ['False Positives'],
    ['Validation'],
    ['Priority'],
    ['Response'],
  ].map(([heading = '', body = '']) => `\n## ${heading}\n${body}`);
  return { path: `shared/detections/${strategy}/ADS.md`, content: `# ${title}\n${sections.join('')}` };
}
