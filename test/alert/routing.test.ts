import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wanted } from '../../shared/alert/routing.ts';
import { severities } from '../../shared/contract/channels.ts';
import { hostileAlerts, publishedWith } from '../support/published.ts';

describe('a channel wants', () => {
  it.each(severities)('%s and what is graver', (severity) => {
    const told = severities.filter((each) => wanted(publishedWith({ severity: each }), { severity }));
    expect(told).toEqual(severities.slice(severities.indexOf(severity)));
  });

  it.each([
    ['harbour', ['harbour'], true],
    ['harbour', ['harb'], false],
    ['harbour', ['harb*'], true],
    ['harbour', ['*our'], true],
    ['harbour', ['h*b*r'], true],
    ['harbour', ['h*x*r'], false],
    ['ab', ['ab*b'], false],
    ['aab', ['a*ab'], true],
    ['harbour', ['quay', '*'], true],
    ['', ['quay'], true],
    ['unknown', ['quay'], true],
  ])('an alert of cluster "%s" where it asks for %j: %s', (cluster, clusters, expected) => {
    expect(wanted(publishedWith({ cluster }), { clusters })).toBe(expected);
  });

  it('an alert with one of the tactics it asks for, and one that has none', () => {
    expect(wanted(publishedWith({ attack: ['T1610'] }), { tactics: ['execution', 'discovery'] })).toBe(true);
    expect(wanted(publishedWith({ attack: ['T1610'] }), { tactics: ['discovery'] })).toBe(false);
    expect(wanted(publishedWith({ attack: [] }), { tactics: ['discovery'] })).toBe(true);
  });

  it('what a regular expression of the same meaning does, for any glob and name', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(text, glob, (cluster, pattern) => {
        const expected = cluster === '' || new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(cluster);
        expect(wanted(publishedWith({ cluster }), { clusters: [pattern] })).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('everything where it asks for nothing, whatever it is', () => {
    fc.assert(fc.property(hostileAlerts, (alert) => wanted(alert, {})));
  });
});
