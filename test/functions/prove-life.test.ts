import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { expect, it, vi } from 'vitest';
import { proofLine } from '../../shared/model/proof.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';

const faults = vi.hoisted(() => [] as string[]);
const written: string[] = [];

vi.mock('../../shared/adapters/aws-clients.ts', async (original) => ({
  ...(await original()),
  cloudWatchLogsClient: () => {
    const client = new CloudWatchLogsClient({ region: localRegion, credentials: localCredentials });
    client.send = ((command: { input: { logGroupName: string; logEvents: { message: string }[] } }) => {
      const { logGroupName, logEvents } = command.input;
      if (logGroupName.includes('gone')) return Promise.reject(new Error('no such log group'));
      written.push(...logEvents.map(({ message }) => `${logGroupName} ${message}`));
      return Promise.resolve({});
    }) as never;
    return client;
  },
}));
vi.mock('../../functions/telemetry.ts', async (original) => ({ ...(await original()), count: (name: string) => faults.push(name) }));

const { handler } = await import('../../functions/prove-life.ts');
const { logger } = await import('../../functions/telemetry.ts');
logger.setLogLevel('SILENT');

it('one line goes into every log group; one that takes none is a fault, keeps no other from its line, and is not tried again', async () => {
  vi.stubEnv('PLIMSOLL_PROVED_GROUPS', JSON.stringify(['/aws/eks/one/cluster', '/aws/eks/gone/cluster', '/aws/eks/two/cluster']));
  const time = '2026-03-02T09:00:00Z';
  await (handler as (event: unknown, context: unknown) => Promise<unknown>)({ tick: true, time }, { functionName: 'prove-life' });
  const line = proofLine(Date.parse(time));
  expect(written.toSorted()).toEqual([`/aws/eks/one/cluster ${line}`, `/aws/eks/two/cluster ${line}`]);
  expect(faults).toEqual(['faults']);
});
