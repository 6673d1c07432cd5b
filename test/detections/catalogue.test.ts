import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type Detection, floorOf, namedIn } from '../../shared/detect/kit.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { techniques } from '../../shared/knowledge/attack.ts';
import { isSeverity } from '../../shared/model/finding.ts';
import { day } from '../../shared/model/time.ts';
import { longestDetectionId } from '../../shared/triage/incidents/sightings.ts';

/** What a detection says of itself, and what its strategy's document says of it. `npm run check:docs` holds the generated parts. */

const root = join(import.meta.dirname, '../..');
const home = join(root, 'shared/detections');
const detections: readonly Detection[] = catalogue.map(({ detection }) => detection);
const strategies = readdirSync(home).sort();

/** The client's form of an Alerting & Detection Strategy. */
const headings = [
  'Goal',
  'Categorization',
  'Strategy Abstract',
  'Technical Context',
  'Blind Spots and Assumptions',
  'False Positives',
  'Validation',
  'Priority',
  'Response',
];

/** Less than a sentence about something. */
const trivial = 60;

/** First words of an order. A new one belongs here; "The", "This" and "You" do not. */
const orders = new Set(
  ['Ask', 'Check', 'Compare', 'Delete', 'Deploy', 'Find', 'Isolate', 'List', 'Look', 'Open', 'Read'].concat([
    'Reconstruct',
    'Restore',
    'Revoke',
    'Search',
    'See',
    'Switch',
    'Treat',
  ]),
);

it('gives every detection an id of its own', () => {
  const ids = detections.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

it('names the techniques of ATT&CK that some detection observes, and no others', () => {
  const named = new Set(detections.flatMap(({ attack }) => attack));
  expect([...named].filter((technique) => techniques[technique] === undefined)).toEqual([]);
  expect(Object.keys(techniques).filter((technique) => !named.has(technique))).toEqual([]);
});

describe.each(catalogue)('$detection.id', ({ strategy, detection }) => {
  it('stands in a file of its name', () => {
    expect(existsSync(join(home, strategy, `${detection.id}.ts`))).toBe(true);
    expect(detection.id).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
  });

  it('has a title', () => {
    expect(detection.title).toMatch(/^[A-Z].*[^.\s]$/);
  });

  it('is rated in the words there are', () => {
    expect(isSeverity(detection.severity)).toBe(true);
    expect(['low', 'medium', 'high']).toContain(detection.confidence);
  });

  it('names what it observes: techniques and behaviours, each once', () => {
    for (const names of [detection.attack, detection.rows]) {
      expect(names).not.toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    }
    for (const row of detection.rows) expect(row).toMatch(/^D\d{3}$/);
  });

  it('tells the person who is woken what to do, in one sentence', () => {
    const words = detection.next.replace(/`[^`]*`/g, 'command');
    expect(orders).toContain(words.split(' ')[0]);
    expect(words).toMatch(/^[^.!?]*\.$/);
  });
});

it('has ids that sightings have room for', () => {
  expect(detections.map(({ id }) => id).filter(({ length }) => length > longestDetectionId)).toEqual([]);
});

describe.each(detections.filter((detection) => detection.shape === 'sequence'))('$id', ({ steps, within, tactics }) => {
  it('is made of detections that exist', () => {
    const ids = new Set(detections.filter(({ shape }) => shape !== 'sequence').map(({ id }) => id));
    expect(steps.flatMap(namedIn).filter((id) => !ids.has(id))).toEqual([]);
    expect(tactics ?? steps.length).toBeGreaterThan(1);
    expect(steps.every((step) => namedIn(step).length > 0 || floorOf(step) !== undefined)).toBe(true);
    expect(within).toBeGreaterThan(0);
    expect(within).toBeLessThanOrEqual(day);
  });
});

describe.each(strategies)('%s/ADS.md', (strategy) => {
  const document = readFileSync(join(home, strategy, 'ADS.md'), 'utf8');
  // A line of a shell script may begin with # like a heading.
  const prose = document.replace(/^ *```[\s\S]*?^ *```$/gm, '');
  const sections = new Map(
    document
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.split('\n', 1)[0] ?? '', section.slice(section.indexOf('\n'))] as const),
  );
  const linked = (text: string): string[] =>
    [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].flatMap(([, target = '']) =>
      target.includes('://') ? [] : [join('shared/detections', strategy, target)],
    );

  it('has one title and the nine headings of the form, in its order', () => {
    expect(document).toMatch(/^# \S/);
    expect(prose.match(/^# /gm)).toHaveLength(1);
    expect([...prose.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(headings);
  });

  test.each(headings)('says something under %s', (heading) => {
    const own = sections.get(heading)?.replace(/<!-- generated[\s\S]*<!-- \/generated -->/, '') ?? '';
    expect(own.trim().length).toBeGreaterThanOrEqual(trivial);
  });

  it('links to what exists', () => {
    expect(linked(document).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('validates every detection by samples that fire, as links that can be followed', () => {
    const validation = sections.get('Validation') ?? '';
    const samples = linked(validation).filter((path) => path.startsWith('events/samples/'));
    const own = catalogue.filter((registered) => registered.strategy === strategy).map(({ detection }) => detection.id);
    const validated = own.filter((id) => {
      const folder = `events/samples/${strategy}/${id}`;
      return samples.some((path) => path === folder || path.startsWith(`${folder}/fires/`));
    });
    expect(validated).toEqual(own);
    expect(own).not.toEqual([]);
    expect(validation).not.toMatch(/`[^`\n]*\.(?:ndjson|log)`/);
  });
});
