import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { environment } from '../../shared/contract/environment.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { subscriptionPayload } from '../simulation/cloudwatch.ts';
import { describeWithDynamoDb } from '../support/dynamodb.ts';
import { publishedJson } from '../support/published.ts';
import { auditLine } from '../support/records.ts';
import { until } from '../support/until.ts';
import { Deployment } from './deployment.ts';

interface Posted {
  readonly text: string;
  readonly blocks?: readonly { readonly type: string; readonly elements?: readonly { readonly text: string }[] }[];
}

describeWithDynamoDb('the built bundles, from the event to the message', () => {
  let deployment: Deployment;
  const hour = Date.parse('2026-03-02T12:00:00Z');

  beforeAll(async () => {
    deployment = await Deployment.start();
  });
  afterAll(async () => {
    await deployment.stop();
  });
  beforeEach(() => {
    deployment.slack.received.length = 0;
    deployment.slack.script = [];
    deployment.slack.usual = { status: 200, body: 'ok' };
  });

  /** Pods that one role creates, two seconds apart: enough for a burst. */
  const burst = (who: string, begin = hour) =>
    Array.from({ length: 75 }, (_, number) => {
      const at = begin + number * 2_000;
      const pod = { kind: 'Pod', metadata: { name: `${who}-${String(at)}`, uid: `${who}-uid-${String(at)}` } };
      return {
        at,
        line: auditLine({
          at,
          id: pod.metadata.uid,
          who,
          verb: 'create',
          resource: 'pods',
          namespace: 'shop',
          name: pod.metadata.name,
          code: 201,
          request: pod,
          response: pod,
        }),
      };
    });
  const auditPayload = (events: readonly { at: number; line: string }[]) => ({
    awslogs: {
      data: subscriptionPayload(
        '/aws/eks/production/cluster',
        'kube-apiserver-audit-0a1b2c',
        events.map(({ line }) => line),
        events.map(({ at }) => at),
      ),
    },
  });
  const posted = () => deployment.slack.received.map(({ body }) => JSON.parse(body) as Posted);
  const postedAbout = (detection: string, name = '') =>
    posted().filter(
      (message) =>
        message.blocks?.some(({ elements }) => elements?.[0]?.text.startsWith(`${detection} `)) === true && message.text.includes(name),
    );

  it('tell of a burst split over concurrent invocations once, and of its redelivery not at all', async () => {
    const events = burst('sprayer');
    const payloads = [events.slice(0, 25), events.slice(25, 50), events.slice(50)].map(auditPayload);
    const environments = payloads.map((_, number) => deployment.environmentOf('analyse-audit', ` ${String(number)}`));
    await Promise.all(environments.map((environment, number) => environment.invoke(payloads[number])));
    await deployment.settle();
    expect(postedAbout('container-spraying', 'sprayer')).toHaveLength(1);
    const told = posted().length;

    const rebatched = [events.slice(10, 60), events, ...payloads.map(() => events.slice(0, 5))].map(auditPayload);
    for (const payload of [...payloads, ...rebatched]) await deployment.invoke('analyse-audit', payload);
    await deployment.settle();
    expect(posted()).toHaveLength(told);
    for (const each of environments) await until('metrics of 25 lines', () => each.metric(metrics.judged) === 25 || undefined);
    expect(deployment.deadLetters()).toEqual([]);
  });

  it('tell once of several bursts that the stream brings together', async () => {
    for (const begin of [hour, hour + 600_000, hour + 1_200_000])
      await deployment.invoke('analyse-audit', auditPayload(burst('again', begin)));
    await deployment.settle();
    expect(postedAbout('container-spraying', 'again')).toHaveLength(1);
    expect(postedAbout('container-spraying', 'again')[0]?.text).toContain('Findings: 3');
  });

  it('tell of audit logging switched off, from an EventBridge event', async () => {
    const detail = {
      eventVersion: '1.11',
      eventID: 'b0f7c0c2-7f34-4f0e-9b52-5a0f8a1d2c3e',
      eventTime: '2026-03-02T12:10:00Z',
      eventSource: 'eks.amazonaws.com',
      eventName: 'UpdateClusterConfig',
      awsRegion: 'eu-central-1',
      sourceIPAddress: '192.0.2.44',
      userAgent: 'aws-cli/2.31',
      recipientAccountId: '111122223333',
      userIdentity: {
        type: 'IAMUser',
        arn: 'arn:aws:iam::111122223333:user/mallory',
        accountId: '111122223333',
        userName: 'mallory',
        accessKeyId: 'AKIAEXAMPLE',
      },
      requestParameters: { name: 'production', logging: { clusterLogging: [{ types: ['audit', 'authenticator'], enabled: false }] } },
      responseElements: null,
    };
    const event = {
      version: '0',
      id: 'e1',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.eks',
      account: '111122223333',
      time: '2026-03-02T12:10:00Z',
      region: 'eu-central-1',
      resources: [],
      detail,
    };
    await deployment.invoke('analyse-api', event);
    await deployment.invoke('analyse-api', event);
    await deployment.settle();
    expect(postedAbout('audit-logging-switched-off', 'mallory')).toHaveLength(1);
  });

  it('tell of an upload when a tick closes its hour', async () => {
    const gibibyte = 1024 ** 3;
    const values: Readonly<Record<string, string>> = {
      version: '8',
      'account-id': '111122223333',
      'interface-id': 'eni-0a1b',
      srcaddr: '10.0.4.17',
      dstaddr: '203.0.113.9',
      srcport: '44321',
      dstport: '443',
      protocol: '6',
      packets: '5000000',
      bytes: String(6 * gibibyte),
      start: String(hour / 1_000 + 60),
      end: String(hour / 1_000 + 120),
      action: 'ACCEPT',
      'log-status': 'OK',
      'tcp-flags': '3',
      type: 'IPv4',
      'pkt-srcaddr': '10.0.4.17',
      'pkt-dstaddr': '203.0.113.9',
      'flow-direction': 'egress',
      'traffic-path': '8',
    };
    const line = flowFormat
      .split(' ')
      .map((field) => values[field] ?? '-')
      .join(' ');
    const payload = { awslogs: { data: subscriptionPayload('/example/staging/flow', 'eni-0a1b-all', [line], [hour + 120_000]) } };
    await deployment.invoke('analyse-flow', payload);
    await deployment.invoke('analyse-flow', payload);
    await deployment.invoke('rollup', { tick: true, time: '2026-03-02T13:10:00Z' });
    await deployment.settle();
    expect(postedAbout('upload-volume')).toHaveLength(0);
    await deployment.invoke('rollup', { tick: true, time: '2026-03-02T13:25:00Z' });
    await deployment.invoke('rollup', { tick: true, time: '2026-03-02T13:30:00Z' });
    await deployment.settle();
    expect(postedAbout('upload-volume')).toHaveLength(1);
    await deployment.invoke('recompute-baselines', { tick: true, time: '2026-03-03T02:30:00Z' });
    await deployment.settle();
    await until(
      'the recomputation says what it did',
      () => deployment.environmentOf('recompute-baselines').log().includes('baselines recomputed') || undefined,
    );
  });

  it('wait when Slack asks for a little time, and come back when it asks for more', async () => {
    deployment.slack.script = [
      { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' },
      { status: 429, headers: { 'retry-after': '3600' }, body: 'rate_limited' },
      { status: 503, body: 'unavailable' },
    ];
    await deployment.invoke('analyse-audit', auditPayload(burst('limited')));
    await deployment.settle();
    expect(deployment.slack.received.length).toBeGreaterThan(3);
    expect(deployment.slack.script).toEqual([]);
    expect(deployment.deadLetters()).toEqual([]);
    // The three refusals and the one that was taken hold the same alert.
    expect(new Set(postedAbout('container-spraying', 'limited').map(({ text }) => text)).size).toBe(1);
  });

  it('say it plainly when Slack takes no blocks', async () => {
    deployment.slack.usual = ({ body }) =>
      'blocks' in (JSON.parse(body) as Posted) ? { status: 400, body: 'invalid_blocks' } : { status: 200, body: 'ok' };
    await deployment.invoke('analyse-audit', auditPayload(burst('plain')));
    await deployment.settle();
    const plainly = posted().filter(({ blocks, text }) => blocks === undefined && text.includes('plain'));
    expect(plainly.filter(({ text }) => text.includes('Containers created in a burst'))).toHaveLength(1);
    expect(deployment.deadLetters()).toEqual([]);
  });

  it('leave what Slack refuses for good where a person finds it, and the secret out of the log', async () => {
    deployment.slack.usual = { status: 400, body: 'invalid_payload' };
    await deployment.invoke('analyse-audit', auditPayload(burst('refused')));
    await deployment.settle();
    const dead = deployment.deadLetters('deliver-slack').map((body) => JSON.parse(body) as { detection: string; reason: string });
    expect(dead).toContainEqual(expect.objectContaining({ detection: 'container-spraying', reason: 'first seen' }));
    const slack = deployment.environmentOf('deliver-slack');
    await until('the refusal is told', () => slack.log().includes('refused') || undefined);
    expect(slack.log()).not.toContain('very-secret');
  });

  it('mail what Slack has not heard yet: a channel that fails delays no other', async () => {
    deployment.slack.usual = { status: 503, body: 'unavailable' };
    const mailed = deployment.mail().length;
    const dead = deployment.deadLetters('deliver-slack').length;
    await deployment.invoke('analyse-audit', auditPayload(burst('apart')));
    await deployment.settle();
    const letters = deployment.mail().slice(mailed);
    expect(letters.filter((body) => body.includes('Containers created in a burst') && body.includes('apart'))).toHaveLength(1);
    expect(letters.join('')).toMatch(/^Told because: first seen\n\n[A-Z]+ {2}\S/);
    expect(deployment.deadLetters('deliver-slack').length).toBeGreaterThan(dead);
    expect(deployment.deadLetters('deliver-mail')).toEqual([]);
  });

  it('keep one message of a bot up to date in place', async () => {
    const settings = { kind: 'slack-bot', name: 'incidents', channel: 'C0123456789', endpoint: `${deployment.slack.url}/api/` };
    const bot = deployment.channelLike('deliver-slack', {
      [environment.channel]: JSON.stringify(settings),
      [environment.channelSecret]: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:plimsoll/bot-AbCdEf',
      [environment.findingsTable]: 'FindingsTable',
    });
    deployment.slack.usual = { status: 200, body: JSON.stringify({ ok: true, channel: settings.channel, ts: '1.0' }) };
    const tell = (telling: number) => ({ Records: [{ messageId: 'm', body: JSON.stringify(publishedJson({ id: 'an-alert', telling })) }] });
    for (const telling of [1, 1, 2]) expect(await bot.invoke(tell(telling))).toEqual({ batchItemFailures: [] });
    expect(deployment.slack.received.map(({ path }) => path)).toEqual([
      '/api/chat.postMessage',
      // What the message has no room for stands in its thread.
      '/api/chat.postMessage',
      '/api/chat.update',
      '/api/chat.postMessage',
    ]);
    expect(bot.log()).not.toContain('very-secret');
  });

  it('reject a payload that cannot be read, and go on', async () => {
    const audit = deployment.environmentOf('analyse-audit', ' hostile');
    await audit.invoke({ awslogs: { data: 'bm90IGd6aXA=' } });
    await audit.invoke({ awslogs: { data: '!' } });
    await until('two rejects are counted', () => audit.metric(metrics.rejected) === 2 || undefined);
  });

  it('fail, so that Lambda delivers the event again, when a store cannot be reached or a setting is missing', async () => {
    const { LambdaFunction } = await import('../support/lambda.ts');
    const built = deployment.stack.functionNamed('analyse-audit', {});
    const unreachable = new LambdaFunction(built, { ...deployment.lambdaEnvironment(), AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    await expect(unreachable.invoke(auditPayload(burst('lost')))).rejects.toThrow();
    await until('the failure is told', () => unreachable.log().includes('invocation failed') || undefined);
    const unset = new LambdaFunction(
      { ...built, environment: { ...built.environment, PLIMSOLL_STATE_TABLE: '' } },
      deployment.lambdaEnvironment(),
    );
    await expect(unset.invoke(auditPayload(burst('unset')))).rejects.toThrow('PLIMSOLL_STATE_TABLE is not set');
    await Promise.all([unreachable.stop(), unset.stop()]);
  });
});
