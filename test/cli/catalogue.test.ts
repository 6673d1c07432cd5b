import { describe, expect, it } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { run } from '../support/terminal.ts';

describe('npm run catalogue', () => {
  it('lists every detection below its strategy, and counts them', () => {
    const { code, out } = run('catalogue', []);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    for (const { strategy, detection } of catalogue) {
      const at = lines.findIndex((line) => line.startsWith(`  ${detection.id} `));
      expect(lines[at]).toContain(detection.title);
      expect(lines.slice(0, at).findLast((line) => /^\S/.test(line))).toBe(strategy);
    }
    expect(lines.at(-1)).toMatch(
      new RegExp(`^${String(catalogue.length)} detections in \\d+ strategies for \\d+ of 160 behaviours; by source `),
    );
  });

  it('gives programs the same as JSON, in a fixed form', () => {
    const { code, out } = run('catalogue', ['--json']);
    const entries = JSON.parse(out) as Record<string, unknown>[];
    expect(code).toBe(0);
    expect(entries.map(({ id }) => id)).toEqual(catalogue.map(({ detection }) => detection.id));
    const keys = ['id', 'title', 'strategy', 'shape', 'severity', 'confidence', 'sources', 'attack', 'rows', 'needs'];
    for (const entry of entries) expect(Object.keys(entry)).toEqual(keys);
    expect(entries.find(({ id }) => id === 'network-sweep')).toMatchObject({ sources: ['flow'], needs: ['flow:bytes', 'flow:ports'] });
    expect(entries.find(({ id }) => id === 'exec-then-new-destination')).toMatchObject({ shape: 'sequence', sources: ['audit', 'flow'] });
    expect(entries.filter(({ sources }) => (sources as string[]).length === 0)).toEqual([]);
  });

  it('says in one line what it does not know', () => {
    expect(run('catalogue', ['--jsn'])).toMatchObject({ code: 2, told: ["catalogue: Unknown option '--jsn'"] });
    expect(run('catalogue', ['flow'])).toMatchObject({
      code: 2,
      told: ['catalogue: flow: only options are known here; --help tells them'],
    });
    expect(run('catalogue', ['--help']).out).toMatch(/^Usage: npm run --silent catalogue/);
  });
});
