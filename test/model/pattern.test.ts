import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeness, exactly, matches, matchesAll } from '../../shared/model/pattern.ts';

/** Text in which what is special to patterns is common. */
const odd = fc.array(fc.constantFrom('a', 'b', '*', '\\', '/', ':', '\n', '.', '🚢'), { maxLength: 12 }).map((some) => some.join(''));

describe('a pattern', () => {
  it('made of a text matches that text and no other, whatever is in it', () => {
    fc.assert(
      fc.property(odd, odd, (text, other) => {
        expect(matches(exactly(text), text)).toBe(true);
        expect(matches(exactly(text), other)).toBe(text === other);
      }),
      { seed: 1 },
    );
  });

  it('of literals and stars matches what an expression of them does', () => {
    const parts = fc.array(odd, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.array(odd, { maxLength: 4 }), odd, (literals, fill, other) => {
        const pattern = literals.map(exactly).join('*');
        const expression = new RegExp(`^${literals.map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('[^]*')}$`);
        const filled = literals.map((literal, at) => literal + (at === literals.length - 1 ? '' : (fill[at] ?? ''))).join('');
        expect(matches(pattern, filled)).toBe(true);
        expect(matches(pattern, other)).toBe(expression.test(other));
      }),
      { seed: 2 },
    );
  });

  it('takes time in proportion to the text', () => {
    const text = 'a'.repeat(100_000);
    expect(matches(`${'a*'.repeat(50)}b`, text)).toBe(false);
    expect(matches(`*${'a*'.repeat(50)}`, text)).toBe(true);
  });

  it('is not widened by a star in an id', () => {
    expect(matches('ci/*', '*')).toBe(false);
    expect(matches(exactly('*'), 'anybody')).toBe(false);
    expect(matches('\\*', '*')).toBe(true);
    expect(matches('a\\b', 'a\\b')).toBe(true);
  });

  it('tells whether it matches everything, and how closely it describes', () => {
    expect(['*', '**', '', '\\*', 'a*'].map(matchesAll)).toEqual([true, true, false, false, false]);
    expect(['*', 'a*', 'ab\\*'].map(closeness)).toEqual([0, 1, 3]);
  });
});
