import type { Channel, Delivery } from '../alert/delivery.ts';
import type { PublishedAlert } from '../alert/published.ts';
import { type SlackMessage, slackMessage, withoutBlocks } from '../alert/slack.ts';
import { addressOf, post } from './posting.ts';

/** A Slack incoming webhook: a new message for each telling. Its URL is a secret: it stands in no log and no error. */
export class SlackWebhook implements Channel {
  private readonly url: URL;

  constructor(secret: string) {
    const url = addressOf(secret, ['hooks.slack.com']);
    if (url === undefined) throw new Error('the Slack secret is not the https URL of an incoming webhook on hooks.slack.com');
    this.url = url;
  }

  async post(alert: PublishedAlert, timeLeft: () => number): Promise<Delivery> {
    const message = slackMessage(alert);
    const first = await this.say(message, timeLeft);
    if (first.outcome !== 'refused' || !first.why.startsWith('status 400')) return first;
    // A block that Slack does not like must not keep the alert from people.
    const second = await this.say(withoutBlocks(message), timeLeft);
    return second.outcome === 'posted' ? { outcome: 'reduced', why: first.why } : second;
  }

  private async say(message: SlackMessage, timeLeft: () => number): Promise<Delivery> {
    const answer = await post({ url: this.url, body: message, secret: this.url.pathname }, timeLeft);
    if (!('kind' in answer)) return answer;
    if (answer.status === 200) return { outcome: 'posted' };
    return { outcome: 'refused', why: `status ${String(answer.status)} ${answer.said}` };
  }
}
