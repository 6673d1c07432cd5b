import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyOf } from '../../../shared/knowledge/network-policy/policy.ts';
import { newWays } from '../../../shared/knowledge/network-policy/ways.ts';
import { policies } from './worlds.ts';

const ways = (before: unknown, now: unknown): string[] =>
  newWays(policyOf('shop', 'web', now), policyOf('shop', 'web', before)).map(({ words }) => words);
const web = { matchLabels: { app: 'web' } };
const ingress = (...rules: unknown[]): unknown => ({ podSelector: web, policyTypes: ['Ingress'], ingress: rules });

describe('the ways that a policy opens', () => {
  it.each([
    [
      ingress(),
      ingress({ from: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ port: 80 }] }),
      ['lets pods app=api of its namespace reach pods app=web on TCP port 80'],
    ],
    [
      ingress(),
      ingress({
        from: [{ namespaceSelector: { matchLabels: { team: 'b' } } }, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
      }),
      [
        'lets all pods of namespaces team=b reach pods app=web on every port',
        'lets 10.0.0.0/8 except 10.1.0.0/16 reach pods app=web on every port',
      ],
    ],
    [
      ingress({ ports: [{ port: 80 }] }),
      ingress({
        ports: [
          { port: 80, endPort: 90 },
          { port: 'metrics', protocol: 'UDP' },
        ],
      }),
      ['lets everybody reach pods app=web on TCP port 80-90', 'lets everybody reach pods app=web on UDP port metrics'],
    ],
    [
      ingress(),
      { ...(ingress() as object), podSelector: { matchLabels: { app: 'web', tier: 'a' } } },
      ['no longer covers pods app=web but pods app=web, tier=a'],
    ],
    [
      { podSelector: {}, policyTypes: ['Egress'], egress: [] },
      { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }, { to: [{ podSelector: web }] }] },
      ['lets all pods reach pods app=web of its namespace on every port'],
    ],
  ])('are named: from %j to %j', (before, now, expected) => {
    expect(ways(before, now)).toEqual(expected);
  });

  it.each([
    ['a peer out of an open door', ingress({}), ingress({ from: [{ podSelector: web }] })],
    ['fewer ports', ingress({ ports: [{ port: 80, endPort: 90 }] }), ingress({ ports: [{ port: 85 }] })],
    [
      'some pods of some namespaces instead of all',
      ingress({ from: [{ namespaceSelector: {} }] }),
      ingress({ from: [{ namespaceSelector: { matchLabels: { team: 'b' } }, podSelector: web }] }),
    ],
    [
      'a direction that was open',
      ingress(),
      { ...(ingress() as object), policyTypes: ['Ingress', 'Egress'], egress: [{ to: [{ podSelector: web }] }] },
    ],
    ['more pods', { podSelector: web }, { podSelector: {} }],
    ['what cannot be read', ingress(), ingress({ from: 7 }, { ports: [{ port: 'x', endPort: 7 }] }, null)],
  ])('are none for %s', (_, before, now) => {
    expect(ways(before, now)).toEqual([]);
  });

  it('are none between a policy and itself, nor where rules are taken out', () => {
    fc.assert(
      fc.property(policies, (all) => {
        for (const { spec } of all) {
          expect(ways(spec, spec)).toEqual([]);
          const types = { policyTypes: ['Ingress', 'Egress'] };
          expect(
            ways({ ...spec, ...types }, { ...spec, ...types, ingress: spec.ingress?.slice(1), egress: spec.egress?.slice(1) }),
          ).toEqual([]);
        }
      }),
      { seed: 20260310 },
    );
  });
});
