import { describe, expect, it } from 'vitest';
import { admissionsOf } from '../../shared/knowledge/security-groups.ts';
import type { ApiEvent } from '../../shared/model/api.ts';

const admissions = (parameters: ApiEvent['parameters']) => admissionsOf({ parameters } as ApiEvent);

describe('what a security group lets in', () => {
  it('is read from lists of items, whatever stands beside them', () => {
    const items = [
      null,
      { ipRanges: 'all' },
      { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [7, { cidrIp: '0.0.0.0/0' }] } },
    ];
    expect(admissions({ ipPermissions: { items } })).toEqual([{ from: 22, to: 22, worldwide: true, words: 'port 22' }]);
  });

  it('is every port where the protocol says so', () => {
    const items = [{ ipProtocol: '-1', ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } }];
    expect(admissions({ ipPermissions: { items } })).toEqual([{ from: 0, to: 65_535, worldwide: true, words: 'every port' }]);
  });

  it('is read from a modified rule, alone or in a list', () => {
    const rule = { SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 30_000, ToPort: 32_767, CidrIpv4: '10.0.0.0/8' } };
    const one = { from: 30_000, to: 32_767, worldwide: false, words: 'ports 30000 to 32767' };
    expect(admissions({ ModifySecurityGroupRulesRequest: { SecurityGroupRule: rule } })).toEqual([one]);
    expect(admissions({ ModifySecurityGroupRulesRequest: { SecurityGroupRule: [rule, 'odd', rule] } })).toEqual([one, one]);
  });
});
