import { describe, expect, it } from 'vitest';
import { weighed, weighedAsPlanned } from '../../shared/knowledge/monitoring.ts';
import { isUpgrade } from '../../shared/knowledge/own-resources.ts';
import type { ApiEvent } from '../../shared/model/api.ts';

const call = ({ through = '', error = '', duty = '' }: { through?: string; error?: string; duty?: string }): ApiEvent =>
  ({ invokedBy: through, error, hasDuty: (wanted: string) => wanted === duty }) as unknown as ApiEvent;

const through = 'cloudformation.amazonaws.com';

describe('the weight of a call', () => {
  it.each([
    ['by a caller', {}, 'critical', 'high'],
    ['that failed', { error: 'AccessDenied' }, 'medium', 'high'],
    ['through CloudFormation by nobody known', { through }, 'critical', 'medium'],
    ['through CloudFormation that failed', { through, error: 'AccessDenied' }, 'medium', 'medium'],
    ['through CloudFormation by a deployer', { through, duty: 'deployer' }, 'low', 'high'],
    ['through CloudFormation by an administrator', { through, duty: 'administrator' }, 'critical', 'medium'],
    ['by a deployer past CloudFormation', { duty: 'deployer' }, 'critical', 'high'],
    ['through another service by a deployer', { through: 'config.amazonaws.com', duty: 'deployer' }, 'critical', 'high'],
  ])('%s', (_, about, severity, confidence) => {
    expect(weighed(call(about), 'critical')).toEqual({ severity, confidence });
  });

  it('is low for planned work, in whatever way a deployer or administrator does it', () => {
    expect(weighedAsPlanned(call({ duty: 'deployer' }), 'high').severity).toBe('low');
    expect(weighedAsPlanned(call({ through, duty: 'administrator' }), 'high').severity).toBe('low');
    expect(weighedAsPlanned(call({ through }), 'high')).toEqual({ severity: 'high', confidence: 'medium' });
  });
});

describe('a new version of the product', () => {
  it.each(['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'PutRule', 'PutTargets', 'PutRolePolicy', 'SetTopicAttributes'])(
    'does %s',
    (action) => {
      expect(isUpgrade({ action } as ApiEvent)).toBe(true);
    },
  );

  it.each(['DeleteFunction', 'RemoveTargets', 'DisableRule', 'DetachRolePolicy', 'PutFunctionConcurrency', 'PutRolePermissionsBoundary'])(
    'does not do %s',
    (action) => {
      expect(isUpgrade({ action } as ApiEvent)).toBe(false);
    },
  );
});
