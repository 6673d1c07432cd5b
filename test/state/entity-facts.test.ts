import { describe, expect, test } from 'vitest';
import { AuditReader } from '../../shared/model/audit.ts';
import { siteOf } from '../../shared/model/site.ts';
import { factsOf } from '../../shared/state/entity-graph/facts.ts';
import { EntityGraph } from '../../shared/state/entity-graph/graph.ts';
import { auditLine, scope } from '../support/records.ts';

/** Who has an address, in whatever way the VPC CNI gives it out: the kubelet reports it of each pod. */

const time = Date.UTC(2026, 2, 10, 2);
const reader = new AuditReader(siteOf());
const node = 'ip-10-0-1-9';
const host = '10.0.1.9';

/** The graph after a pod was made and its kubelet reported this of it. */
function graphAfter(status: unknown, spec: unknown = {}): EntityGraph {
  const metadata = { uid: 'uid-1', name: 'cart-1', namespace: 'shop', labels: {} };
  const common = { resource: 'pods', namespace: 'shop', name: 'cart-1' };
  const lines = [
    auditLine({ ...common, at: time, id: 'made', verb: 'create', code: 201, response: { kind: 'Pod', metadata, spec, status: {} } }),
    auditLine({
      ...common,
      at: time + 2_000,
      id: 'reported',
      who: `system:node:${node}`,
      verb: 'patch',
      subresource: 'status',
      request: { metadata: { uid: 'uid-1' }, status },
      response: { kind: 'Pod', metadata, spec, status },
    }),
  ];
  const graph = new EntityGraph(scope);
  for (const message of lines) {
    const event = reader.read({ id: message, message }, scope);
    if ('source' in event) for (const fact of factsOf(event)) graph.add(fact);
  }
  return graph;
}

const holderOf = (graph: EntityGraph, address: string): string | undefined => graph.holderOf(address, time + 60_000)?.entity.name;

describe('an address is known', () => {
  test('of a pod in dual stack by either family', () => {
    const addresses = [{ ip: '10.0.1.5' }, { ip: 'fd00::5' }];
    const graph = graphAfter({ hostIP: host, hostIPs: [{ ip: host }, { ip: 'fd00::9' }], podIP: '10.0.1.5', podIPs: addresses });
    expect(['10.0.1.5', 'fd00::5', host, 'fd00::9'].map((address) => holderOf(graph, address))).toEqual([
      'shop/pod/cart-1',
      'shop/pod/cart-1',
      node,
      node,
    ]);
  });

  test('of a pod on the host network as the node’s alone', () => {
    const graph = graphAfter({ hostIP: host, podIP: host, podIPs: [{ ip: host }] }, { hostNetwork: true });
    expect(holderOf(graph, host)).toBe(node);
  });

  test.each([
    ['from a prefix of the node', '10.0.1.97'],
    ['in the ranges of custom networking', '100.64.12.5'],
    ['of a branch interface with security groups of its own', '10.0.77.5'],
  ])('of a pod %s as any other', (_, address) => {
    const graph = graphAfter({ hostIP: host, podIP: address, podIPs: [{ ip: address }] });
    expect(holderOf(graph, address)).toBe('shop/pod/cart-1');
    expect(holderOf(graph, host)).toBe(node);
  });
});

test.each([{}, { podIP: null, podIPs: null }, { podIP: 7, podIPs: [{ ip: null }, null] }])(
  'a report without an address, such as %j, names none',
  (status) => {
    expect([...graphAfter({ hostIP: host, ...status }).facts()].map(({ kind }) => kind)).not.toContain('pod-address');
  },
);
