import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SlackBot } from '../../shared/adapters/slack-bot.ts';
import type { Post, PostStore } from '../../shared/alert/posts.ts';
import { LocalHttp } from '../support/http.ts';
import { everything, publishedWith } from '../support/published.ts';

/** What DynamoDB does with the same conditions. */
class MemoryPosts implements PostStore {
  readonly held = new Map<string, Post>();

  get(alert: string): Promise<Post | undefined> {
    return Promise.resolve(this.held.get(alert));
  }

  keep(alert: string, post: Post, known: Post | undefined): Promise<Post> {
    const held = this.held.get(alert);
    const free = known === undefined ? held === undefined : held?.message === known.message && held.telling <= post.telling;
    if (free) this.held.set(alert, post);
    return Promise.resolve(free ? post : (held ?? post));
  }
}

describe('a Slack bot', () => {
  const token = 'xoxb-very-secret';
  const channel = 'C0123456789';
  const plenty = () => 60_000;
  const alert = (telling: number, change = {}) => publishedWith({ telling, steps: [], links: [], unknowns: [], ...change });
  let server: LocalHttp;
  let posts: MemoryPosts;
  let bot: SlackBot;
  let messages: number;

  /** Slack's answers: every message has the next number for its time. */
  const slack = ({ path }: { readonly path: string }) => ({
    status: 200,
    body: JSON.stringify({ ok: true, channel, ts: path.endsWith('postMessage') ? `${String((messages += 1))}.0` : '0.0' }),
  });
  const refusing = (error: string) => ({ status: 200, body: JSON.stringify({ ok: false, error }) });
  const said = (): Record<string, unknown>[] =>
    server.received.map(({ path, body }) => ({ method: path.replace('/api/', ''), ...(JSON.parse(body) as Record<string, unknown>) }));
  const methods = () => said().map(({ method, ...body }) => `${String(method)}${'thread_ts' in body ? ' in thread' : ''}`);

  beforeEach(async () => {
    messages = 0;
    server = await LocalHttp.start(slack);
    posts = new MemoryPosts();
    bot = new SlackBot({ token, channel, posts, api: `${server.url}/api/` });
  });
  afterEach(() => server.stop());

  it('posts a message, with what it has no room for in its thread', async () => {
    expect(await bot.post(publishedWith(everything), plenty)).toEqual({ outcome: 'posted' });
    expect(methods()).toEqual(['chat.postMessage', 'chat.postMessage in thread']);
    const [message, details] = said();
    expect(message).toMatchObject({
      channel,
      unfurl_links: false,
      metadata: { event_type: 'plimsoll_alert', event_payload: { id: publishedWith().id, telling: 1 } },
    });
    expect(details).toMatchObject({ channel, thread_ts: '1.0' });
    expect(server.received[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json; charset=utf-8',
    });
    expect([...posts.held.values()]).toEqual([{ message: '1.0', place: channel, telling: 1, replied: 1 }]);
  });

  it('brings the message up to date in place and says in the thread what changed', async () => {
    await bot.post(alert(1), plenty);
    await bot.post(alert(2, { reason: 'graver: was medium', severity: 'critical' }), plenty);
    expect(methods()).toEqual(['chat.postMessage', 'chat.update', 'chat.postMessage in thread']);
    expect(said()[1]).toMatchObject({ channel, ts: '1.0' });
    expect(said()[2]).toMatchObject({ thread_ts: '1.0', text: expect.stringContaining('graver: was medium') as string });
  });

  it('says nothing twice, and nothing that is older than what it said', async () => {
    for (const telling of [1, 1, 3, 2, 3]) expect(await bot.post(alert(telling), plenty)).toEqual({ outcome: 'posted' });
    expect(methods()).toEqual(['chat.postMessage', 'chat.update', 'chat.postMessage in thread']);
  });

  it('takes up a thread that it was cut off before', async () => {
    server.script = [slack({ path: 'postMessage' }), { status: 503 }];
    expect(await bot.post(publishedWith(everything), plenty)).toMatchObject({ outcome: 'later' });
    expect(await bot.post(publishedWith(everything), plenty)).toEqual({ outcome: 'posted' });
    expect(methods()).toEqual(['chat.postMessage', 'chat.postMessage in thread', 'chat.update', 'chat.postMessage in thread']);
    expect(said()[3]?.['text']).toBe(said()[1]?.['text']);
  });

  it('cut off between answer and memory, posts a second message that its metadata gives away', async () => {
    posts.keep = () => Promise.reject(new Error('out of time'));
    await expect(bot.post(alert(1), plenty)).rejects.toThrow('out of time');
    const again = new SlackBot({ token, channel, posts: new MemoryPosts(), api: `${server.url}/api/` });
    await again.post(alert(1), plenty);
    expect(said().map(({ metadata }) => metadata)).toEqual(
      Array(2).fill({ event_type: 'plimsoll_alert', event_payload: { id: alert(1).id, telling: 1 } }),
    );
  });

  it('takes its own message away where another invocation was faster, and updates the one that stays', async () => {
    const get = posts.get.bind(posts);
    posts.get = async (id) => {
      const known = await get(id);
      posts.held.set(id, { message: '99.0', place: channel, telling: 1, replied: 1 });
      return known;
    };
    expect(await bot.post(alert(2), plenty)).toEqual({ outcome: 'posted' });
    expect(methods()).toEqual(['chat.postMessage', 'chat.delete', 'chat.update', 'chat.postMessage in thread']);
    expect(said()[1]).toMatchObject({ channel, ts: '1.0' });
    expect(said()[2]).toMatchObject({ ts: '99.0' });
  });

  it.each(['message_not_found', 'cant_update_message'])('posts anew at %s, and updates that message from then on', async (error) => {
    await bot.post(alert(1), plenty);
    server.script = [refusing(error)];
    expect(await bot.post(alert(2), plenty)).toEqual({ outcome: 'posted' });
    await bot.post(alert(3), plenty);
    expect(methods()).toEqual(['chat.postMessage', 'chat.update', 'chat.postMessage', 'chat.update', 'chat.postMessage in thread']);
    expect(said()[3]).toMatchObject({ ts: '2.0' });
  });

  it('posts anew where it was given another channel', async () => {
    await bot.post(alert(1), plenty);
    const moved = new SlackBot({ token, channel: 'C9999999999', posts, api: `${server.url}/api/` });
    await moved.post(alert(2), plenty);
    expect(said().map((body) => `${String(body['method'])} ${String(body['channel'])}`)).toEqual([
      `chat.postMessage ${channel}`,
      'chat.postMessage C9999999999',
    ]);
  });

  it('waits as long as it is told to, if there is time, and leaves it for later if not', async () => {
    server.script = [{ status: 429, headers: { 'retry-after': '1' } }];
    expect(await bot.post(alert(1), plenty)).toEqual({ outcome: 'posted' });
    server.script = [{ status: 429, headers: { 'retry-after': '60' } }];
    expect(await bot.post(alert(2), () => 30_000)).toEqual({ outcome: 'later', why: 'rate limited for 60000 ms', rateLimited: true });
    server.script = [refusing('ratelimited')];
    expect(await bot.post(alert(2), plenty)).toEqual({ outcome: 'later', why: 'ratelimited', rateLimited: true });
  });

  it('says it plainly where Slack refuses the blocks', async () => {
    server.script = [refusing('invalid_blocks')];
    expect(await bot.post(alert(1), plenty)).toEqual({ outcome: 'reduced', why: 'invalid_blocks' });
    expect(said().map((body) => 'blocks' in body)).toEqual([true, false]);
  });

  it.each(['channel_not_found', 'invalid_auth', 'not_in_channel', 'missing_scope', 'something_new'])('is refused at %s', async (error) => {
    server.usual = refusing(error);
    expect(await bot.post(alert(1), plenty)).toEqual({ outcome: 'refused', why: error });
    expect(posts.held.size).toBe(0);
  });

  it.each([refusing('internal_error'), { status: 502, body: '<html>' }])('leaves it for later at trouble of Slack', async (reply) => {
    server.usual = reply;
    expect(await bot.post(alert(1), plenty)).toMatchObject({ outcome: 'later', rateLimited: false });
  });

  it('takes what is no answer of Slack for a refusal', async () => {
    server.usual = { status: 200, body: 'ok' };
    expect(await bot.post(alert(1), plenty)).toEqual({ outcome: 'refused', why: 'status 200 ok' });
  });

  it('shows its token nowhere', async () => {
    server.usual = { status: 403, body: `bad ${token}` };
    for (const reply of [server.usual, refusing(`invalid_${token}`)]) {
      server.usual = reply;
      expect(JSON.stringify(await bot.post(alert(1), plenty))).not.toContain('very-secret');
    }
    await server.stop();
    expect(JSON.stringify(await bot.post(alert(1), plenty))).not.toMatch(/very-secret|127\.0\.0\.1/);
    server = await LocalHttp.start(slack);
  });

  it.each(['', 'very-secret', 'xoxb-very secret', 'xoxb-very-secret\nX: y', 'https://hooks.slack.com/very-secret'])(
    'is not made of "%s"',
    (wrong) => {
      expect(() => new SlackBot({ token: wrong, channel, posts })).toThrow(/^the Slack secret is not a bot token: it begins with xoxb-$/);
    },
  );

  it.each(['https://slack.com.example.com/api/', 'http://slack.com/api/', 'https://user@slack.com/api/'])('does not talk to %s', (api) => {
    expect(() => new SlackBot({ token, channel, posts, api })).toThrow('not on slack.com');
  });
});
