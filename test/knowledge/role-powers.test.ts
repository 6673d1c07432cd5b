import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCovered, powersNamed, powersOf } from '../../shared/knowledge/role-powers.ts';

const rule = (apiGroups: string[], resources: string[], verbs: string[], resourceNames?: string[]) => ({
  apiGroups,
  resources,
  verbs,
  ...(resourceNames ? { resourceNames } : {}),
});

describe('the powers of a role', () => {
  it.each([
    [[rule(['*'], ['*'], ['*'])], ['*everything']],
    [[rule([''], ['*'], ['get', 'delete'])], ['*write']],
    [[rule(['*'], ['*'], ['get', 'list'])], ['*read']],
    [[rule(['charts.example.com'], ['*'], ['*'])], ['*resources', '*verbs']],
    [[rule(['rbac.authorization.k8s.io'], ['*'], ['*'])], ['*grave', '*resources', 'bind', 'escalate', 'write-bindings', 'write-roles']],
    [[rule([''], ['nodes/proxy'], ['get'])], ['node-proxy']],
    [[rule([''], ['*/exec'], ['create'])], ['exec']],
    [[rule([''], ['pods/*'], ['create'])], []],
    [[rule([''], ['serviceaccounts/token'], ['create'])], ['mint-tokens']],
    [[rule(['apps'], ['secrets'], ['get'])], []],
    [[rule([''], ['secrets'], ['get'], ['registry'])], ['read-secrets by name']],
    [[rule([''], ['secrets', 'pods'], ['*'])], ['*grave', 'make-pods', 'read-secrets']],
    [[rule([''], ['configmaps'], ['*'])], ['*verbs']],
    [[rule([''], ['users'], ['impersonate'])], ['impersonate']],
    [[rule([''], ['serviceaccounts'], ['impersonate'])], ['impersonate-accounts']],
    [[rule(['rbac.authorization.k8s.io'], ['clusterroles'], ['bind'], ['cluster-admin'])], ['bind by name']],
    [[{ nonResourceURLs: ['*'], verbs: ['get'] }], ['*urls']],
    [[null, 7, { verbs: 'get' }, { verbs: [null], apiGroups: {}, resources: [[]] }, rule([''], ['secrets'], ['watch'])], ['read-secrets']],
  ])('%j: %j', (rules, powers) => {
    expect(powersOf(rules, 'cluster')).toEqual(powers);
  });

  it('are fewer in one namespace, where what belongs to the cluster is out of reach', () => {
    expect(powersOf([rule([''], ['nodes/proxy', 'persistentvolumes'], ['create'])], 'namespace')).toEqual([]);
    expect(powersOf([rule([''], ['secrets'], ['get'], ['registry'])], 'namespace')).toEqual([]);
  });

  it('are told gravest first, and none that nobody knows', () => {
    expect(powersNamed(['make-pods', 'invented', 'exec', 'escalate']).map(({ id }) => id)).toEqual(['escalate', 'exec', 'make-pods']);
  });

  it('do not grow when a wildcard is replaced by what it stood for', () => {
    expect(isCovered('escalate', ['*everything'])).toBe(true);
    expect(isCovered('*read', ['*write'])).toBe(true);
    expect(isCovered('bind by name', ['bind'])).toBe(true);
    expect(isCovered('bind', ['bind by name'])).toBe(false);
    expect(isCovered('escalate', ['*write'])).toBe(false);
  });

  it('are few and known, whatever the rules say', () => {
    const word = fc.constantFrom(
      '*',
      '',
      'get',
      'create',
      'secrets',
      'pods/exec',
      '*/token',
      'roles',
      'bind',
      'rbac.authorization.k8s.io',
      '/*',
    );
    const field = fc.oneof(fc.array(word, { maxLength: 4 }), fc.jsonValue());
    const rules = fc.array(
      fc.record({ verbs: field, apiGroups: field, resources: field, resourceNames: field, nonResourceURLs: field }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(fc.oneof(rules, fc.jsonValue()), (value) => {
        const powers = powersOf(value, 'cluster');
        expect(powersNamed(powers)).toHaveLength(powers.length);
      }),
    );
  });
});
