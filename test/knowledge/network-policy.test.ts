import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOpenings, policyReach } from '../../shared/knowledge/network-policy.ts';

const words = (spec: Record<string, unknown>, previous?: Record<string, unknown>): string[] =>
  newOpenings(spec, previous).map((opening) => opening.words);

describe('network policies', () => {
  it.each([
    [{ podSelector: {}, ingress: [{}] }, ['opens ingress from everywhere']],
    [{ podSelector: {}, ingress: [{ from: [] }] }, ['opens ingress from everywhere']],
    [{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }, ['opens ingress from 0.0.0.0/0']],
    [{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '::/0' } }] }] }, ['opens egress to ::/0']],
    [{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }, ['opens ingress from every namespace']],
    [{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {}, podSelector: {} }] }] }, ['opens ingress from every namespace']],
    [{ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] }, ['opens ingress from everywhere on port 80-90']],
    [
      { podSelector: {}, ingress: [null, { from: [null, { ipBlock: null }] }, {}] },
      ['opens ingress from everywhere', 'opens ingress from everywhere'],
    ],
  ])('%j opens', (spec, expected) => {
    expect(words(spec)).toEqual(expected);
  });

  it.each([
    { podSelector: {} },
    { podSelector: {}, ingress: [] },
    { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'a' } } }] }] },
    { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    { podSelector: {}, policyTypes: ['Ingress'], egress: [{}] },
    { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] },
  ])('%j opens nothing', (spec) => {
    expect(words(spec)).toEqual([]);
  });

  it('say what an older version closed', () => {
    const deny = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
    expect(words({ podSelector: {}, policyTypes: ['Ingress'] }, deny)).toEqual(['no longer restricts egress']);
    expect(
      words({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] }, policyTypes: ['Ingress', 'Egress'] }, deny),
    ).toEqual(['no longer covers all pods of the namespace']);
    expect(policyReach(deny)).toEqual({ wide: true, isolates: ['Ingress', 'Egress'], openings: [] });
  });

  it('open nothing against themselves, whatever they hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('podSelector', 'policyTypes', 'ingress', 'egress'), fc.jsonValue()), (spec) => {
        expect(newOpenings(spec, spec)).toEqual([]);
      }),
    );
  });
});
