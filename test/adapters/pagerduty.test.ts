import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PagerDuty } from '../../shared/adapters/pagerduty.ts';
import { LocalHttp } from '../support/http.ts';
import { publishedWith } from '../support/published.ts';

describe('PagerDuty', () => {
  const key = 'verysecret0123456789abcdef012345';
  const plenty = () => 60_000;
  const alert = publishedWith();
  let server: LocalHttp;
  let pager: PagerDuty;

  beforeEach(async () => {
    server = await LocalHttp.start({ status: 202, body: JSON.stringify({ status: 'success', dedup_key: alert.id }) });
    pager = new PagerDuty(`${key}\n`, server.url);
  });
  afterEach(() => server.stop());

  it('is sent one event for a telling, all of one alert under one key', async () => {
    expect(await pager.post(alert, plenty)).toEqual({ outcome: 'posted' });
    expect(server.received[0]).toMatchObject({ path: '/v2/enqueue' });
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      routing_key: key,
      event_action: 'trigger',
      dedup_key: alert.id,
      payload: { severity: 'error', source: 'harbour', timestamp: '2026-03-02T12:00:00.000Z' },
    });
  });

  it('waits as long as it is told to, if there is time', async () => {
    server.script = [{ status: 429, headers: { 'retry-after': '1' } }];
    expect(await pager.post(alert, plenty)).toEqual({ outcome: 'posted' });
    server.script = [{ status: 429, headers: { 'retry-after': '60' } }];
    expect(await pager.post(alert, () => 30_000)).toMatchObject({ outcome: 'later', rateLimited: true });
  });

  it.each([500, 503])('is tried later after %i', async (status) => {
    server.usual = { status };
    expect(await pager.post(alert, plenty)).toEqual({ outcome: 'later', why: `status ${String(status)}`, rateLimited: false });
  });

  it.each([400, 403, 301])('refuses with %i, and the key stands in no answer', async (status) => {
    server.usual = { status, body: `{"status":"invalid event","errors":["${key}"]}`, headers: { location: 'http://127.0.0.1:9/' } };
    const delivery = await pager.post(alert, plenty);
    expect(delivery).toMatchObject({ outcome: 'refused', why: expect.stringContaining(`status ${String(status)}`) as string });
    expect(JSON.stringify(delivery)).not.toContain('verysecret');
    expect(server.received).toHaveLength(1);
  });

  it.each(['', 'verysecret', `${key}0`])('has no key like "%s"', (wrong) => {
    expect(() => new PagerDuty(wrong)).toThrow(/^the PagerDuty secret is not a routing key of 32 letters and digits$/);
  });

  it('is at its own hosts only, in the United States or Europe', () => {
    expect(() => new PagerDuty(key, 'https://events.eu.pagerduty.com')).not.toThrow();
    for (const endpoint of ['https://events.pagerduty.com.example.com', 'http://events.pagerduty.com', 'https://example.com'])
      expect(() => new PagerDuty(key, endpoint)).toThrow('not one of its event hosts');
  });
});
