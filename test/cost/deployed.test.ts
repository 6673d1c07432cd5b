import { describe, expect, it } from 'vitest';
import { Synthesis } from '../infra/synthesis.ts';
import { deployed } from './deployed.ts';

describe('what the cost is reckoned with', () => {
  it('is what the stack has', () => {
    const synthesis = new Synthesis();
    const memoryOf = (name: string): unknown => (synthesis.handler(name).Properties as { MemorySize: unknown }).MemorySize;
    expect({
      memory: { analysis: memoryOf('analyse-audit'), telling: memoryOf('triage'), delivering: memoryOf('deliver-slack') },
      channels: synthesis.all('AWS::SNS::Subscription').filter(({ Properties }) => (Properties as { Protocol: string }).Protocol === 'sqs')
        .length,
      alarms: synthesis.all('AWS::CloudWatch::Alarm').length,
      dashboards: synthesis.all('AWS::CloudWatch::Dashboard').length,
      keys: synthesis.all('AWS::KMS::Key').length,
    }).toEqual(deployed);
    expect(memoryOf('notify')).toBe(deployed.memory.telling);
  });
});
