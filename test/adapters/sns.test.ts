import { SNSClient } from '@aws-sdk/client-sns';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SnsTeller } from '../../shared/adapters/sns.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { alertOf, findingNamed } from '../support/findings.ts';

describe('telling through SNS', () => {
  let server: FauxqsServer;
  let teller: SnsTeller;
  const bodies = (queue: string) =>
    (server.inspectQueue(queue)?.messages.ready ?? []).map(({ body }) => JSON.parse(body) as { detection: string; evidence: unknown[] });

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, defaultRegion: localRegion });
    const { topicArn } = server.createTopic('alerts', { region: localRegion });
    const policies = {
      all: undefined,
      grave: { severity: ['critical', 'high'] },
      harbour: { detection: ['container-spraying'], cluster: ['harbour'] },
      elsewhere: { cluster: ['other'] },
    };
    for (const [queue, policy] of Object.entries(policies)) {
      server.createQueue(queue, { region: localRegion });
      server.subscribe({
        topic: 'alerts',
        queue,
        region: localRegion,
        attributes: { RawMessageDelivery: 'true', ...(policy && { FilterPolicy: JSON.stringify(policy) }) },
      });
    }
    const client = new SNSClient({ endpoint: server.address, region: localRegion, credentials: localCredentials });
    teller = new SnsTeller(client, topicArn);
  });
  afterAll(() => server.stop());

  it('reaches those who asked for it', async () => {
    await teller.tell(alertOf(findingNamed('x')), 'first seen');
    expect(bodies('all')).toMatchObject([{ detection: 'container-spraying', reason: 'first seen' }]);
    expect(bodies('grave')).toHaveLength(1);
    expect(bodies('harbour')).toHaveLength(1);
    expect(bodies('elsewhere')).toHaveLength(0);
    // Topics filter lists by each of their members; the local server knows no lists.
    const [message] = server.inspectQueue('all')?.messages.ready ?? [];
    expect(message?.messageAttributes['tactic']).toMatchObject({ DataType: 'String.Array', StringValue: '["execution","impact"]' });
  });

  it('tells of a proof of life whoever asks for no attribute, and nobody else', async () => {
    const before = ['all', 'grave', 'harbour', 'elsewhere'].map((queue) => bodies(queue).length);
    await teller.tellProof({ cluster: 'harbour', time: Date.parse('2026-03-02T09:00:00Z') });
    const after = ['all', 'grave', 'harbour', 'elsewhere'].map((queue) => bodies(queue).length);
    expect(after.map((count, position) => count - (before[position] ?? 0))).toEqual([1, 0, 0, 0]);
    expect(bodies('all').at(-1)).toMatchObject({ proofOfLife: { cluster: 'harbour', time: '2026-03-02T09:00:00.000Z' } });
  });

  it('is small enough for SNS however large the alert is', async () => {
    const evidence = Array.from({ length: 20 }, (_, time) => ({ time, note: '\u0000ü😀'.repeat(100_000) }));
    await teller.tell(
      alertOf(findingNamed('x', { evidence, title: '\u0007'.repeat(500), cluster: 'ü'.repeat(500), summary: 'x\uffff'.repeat(400_000) })),
      'first seen',
    );
    expect(bodies('all')).toHaveLength(3);
  });
});
