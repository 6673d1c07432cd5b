import type { Channel, Delivery } from '../alert/delivery.ts';
import { pagerDutyEvent } from '../alert/pagerduty.ts';
import type { PublishedAlert } from '../alert/published.ts';
import { addressOf, post } from './posting.ts';

const usual = 'https://events.pagerduty.com';

/** A PagerDuty service. Its routing key is a secret: it stands in no log and no error. */
export class PagerDuty implements Channel {
  private readonly key: string;
  private readonly url: URL;

  constructor(secret: string, endpoint = usual) {
    const base = addressOf(endpoint, ['events.pagerduty.com', 'events.eu.pagerduty.com']);
    if (base === undefined) throw new Error('the address of PagerDuty is not one of its event hosts');
    if (!/^[0-9A-Za-z]{32}$/.test(secret.trim())) throw new Error('the PagerDuty secret is not a routing key of 32 letters and digits');
    this.key = secret.trim();
    this.url = new URL('/v2/enqueue', base);
  }

  async post(alert: PublishedAlert, timeLeft: () => number): Promise<Delivery> {
    const answer = await post({ url: this.url, body: { routing_key: this.key, ...pagerDutyEvent(alert) }, secret: this.key }, timeLeft);
    if (!('kind' in answer)) return answer;
    if (answer.status === 202) return { outcome: 'posted' };
    return { outcome: 'refused', why: `status ${String(answer.status)} ${answer.said}` };
  }
}
