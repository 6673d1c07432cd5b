import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { stack, Synthesis } from './synthesis.ts';

/** Everything that a configuration can ask for. */
const everything = {
  enrolment: { all: true },
  highVolume: true,
  spokes: ['444455556666'],
  signals: [{ cluster: 'production', logGroup: '/nodes/falco', from: 'falco' }],
  networks: { lists: { threat: 's3://example-feeds/threat.txt' } },
} as const;

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| [^|]+ \| `(AWS::[\w:]+)` \| (kept|deleted)[^|]* \| (kept|deleted)[^|]* \|/gm)];

/** What becomes of resources of each type: of those that the stack is deleted with, and of those that an update replaces. */
function fates(removal: 'retain' | 'destroy'): ReadonlyMap<string, ReadonlySet<string>> {
  const { resources } = new Synthesis(stack({ ...everything, removal }));
  const word = (policy = 'Delete') => ({ Retain: 'kept', Delete: 'deleted' })[policy] ?? policy;
  const found = new Map<string, Set<string>>();
  for (const { Type, DeletionPolicy, UpdateReplacePolicy } of resources)
    for (const fate of [word(DeletionPolicy), word(UpdateReplacePolicy)]) found.set(Type, (found.get(Type) ?? new Set()).add(fate));
  return found;
}

describe.each([
  ['retain', 2],
  ['destroy', 3],
] as const)('docs/operations.md, with removal: %s', (removal, column) => {
  const told = new Map(rows.map((row) => [row[1] ?? '', row[column] ?? '']));

  it('says of each type of resource what becomes of it, and everything else goes', () => {
    const found = fates(removal);
    expect(found.size).toBeGreaterThan(20);
    expect([...told.keys()].filter((type) => !found.has(type))).toEqual([]);
    for (const [type, fate] of found) expect([type, ...fate]).toEqual([type, told.get(type) ?? 'deleted']);
  });
});
