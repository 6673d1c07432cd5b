import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QueueChannel } from '../../shared/adapters/queue-channel.ts';
import { forAmazonQ, inMail, TopicChannel } from '../../shared/adapters/topic-channel.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { everything, publishedWith } from '../support/published.ts';

describe('channels that are topics and queues of AWS', () => {
  let server: FauxqsServer;
  let sns: SNSClient;
  const alert = publishedWith(everything, { title: 'Schiffe im Hafen: Ü', cluster: 'harbour' });
  const messagesIn = (queue: string) => server.inspectQueue(queue)?.messages.ready ?? [];

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, defaultRegion: localRegion });
    sns = new SNSClient({ endpoint: server.address, region: localRegion, credentials: localCredentials });
    const filters = { mail: undefined, grave: { severity: ['critical'] }, harbour: { cluster: ['harbour', 'unknown'] }, q: undefined };
    for (const [queue, policy] of Object.entries(filters)) {
      server.createQueue(queue, { region: localRegion });
      const topic = queue === 'q' ? 'q' : 'mail';
      server.createTopic(topic, { region: localRegion });
      const attributes = { RawMessageDelivery: 'true', ...(policy && { FilterPolicy: JSON.stringify(policy) }) };
      server.subscribe({ topic, queue, region: localRegion, attributes });
    }
  });
  afterAll(async () => {
    sns.destroy();
    await server.stop();
  });

  it('mail in plain text, filtered by the attributes that the alert was published with', async () => {
    const { topicArn } = server.createTopic('mail', { region: localRegion });
    expect(await new TopicChannel(sns, topicArn, inMail).post(alert)).toEqual({ outcome: 'posted' });
    const [message] = messagesIn('mail');
    expect(message?.body).toMatch(/^Told because: first seen\n\nHIGH {2}Schiffe im Hafen: Ü: /);
    expect(message?.messageAttributes['tactic']).toMatchObject({ DataType: 'String.Array', StringValue: '["execution","impact"]' });
    expect(messagesIn('grave')).toHaveLength(0);
    expect(messagesIn('harbour')).toHaveLength(1);
  });

  it('tell Amazon Q in its own schema', async () => {
    const { topicArn } = server.createTopic('q', { region: localRegion });
    await new TopicChannel(sns, topicArn, forAmazonQ).post(alert);
    const [message] = messagesIn('q');
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ version: '1.0', source: 'custom', metadata: { threadId: alert.id } });
  });

  it('put OCSF into a queue', async () => {
    const { queueUrl } = server.createQueue('siem', { region: localRegion });
    const sqs = new SQSClient({ endpoint: server.address, region: localRegion, credentials: localCredentials });
    await new QueueChannel(sqs, new URL(new URL(queueUrl).pathname, server.address).href).post(alert);
    sqs.destroy();
    const [message] = messagesIn('siem');
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ class_uid: 2004, finding_info: { title: 'Schiffe im Hafen: Ü' } });
    expect(message?.body).toMatch(/^[ -~]+$/);
  });
});
