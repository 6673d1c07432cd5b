import { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderIn } from '../../functions/shard-orders.ts';
import { ShardQueue } from '../../shared/adapters/shard-queue.ts';
import { planRecomputation } from '../../shared/state/recompute.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';

describe('orders through SQS', () => {
  let server: FauxqsServer;
  let client: SQSClient;

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, defaultRegion: localRegion });
    client = new SQSClient({ endpoint: server.address, region: localRegion, credentials: localCredentials });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it('come out as they went in, however many', async () => {
    const { queueUrl } = server.createQueue('orders', { region: localRegion });
    const orders = [...planRecomputation(1_774_837_800_000, 25), { generation: 1, segment: 0, of: 1, from: 'window:x:ü/"y"|7' }];
    await new ShardQueue(client, queueUrl).send(orders);
    const bodies = (server.inspectQueue('orders')?.messages.ready ?? []).map(({ body }) => body);
    expect(bodies.map(orderIn)).toEqual(orders);
  });

  it('that were not taken fail', async () => {
    const queue = new ShardQueue(client, `${server.address}/000000000000/absent`);
    await expect(queue.send(planRecomputation(1, 1))).rejects.toThrow();
    const refusing = { send: () => Promise.resolve({ Failed: [{ Id: '0', Message: 'throttled' }] }) } as unknown as SQSClient;
    await expect(new ShardQueue(refusing, 'queue').send(planRecomputation(1, 2))).rejects.toThrow('did not take 1 of 2 orders: throttled');
  });

  it('that are none are told as such', () => {
    for (const body of ['', 'null', '{}', '{"generation":1,"segment":2,"of":2}', '{"generation":"1","segment":0,"of":2}'])
      expect(() => orderIn(body)).toThrow('this is no order of a recomputation');
  });
});
