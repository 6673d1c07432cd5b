import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { object, parseJson } from '../../shared/model/json.ts';
import { JsonMoulds } from '../../shared/model/json-moulds.ts';

const parsed = (text: string) => object(parseJson(text));

/** Names as the cluster makes them, and some that nobody should take for one. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,3}-[a-z0-9]{1,3}$/),
  fc.constantFrom('12345', 'false', 'u003c', '"a":1,', '~0~', 'kind', '__proto__', 'constructor'),
);
/** A value with names in it: whole texts, parts of texts, names of members, digits of numbers. */
const value = (names: readonly string[]) =>
  fc.letrec<{ tree: unknown }>((tie) => {
    const some = fc.oneof(fc.constantFrom(...names, 'kind'), fc.string());
    const words = fc.array(some, { maxLength: 3 }).map((parts) => parts.join(''));
    return {
      tree: fc.oneof(
        { maxDepth: 3 },
        words,
        fc.constantFrom(1234567, 12345, false, null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.array(fc.tuple(words, tie('tree')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
      ),
    };
  }).tree;

describe('a mould', () => {
  it('shows what the parser shows, whatever stood in its place before', () => {
    const moulds = new JsonMoulds();
    const casts = fc
      .tuple(fc.array(name, { minLength: 2, maxLength: 2 }), fc.array(name, { minLength: 2, maxLength: 2 }))
      .chain(([names, others]) => fc.tuple(fc.constant(names), fc.constant(others), value(names)));
    fc.assert(
      fc.property(casts, ([names, others, tree]) => {
        const text = JSON.stringify({ tree });
        const another = names.reduce((left, one, position) => left.replaceAll(one, others[position] ?? ''), text);
        expect(moulds.parse(text, names, parsed)).toEqual(parsed(text));
        expect(moulds.parse(another, others, parsed)).toEqual(parsed(another));
        expect(moulds.parse(text, names, parsed)).toEqual(parsed(text));
      }),
      { numRuns: Number(process.env['LAW_RUNS'] ?? 1_000), seed: 11 },
    );
  });

  it('parses texts that differ in names once', () => {
    const moulds = new JsonMoulds();
    let times = 0;
    const counting = (text: string) => {
      times += 1;
      return parsed(text);
    };
    const spec = (volume: string) => `{"volumes":[{"name":"${volume}"}],"containers":[{"mounts":["${volume}","data"]}]}`;
    moulds.parse(spec('kube-api-access-aaaaa'), ['kube-api-access-aaaaa'], counting);
    expect(moulds.parse(spec('kube-api-access-bbbbb'), ['kube-api-access-bbbbb'], counting)).toEqual({
      volumes: [{ name: 'kube-api-access-bbbbb' }],
      containers: [{ mounts: ['kube-api-access-bbbbb', 'data'] }],
    });
    expect(times).toBe(1);
  });

  it('refuses what the parser refuses', () => {
    const moulds = new JsonMoulds();
    for (const text of ['', '{', '{"a":12345', '[1]', 'null']) expect(moulds.parse(text, ['12345'], parsed)).toBe(undefined);
  });
});
