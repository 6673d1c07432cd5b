import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Direction, type Policy, policyOf, unseenPolicy } from '../../../shared/knowledge/network-policy/policy.ts';
import type { Labels } from '../../../shared/knowledge/network-policy/selector.ts';
import { type End, judgeSide, type PodTraits, type Verdict } from '../../../shared/knowledge/network-policy/verdict.ts';
import { openConnections, type World, type WorldPod, type WorldPolicy, worldPorts, worldProtocols } from './brute-force.ts';
import { policies, rule, world } from './worlds.ts';

const seed = { seed: 20260310 };
const directions = ['ingress', 'egress'] as const;

/** What is hidden from the judge, by position; nothing by default. */
type Hide = (what: string) => boolean;
const showAll: Hide = () => false;

const labelsOf = (labels: Readonly<Record<string, string>>, hide: Hide, what: string): Labels => {
  const shown = Object.entries(labels).filter(([key]) => !hide(`${what} ${key}`));
  return { known: new Map(shown), complete: shown.length === Object.keys(labels).length && !hide(`${what} rest`) };
};

const traitsOf = ({ namespaces }: World, pod: WorldPod, hide: Hide): PodTraits => ({
  namespace: pod.namespace,
  namespaceLabels: labelsOf(namespaces[pod.namespace] ?? {}, hide, pod.namespace),
  labels: labelsOf(pod.labels, hide, pod.name),
});

/** Every judgement of a world, with what enumeration says of it. */
function* judgements(
  some: World,
  declared: readonly WorldPolicy[],
  hide: Hide = showAll,
  read: readonly Policy[] = declared.map(({ namespace, name, spec }) => policyOf(namespace, name, spec)),
): Iterable<{ readonly edge: string; readonly verdict: Verdict; readonly open: boolean }> {
  const ends: End[] = [
    ...some.pods.map((pod): End => ({ address: pod.address, pod: hide(`${pod.name} at all`) ? 'unknown' : traitsOf(some, pod, hide) })),
    ...some.strangers.map((address): End => ({ address, pod: hide(`${address} at all`) ? 'unknown' : 'none' })),
  ];
  for (const direction of directions) {
    const open = openConnections(some, declared, direction);
    for (const pod of some.pods)
      for (const peer of ends)
        for (const protocol of worldProtocols)
          for (const port of worldPorts) {
            const [from, to] = direction === 'ingress' ? [peer.address, pod.address] : [pod.address, peer.address];
            const edge = `${from} > ${to} ${protocol}/${String(port)}`;
            const verdict = judgeSide(direction, read, traitsOf(some, pod, hide), peer, { protocol, port });
            yield { edge: `${direction} ${edge}`, verdict, open: open.has(edge) };
          }
  }
}

const hiding = fc.func(fc.boolean()) as fc.Arbitrary<Hide>;

describe('a verdict on a connection', () => {
  it('is what enumerating all connections says, where everything is known', () => {
    fc.assert(
      fc.property(world, policies, (some, declared) => {
        for (const { edge, verdict, open } of judgements(some, declared))
          expect(`${edge} ${verdict.answer}`).toBe(`${edge} ${open ? 'allowed' : 'forbidden'}`);
      }),
      { ...seed, numRuns: 150 },
    );
  });

  it('is never wrong where labels, pods or policies are unknown', () => {
    let certain = 0;
    fc.assert(
      fc.property(world, policies, hiding, (some, declared, hide) => {
        const read = declared.map(({ namespace, name, spec }) =>
          hide(`${name} at all`) ? unseenPolicy(namespace, name) : policyOf(namespace, name, spec),
        );
        for (const { edge, verdict, open } of judgements(some, declared, hide, read)) {
          if (verdict.answer === 'unknown') continue;
          if (verdict.answer === 'forbidden') certain += 1;
          expect(`${edge} ${verdict.answer}`).toBe(`${edge} ${open ? 'allowed' : 'forbidden'}`);
        }
      }),
      { ...seed, numRuns: 150 },
    );
    expect(certain).toBeGreaterThan(1_000);
  });

  it('never forbids for certain in a namespace that may have policies nobody saw', () => {
    fc.assert(
      fc.property(world, policies, (some, declared) => {
        const read = [
          ...declared.map(({ namespace, name, spec }) => policyOf(namespace, name, spec)),
          unseenPolicy('red'),
          unseenPolicy('blue'),
        ];
        for (const { verdict } of judgements(some, declared, showAll, read)) expect(verdict.answer).not.toBe('forbidden');
      }),
      { ...seed, numRuns: 50 },
    );
  });

  it('does not turn on the order of policies, nor on one that selects nothing', () => {
    const nobody = {
      matchExpressions: [
        { key: 'app', operator: 'Exists' },
        { key: 'app', operator: 'DoesNotExist' },
      ],
    };
    fc.assert(
      fc.property(world, policies, (some, declared) => {
        const read = declared.map(({ namespace, name, spec }) => policyOf(namespace, name, spec));
        const told = [...judgements(some, declared, showAll, read)];
        expect([...judgements(some, declared, showAll, [...read].reverse())]).toEqual(told);
        const idle = ['red', 'blue'].map((namespace) =>
          policyOf(namespace, 'idle', { podSelector: nobody, policyTypes: ['Ingress', 'Egress'] }),
        );
        expect([...judgements(some, declared, showAll, [...idle, ...read])]).toEqual(told);
      }),
      { ...seed, numRuns: 50 },
    );
  });

  it('forbids no more where a policy gets another rule', () => {
    const more = fc.record({ ingress: rule('from'), egress: rule('to') });
    fc.assert(
      fc.property(world, policies, more, (some, declared, { ingress, egress }) => {
        // Types that are not named follow from the rules: here they are to stay.
        const fixed = declared.map((one) => ({ ...one, spec: { policyTypes: ['Ingress', 'Egress'], ...one.spec } }));
        const wider = fixed.map((one) => ({
          ...one,
          spec: { ...one.spec, ingress: [...(one.spec.ingress ?? []), ingress], egress: [...(one.spec.egress ?? []), egress] },
        }));
        const before = [...judgements(some, fixed)];
        [...judgements(some, wider)].forEach(({ verdict }, position) => {
          if (verdict.answer === 'forbidden') expect(before[position]?.verdict.answer).toBe('forbidden');
        });
      }),
      { ...seed, numRuns: 50 },
    );
  });
});

