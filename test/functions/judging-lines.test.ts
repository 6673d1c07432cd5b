import { expect, it, vi } from 'vitest';

const analysed: string[] = [];
vi.mock('../../functions/judging.ts', () => ({
  pipeline: () =>
    Promise.resolve({
      analyse: ({ records }: { records: readonly { message: string }[] }) => {
        const text = records.map(({ message }) => message).join();
        if (text.includes('poison')) return Promise.reject(new Error('poisoned'));
        analysed.push(text);
        return Promise.resolve({ fates: {}, rejects: [], findings: [], faults: [] });
      },
    }),
}));
vi.mock('../../functions/telemetry.ts', async (original) => ({ ...(await original()), countReport: () => undefined }));
vi.stubEnv('AWS_REGION', 'eu-central-1');

const { judgingLines } = await import('../../functions/judging-lines.ts');
const { subscriptionPayload } = await import('../simulation/cloudwatch.ts');

const handler = judgingLines(() => ({}));
const payload = (line: string) => subscriptionPayload('/aws/eks/production/cluster', 'kube-apiserver-audit-1', [line], [0]);
const streamed = (...lines: string[]) => ({
  Records: lines.map((line, number) => ({ kinesis: { sequenceNumber: String(number), data: payload(line) } })),
});
const invoke = (event: unknown) => handler(event as never, { functionName: 'analyse-audit' } as never);

it('a payload of the subscription itself is judged; what throws is delivered again', async () => {
  analysed.length = 0;
  await invoke({ awslogs: { data: payload('one') } });
  expect(analysed).toEqual(['one']);
  await expect(invoke({ awslogs: { data: payload('poison') } })).rejects.toThrow('poisoned');
});

it('payloads of a data stream are judged in turn; from one that fails on, all come again', async () => {
  analysed.length = 0;
  expect(await invoke(streamed('one', 'two'))).toEqual({ batchItemFailures: [] });
  expect(await invoke(streamed('three', 'poison', 'four'))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(analysed).toEqual(['one', 'two', 'three']);
});
