import fc from 'fast-check';
import {
  type PeerSpec,
  type PolicySpec,
  type PortSpec,
  type RuleSpec,
  type SelectorSpec,
  type World,
  type WorldPolicy,
  worldPorts,
} from './brute-force.ts';

/** Small worlds: few keys and values, so that selectors meet their pods more often than not. */

const key = fc.constantFrom('app', 'tier', 'team');
const value = fc.constantFrom('a', 'b');
const labels = fc.dictionary(key, value, { maxKeys: 3 });
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

function without<T extends object>(whole: T): T {
  return Object.fromEntries(Object.entries(whole).filter(([, member]) => member !== undefined)) as T;
}

type Expression = NonNullable<SelectorSpec['matchExpressions']>[number];

const expression: fc.Arbitrary<Expression> = fc
  .record({
    key: fc.oneof(key, fc.constant('kubernetes.io/metadata.name')),
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  })
  .chain(({ key: name, operator }) =>
    operator === 'In' || operator === 'NotIn'
      ? fc
          .uniqueArray(name.startsWith('kube') ? fc.constantFrom('red', 'blue') : value, { minLength: 1, maxLength: 2 })
          .map((values): Expression => ({ key: name, operator, values }))
      : fc.constant<Expression>({ key: name, operator }),
  );

const selector: fc.Arbitrary<SelectorSpec> = fc
  .record({
    matchLabels: optional(fc.dictionary(key, value, { maxKeys: 2 })),
    matchExpressions: optional(fc.array(expression, { maxLength: 2 })),
  })
  .map(without);

const addresses = ['10.0.0.1', '10.0.0.2', '10.0.1.3', '2001:db8:1::4'];
const strangers = ['198.51.100.7', '203.0.113.9', '2001:db8:ff::1'];
const cidrs = [
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.0.0.2/32',
  '0.0.0.0/0',
  '198.51.100.0/24',
  '203.0.113.8/29',
  '2001:db8::/32',
  '2001:db8:ff::/48',
  '::/0',
];

const peer: fc.Arbitrary<PeerSpec> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc
    .record({ cidr: fc.constantFrom(...cidrs), except: optional(fc.uniqueArray(fc.constantFrom(...cidrs), { maxLength: 2 })) })
    .map((block) => ({ ipBlock: without(block) })),
);

const ports: fc.Arbitrary<PortSpec> = fc
  .record({
    protocol: optional(fc.constantFrom('TCP', 'UDP', 'SCTP')),
    port: optional(fc.constantFrom(...worldPorts)),
    span: optional(fc.constantFrom(0, 30, 400)),
  })
  .map(({ protocol, port, span }) =>
    without({ protocol, port, endPort: port !== undefined && span !== undefined ? port + span : undefined }),
  );

export const rule = (peers: 'from' | 'to'): fc.Arbitrary<RuleSpec> =>
  fc
    .record({ peers: optional(fc.array(peer, { maxLength: 2 })), ports: optional(fc.array(ports, { maxLength: 2 })) })
    .map((one) => without({ [peers]: one.peers, ports: one.ports }) as RuleSpec);

const spec: fc.Arbitrary<PolicySpec> = fc
  .record({
    podSelector: selector,
    policyTypes: optional(fc.subarray(['Ingress', 'Egress'], { minLength: 1 })),
    ingress: optional(fc.array(rule('from'), { maxLength: 2 })),
    egress: optional(fc.array(rule('to'), { minLength: 1, maxLength: 2 })),
  })
  .map(without);

export const policies: fc.Arbitrary<WorldPolicy[]> = fc
  .array(fc.record({ namespace: fc.constantFrom('red', 'blue'), spec }), { maxLength: 4 })
  .map((all) => all.map((one, position) => ({ ...one, name: `policy-${String(position)}` })));

export const world: fc.Arbitrary<World> = fc
  .record({
    red: labels,
    blue: labels,
    pods: fc.tuple(...addresses.map(() => fc.record({ namespace: fc.constantFrom('red', 'blue'), labels }))),
  })
  .map(({ red, blue, pods }) => ({
    namespaces: {
      red: { ...red, 'kubernetes.io/metadata.name': 'red' },
      blue: { ...blue, 'kubernetes.io/metadata.name': 'blue' },
    },
    pods: pods.map((pod, position) => ({ ...pod, name: `pod-${String(position)}`, address: addresses[position] ?? '' })),
    strangers,
  }));