describe('a policy that cannot be read', () => {
  const labels: Labels = { known: new Map([['app', 'db']]), complete: true };
  const pod: PodTraits = { namespace: 'shop', namespaceLabels: { known: new Map(), complete: true }, labels };
  const judge = (spec: unknown, peer: End, direction: Direction = 'ingress') =>
    judgeSide(direction, [policyOf('shop', 'one', spec)], pod, peer, { protocol: 'TCP', port: 5432 }).answer;
  const stranger: End = { address: '198.51.100.7', pod: 'none' };

  it.each([
    ['no spec', null],
    ['a spec that is a list', []],
    ['a selector that is a text', { podSelector: 'app=db', policyTypes: ['Ingress'] }],
    ['an operator nobody knows', { podSelector: { matchExpressions: [{ key: 'app', operator: 'Near', values: ['db'] }] } }],
    ['rules that are no list', { podSelector: {}, ingress: { from: [] } }],
    ['a rule that is null', { podSelector: {}, ingress: [null] }],
    ['peers that are no list', { podSelector: {}, ingress: [{ from: 'all' }] }],
    ['a peer of a kind nobody knows', { podSelector: {}, ingress: [{ from: [{ serviceSelector: {} }] }] }],
    ['a peer that is two kinds', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] }],
    ['a range that is none', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/99' } }] }] }],
    ['an exception that is none', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: [7] } }] }] }],
    ['a range of IPv4 in IPv6', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '::ffff:10.0.0.0/104' } }] }] }],
    ['a port by its name', { podSelector: {}, ingress: [{ ports: [{ port: 'postgres' }] }] }],
    ['a port beyond all ports', { podSelector: {}, ingress: [{ ports: [{ port: 70_000 }] }] }],
    ['an end before the port', { podSelector: {}, ingress: [{ ports: [{ port: 5432, endPort: 1 }] }] }],
    ['a protocol nobody knows', { podSelector: {}, ingress: [{ ports: [{ port: 80, protocol: 'QUIC' }] }] }],
    ['types nobody knows', { podSelector: {}, policyTypes: ['Sideways'] }],
    [
      'an attack on the prototype',
      JSON.parse('{"podSelector":{"__proto__":7,"matchLabels":{"__proto__":{}}},"ingress":[{"from":[{"__proto__":{}}]}]}'),
    ],
  ])('leaves it open: %s', (_, spec) => {
    expect(judge(spec, stranger)).toBe('unknown');
  });

  it('does not hide what stands beside it', () => {
    const garbage = { from: [{ ipBlock: { cidr: 7 } }] };
    expect(judge({ podSelector: {}, ingress: [garbage, { from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }] }, stranger)).toBe('allowed');
    expect(judge({ podSelector: {}, ingress: [{ ...garbage, ports: [{ port: 80 }] }] }, stranger)).toBe('forbidden');
    expect(judge({ podSelector: {}, ingress: [{ ports: [{ port: 'dns', protocol: 'UDP' }] }] }, stranger)).toBe('forbidden');
    expect(judge({ podSelector: {}, policyTypes: ['Sideways', 'Ingress'] }, stranger)).toBe('forbidden');
  });

  it('answers, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('podSelector', 'policyTypes', 'ingress', 'egress'), fc.jsonValue()), (spec) => {
        for (const direction of directions) expect(['allowed', 'forbidden', 'unknown']).toContain(judge(spec, stranger, direction));
      }),
      seed,
    );
  });
});
