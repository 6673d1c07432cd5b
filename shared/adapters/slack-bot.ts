import type { Channel, Delivery } from '../alert/delivery.ts';
import type { Post, PostStore } from '../alert/posts.ts';
import type { PublishedAlert } from '../alert/published.ts';
import { type SlackMessage, slackChange, slackDetails, slackMessage, withoutBlocks } from '../alert/slack.ts';
import { at, parseJson, text } from '../model/json.ts';
import { addressOf, post } from './posting.ts';

/** What a bot needs to know. */
interface SlackBotSettings {
  /** Bot token with the scope `chat:write`: a secret, in no log and no error. */
  readonly token: string;
  /** Id of a channel that the bot is a member of. */
  readonly channel: string;
  readonly posts: PostStore;
  readonly api?: string | undefined;
}

/** Slack's answer, once it is neither a limit nor trouble. Source: Slack developer documentation, chat.postMessage, chat.update. */
interface Said {
  readonly kind: 'said';
  /** Empty where all is well. */
  readonly error: string;
  readonly message: string;
  readonly place: string;
}

/** Somebody took the message away, or Slack lets nobody change it any more: a new one is posted. */
const gone = ['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found'];
const blocksRefused = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'invalid_attachments'];
const passing = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'];

/**
 * A Slack bot: one message for an alert, brought up to date in place, and a thread that says what changed. Told twice, it says it
 * once, except where it is cut off between Slack's answer and remembering it: then the message stands twice, and both carry the
 * alert's id in their metadata.
 */
export class SlackBot implements Channel {
  private readonly settings: SlackBotSettings;
  private readonly api: URL;

  constructor(settings: SlackBotSettings) {
    const api = addressOf(settings.api ?? 'https://slack.com/api/', ['slack.com']);
    if (api === undefined) throw new Error('the address of Slack is not on slack.com');
    // Whatever else it is: it goes into a header, where a line break would be an error that shows it.
    if (!/^xoxb-[\w-]{1,300}$/.test(settings.token.trim())) throw new Error('the Slack secret is not a bot token: it begins with xoxb-');
    this.settings = { ...settings, token: settings.token.trim() };
    this.api = api;
  }

  async post(alert: PublishedAlert, timeLeft: () => number): Promise<Delivery> {
    const telling = alert.telling ?? alert.count;
    const known = await this.settings.posts.get(alert.id);
    if (known === undefined) return this.first(alert, telling, undefined, timeLeft);
    if (known.telling > telling || (known.telling === telling && known.replied >= telling)) return { outcome: 'posted' };
    // The channel is another one now: what stood in the former one stays there as it is.
    if (known.place !== this.settings.channel) return this.first(alert, telling, known, timeLeft);
    return this.again(alert, telling, known, timeLeft);
  }

  /** A new message, in place of one that is gone, if there was one. */
  private async first(alert: PublishedAlert, telling: number, former: Post | undefined, timeLeft: () => number): Promise<Delivery> {
    const body = { ...slackMessage(alert), channel: this.settings.channel, metadata: metadataOf(alert, telling) };
    const posted = await this.say('chat.postMessage', body, timeLeft);
    if (!('message' in posted)) return posted;
    const made: Post = { message: posted.message, place: posted.place, telling, replied: 0 };
    const held = await this.settings.posts.keep(alert.id, made, former);
    if (held.message !== made.message) {
      // Another invocation was faster: its message stays.
      await this.call('chat.delete', { channel: made.place, ts: made.message }, timeLeft);
      return held.telling >= telling ? posted.delivery : this.again(alert, telling, held, timeLeft);
    }
    return this.reply(alert, held, slackDetails(alert), posted.delivery, timeLeft);
  }

  /** The message as it is now, and in its thread what changed. */
  private async again(alert: PublishedAlert, telling: number, known: Post, timeLeft: () => number): Promise<Delivery> {
    const body = { ...slackMessage(alert), channel: known.place, ts: known.message, metadata: metadataOf(alert, telling) };
    const updated = await this.say('chat.update', body, timeLeft);
    if ('outcome' in updated && updated.outcome === 'refused' && gone.includes(updated.why))
      return this.first(alert, telling, known, timeLeft);
    if (!('message' in updated)) return updated;
    // A first telling that was cut off before its thread gets the thread it should have had.
    const words = known.telling === telling && known.replied === 0 ? slackDetails(alert) : slackChange(alert);
    return this.reply(alert, { ...known, telling }, words, updated.delivery, timeLeft, known);
  }

  private async reply(
    alert: PublishedAlert,
    told: Post,
    words: SlackMessage | undefined,
    delivery: Delivery,
    timeLeft: () => number,
    known = told,
  ): Promise<Delivery> {
    if (words !== undefined) {
      const replied = await this.say('chat.postMessage', { ...words, channel: told.place, thread_ts: told.message }, timeLeft);
      if (!('message' in replied)) return replied;
    }
    await this.settings.posts.keep(alert.id, { ...told, replied: told.telling }, known);
    return delivery;
  }

  /** Says something, plainly where Slack refuses the blocks: a block must not keep the alert from people. */
  private async say(
    method: string,
    body: SlackMessage & Readonly<Record<string, unknown>>,
    timeLeft: () => number,
  ): Promise<Delivery | (Said & { readonly delivery: Delivery })> {
    const answer = await this.call(method, body, timeLeft);
    if ('outcome' in answer) return answer;
    if (answer.error === '') return { ...answer, delivery: { outcome: 'posted' } };
    if (!blocksRefused.includes(answer.error) || body.blocks === undefined) return { outcome: 'refused', why: answer.error };
    const plainly = await this.call(method, withoutBlocks(body), timeLeft);
    if ('outcome' in plainly) return plainly;
    if (plainly.error !== '') return { outcome: 'refused', why: plainly.error };
    return { ...plainly, delivery: { outcome: 'reduced', why: answer.error } };
  }

  private async call(
    method: string,
    body: unknown,
    timeLeft: () => number,
  ): Promise<Said | Extract<Delivery, { outcome: 'later' | 'refused' }>> {
    const { token } = this.settings;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await post({ url: new URL(method, this.api), body, headers, secret: token }, timeLeft);
    if (!('kind' in answer)) return answer;
    const said = parseJson(answer.body);
    if (answer.status !== 200 || at(said, 'ok') === undefined)
      return { outcome: 'refused', why: `status ${String(answer.status)} ${answer.said}` };
    const error = at(said, 'ok') === true ? '' : (text(at(said, 'error')) ?? 'unknown').replace(/\W/g, ' ').slice(0, 60);
    if (error === 'ratelimited' || error === 'rate_limited') return { outcome: 'later', why: error, rateLimited: true };
    if (passing.includes(error)) return { outcome: 'later', why: error, rateLimited: false };
    return { kind: 'said', error, message: text(at(said, 'ts')) ?? '', place: text(at(said, 'channel')) ?? this.settings.channel };
  }
}

/** By which a message that stands twice is recognised. */
function metadataOf({ id }: PublishedAlert, telling: number) {
  return { event_type: 'plimsoll_alert', event_payload: { id, telling } };
}
