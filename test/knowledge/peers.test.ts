import { expect, it } from 'vitest';
import { neighboursOf, peersOf } from '../../shared/knowledge/peers.ts';
import type { Actor } from '../../shared/model/entity.ts';

const caller = (type: Actor['type'], username: string): Actor => ({
  kind: 'identity',
  type,
  id: username,
  name: username,
  username,
  principal: username,
  groups: [],
});

it('a young caller is one of its kind: service accounts of the namespace, people, pipelines where the operator says so, nodes', () => {
  expect(peersOf({ actor: caller('service-account', 'system:serviceaccount:shop:cart') })).toBe('service accounts of shop');
  expect(peersOf({ actor: caller('node', 'system:node:ip-10-0-1-2') })).toBe('nodes');
  const role = caller('iam', 'arn:aws:iam::111122223333:role/ci');
  expect(peersOf({ actor: role })).toBe('people');
  expect(peersOf({ actor: role, hasDuty: () => true })).toBe('pipelines');
  expect(peersOf({ actor: role, hasDuty: () => false })).toBe('people');
});

it('a young sender is one of its namespace where a pod held the address, and nothing is taken for a namespace else', () => {
  const entity = { kind: 'workload', id: 'shop/deployment/cart', name: 'shop/deployment/cart' } as const;
  expect(neighboursOf({ entity, basis: 'pod', namespace: 'shop' })).toBe('workloads of shop');
  expect(neighboursOf({ entity, basis: 'node', namespace: '' })).toBe('node');
});
