import { describe, expect, it } from 'vitest';
import { isEksItself } from '../../shared/knowledge/exclusions.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';

const event = (username: string, role: string, account: string, cluster: string): AuditEvent =>
  ({
    actor: { username, account, principal: `arn:aws:iam::${account}:role/${role}` },
    scope: { account: cluster },
  }) as unknown as AuditEvent;

const lambda = 'AWSWesleyClusterManagerLambda-Add-on-1';

describe('EKS itself', () => {
  it('calls under a name of its own, from an account of its own or with a role that only AWS can make', () => {
    expect(isEksItself(event('eks:addon-manager', lambda, '444455556666', '111122223333'))).toBe(true);
    expect(isEksItself(event('eks:node-manager', 'AWSServiceRoleForAmazonEKS', '111122223333', '111122223333'))).toBe(true);
  });

  it.each([
    ['a role of that name in the account of the cluster', event('eks:addon-manager', lambda, '111122223333', '111122223333')],
    ['a role of that name where the account of the cluster is not known', event('eks:addon-manager', lambda, '444455556666', '')],
    ['a role of EKS under another name', event('admin', lambda, '444455556666', '111122223333')],
    ['another role of another account', event('eks:addon-manager', 'helper', '444455556666', '111122223333')],
  ])('is not %s', (_, guest) => {
    expect(isEksItself(guest)).toBe(false);
  });
});
