import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, sh } from '../../../shared/alert/response/shell.ts';
import { responseTo } from '../../../shared/alert/response/response.ts';
import { alertWith, findingWith } from '../../support/alerts.ts';
import { wordsOf } from '../../support/shell-words.ts';

/** What a real shell makes of words: each on its own, with a separator that no argument can hold. */
function asRead(words: string): string[] {
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words}`], { encoding: 'utf8' });
  return read.split('\0').slice(0, -1);
}

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom("'", '"', '`', '$', '(', ')', '\\', ';', '|', '&', '>', '<', ' ', '#', '!', '*', '~', '-', '=', 'a') }),
);

describe('a value in a command is one word of the shell, whatever it holds', () => {
  it('and a shell reads exactly the value', () => {
    const values = fc.sample(hostile, { numRuns: 3_000, seed: 6 }).filter((value) => quoted(value) !== undefined);
    expect(values.length).toBeGreaterThan(1_000);
    expect(asRead(values.map((value) => quoted(value)).join(' '))).toEqual(values);
    expect(values.flatMap((value) => wordsOf(quoted(value) ?? ''))).toEqual(values);
  });

  it('and nothing that a terminal obeys is quoted at all', () => {
    for (const value of ['a\nb', 'a\u001b[2Jb', '\u0000', '\u202e', '\u2028', '\ud800', '\u200b']) expect(quoted(value)).toBeUndefined();
    expect(sh`kubectl get pod ${'a\nb'}`).toBe('kubectl get pod VALUE  # look up VALUE');
  });

  it('what nobody knows stands in capitals and is named behind', () => {
    expect(sh`kubectl cordon ${{ lookUp: 'NODE' }}`).toBe('kubectl cordon NODE  # look up NODE');
  });
});

/** Anything at all in every field that a log line fills. */
const who = fc.record(
  {
    kind: fc.constantFrom('iam', 'service-account', 'node', 'anonymous', 'workload', 'address', 'certificate'),
    name: hostile,
    principal: fc.oneof(
      hostile,
      hostile.map((name) => `arn:aws:iam::111122223333:role/${name}`),
    ),
    session: hostile,
    accessKey: hostile,
    serviceAccount: fc.oneof(
      hostile,
      fc.tuple(hostile, hostile).map((both) => both.join('/')),
    ),
    pod: hostile,
    address: hostile,
    as: hostile,
  },
  { requiredKeys: ['kind', 'name'] },
);
const where = fc.record(
  {
    namespace: hostile,
    workload: hostile.map((name) => `shop/deployment/${name}`),
    pod: hostile,
    node: hostile,
    object: hostile.map((name) => `secrets/${name}`),
  },
  { requiredKeys: [] },
);
const strategy = fc.constantFrom(
  'exec-in-container',
  'stolen-credentials',
  'role-bindings',
  'host-access',
  'unusual-traffic',
  'blinding',
  'iam-mapping',
);

describe('no name in a log becomes part of a command', () => {
  it('except where it is what such names are', () => {
    fc.assert(
      fc.property(who, where, strategy, hostile, hostile, (somebody, place, of, cluster, eventId) => {
        const speaker = findingWith({
          who: somebody,
          where: place,
          strategy: of,
          cluster,
          evidence: [{ time: 0, eventId, note: '' }],
          source: 'audit',
        });
        const { steps, links } = responseTo(alertWith({ speaker }));
        for (const command of steps.flatMap(({ commands }) => commands ?? [])) {
          expect(command).toMatch(/^[ -~]+$/);
          expect(command).not.toMatch(/kubectl exec|kubectl cp|kubectl attach/);
          // Our own words decide what runs: no word outside quotes holds anything that a shell obeys.
          const bare = command
            .replace(/ {2}# look up [A-Z, -]+$/, '')
            .replaceAll(ours, '')
            .replace(/'[^']*'/g, '')
            .replaceAll("\\'", '');
          expect(bare).toMatch(/^[\w\s./:@%+,=|-]*$/);
        }
        for (const { url } of links) expect(url).toMatch(/^https:\/\/[!-~]+$/);
      }),
      { numRuns: 300 },
    );
  });

  it('and what is refused is looked up by a person', () => {
    const speaker = findingWith({ strategy: 'exec-in-container', where: { namespace: 'shop', pod: "x'; rm -rf ~ #" } });
    const commands = responseTo(alertWith({ speaker })).steps.flatMap((step) => step.commands ?? []);
    expect(commands.join('\n')).not.toContain('rm -rf');
  });
});

/** Substitutions that are ours, word for word. */
const ours = /"\$\((?:date -u \+%Y-%m-%dT%H:%M:%SZ|kubectl get pod [a-z0-9.-]+ -n [a-z0-9.-]+ -o jsonpath='\{\.spec\.nodeName\}')\)"/g;
