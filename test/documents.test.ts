import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const documents = globSync(['*.md', '{docs,events,shared}/**/*.md'], { cwd: root });

/** Targets of a document's links, its examples left out. */
function linksOf(text: string): string[] {
  return [...text.replace(/^```.*?^```/gms, '').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => target ?? []);
}

/** What GitHub makes of a heading. Source: GitHub Docs, "Basic writing and formatting syntax", section links. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(file: string): ReadonlySet<string> {
  return new Set([...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

function isBroken(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, document) : join(root, dirname(document), path);
  return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor));
}

describe('what is written', () => {
  it('is there to be read', () => {
    expect(documents.length).toBeGreaterThan(50);
  });

  it.each(documents)('%s leads to what exists', (document) => {
    const links = linksOf(readFileSync(join(root, document), 'utf8')).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => isBroken(document, link))).toEqual([]);
  });
});
