import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SlackWebhook } from '../../shared/adapters/slack-webhook.ts';
import { slackMessage } from '../../shared/alert/slack.ts';
import { LocalHttp } from '../support/http.ts';
import { publishedWith } from '../support/published.ts';

describe('a Slack webhook', () => {
  let server: LocalHttp;
  let webhook: SlackWebhook;
  const alert = publishedWith();
  const plenty = () => 60_000;

  beforeEach(async () => {
    server = await LocalHttp.start({ status: 200, body: 'ok' });
    webhook = new SlackWebhook(`${server.url}/services/very-secret\n`);
  });
  afterEach(() => server.stop());

  it('posts JSON', async () => {
    expect(await webhook.post(alert, plenty)).toEqual({ outcome: 'posted' });
    expect(server.received).toMatchObject([
      { path: '/services/very-secret', headers: { 'content-type': 'application/json; charset=utf-8' } },
    ]);
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(slackMessage(alert));
  });

  it('waits as long as it is told to, if there is time', async () => {
    server.script = [{ status: 429, headers: { 'retry-after': '1' } }];
    const begun = performance.now();
    expect(await webhook.post(alert, plenty)).toEqual({ outcome: 'posted' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
    expect(server.received).toHaveLength(2);
  });

  it('leaves it for later if there is not', async () => {
    server.script = [{ status: 429, headers: { 'retry-after': '60' } }];
    expect(await webhook.post(alert, () => 30_000)).toEqual({ outcome: 'later', why: 'rate limited for 60000 ms', rateLimited: true });
    expect(server.received).toHaveLength(1);
  });

  it.each([500, 503])('leaves it for later at %i', async (status) => {
    server.usual = { status };
    expect(await webhook.post(alert, plenty)).toEqual({ outcome: 'later', why: `status ${String(status)}`, rateLimited: false });
  });

  it.each([301, 403, 404, 410])('takes %i for an answer', async (status) => {
    server.usual = { status, headers: { location: 'http://127.0.0.1:9/elsewhere' }, body: 'no_service <very>' };
    expect(await webhook.post(alert, plenty)).toEqual({ outcome: 'refused', why: `status ${String(status)} no_service  very ` });
    expect(server.received).toHaveLength(1);
  });

  it('says it without blocks where they are refused', async () => {
    server.script = [{ status: 400, body: 'invalid_blocks' }];
    expect(await webhook.post(alert, plenty)).toEqual({ outcome: 'reduced', why: 'status 400 invalid_blocks' });
    expect(server.received.map(({ body }) => 'blocks' in (JSON.parse(body) as object))).toEqual([true, false]);
  });

  it('gives up where even that is refused', async () => {
    server.usual = { status: 400, body: 'invalid_payload' };
    expect(await webhook.post(alert, plenty)).toEqual({ outcome: 'refused', why: 'status 400 invalid_payload' });
    expect(server.received).toHaveLength(2);
  });

  it('does not wait for a server that hangs longer than the caller can', async () => {
    server.usual = 'hang';
    expect(await webhook.post(alert, () => 2_200)).toEqual({ outcome: 'later', why: 'TimeoutError', rateLimited: false });
    expect(await webhook.post(alert, () => 1_000)).toEqual({ outcome: 'later', why: 'no time left', rateLimited: false });
  });

  it('says nothing of its address when it cannot be reached', async () => {
    await server.stop();
    const delivery = await webhook.post(alert, plenty);
    expect(delivery).toMatchObject({ outcome: 'later', rateLimited: false });
    expect(JSON.stringify(delivery)).not.toContain('127.0.0.1');
    server = await LocalHttp.start({ status: 200 });
  });

  it('is made of what Slack gives out', () => {
    expect(() => new SlackWebhook(' https://hooks.slack.com/services/T0/B0/very-secret\n')).not.toThrow();
  });

  it.each([
    '',
    'no url',
    'http://hooks.slack.com/very-secret',
    'https://hooks.example.com/very-secret',
    'https://hooks.slack.com@example.com/',
    'https://hooks.slack.com:8443/x',
  ])('is not made of "%s"', (url) => {
    expect(() => new SlackWebhook(url)).toThrow(/^the Slack secret is not the https URL of an incoming webhook on hooks\.slack\.com$/);
  });
});
