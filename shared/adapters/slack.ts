import { setTimeout as wait } from 'node:timers/promises';
import type { Channel, Delivery } from '../alert/delivery.ts';
import { type SlackMessage, withoutBlocks } from '../alert/slack.ts';

const patience = 8_000;
/** Time an invocation needs after its last wait. */
const reserve = 2_000;

/** A Slack incoming webhook. Its URL is a secret: it stands in no log and no error. */
export class SlackWebhook implements Channel {
  private readonly url: URL;

  constructor(url: string) {
    const parsed = URL.parse(url.trim());
    const local = parsed?.hostname === '127.0.0.1' || parsed?.hostname === 'localhost';
    if (parsed === null || (parsed.protocol !== 'https:' && !local))
      throw new Error('the Slack secret is not the https URL of an incoming webhook');
    this.url = parsed;
  }

  /** Posts a message. Told to slow down it waits, if that fits into the time left (milliseconds). */
  async post(message: SlackMessage, timeLeft: () => number): Promise<Delivery> {
    for (;;) {
      const answer = await this.send(message, Math.min(patience, timeLeft() - reserve));
      if (answer.kind === 'trouble') return { outcome: 'later', why: answer.why, rateLimited: false };
      if (answer.status === 429) {
        if (answer.retryAfter > timeLeft() - reserve - patience / 2) {
          return { outcome: 'later', why: `rate limited for ${String(answer.retryAfter)} ms`, rateLimited: true };
        }
        await wait(answer.retryAfter);
        continue;
      }
      if (answer.status === 200) return { outcome: 'posted' };
      if (answer.status >= 500) return { outcome: 'later', why: `status ${String(answer.status)}`, rateLimited: false };
      return this.withoutBlocks(message, `status ${String(answer.status)} ${answer.said}`, answer.status, timeLeft);
    }
  }

  /** A block that Slack does not like must not keep the alert from people. */
  private async withoutBlocks(message: SlackMessage, why: string, status: number, timeLeft: () => number): Promise<Delivery> {
    if (status !== 400 || message.blocks === undefined) return { outcome: 'refused', why };
    const delivery = await this.post(withoutBlocks(message), timeLeft);
    return delivery.outcome === 'posted' ? { outcome: 'posted-without-blocks', why } : delivery;
  }

  private async send(message: SlackMessage, within: number): Promise<Answer> {
    if (within <= 0) return { kind: 'trouble', why: 'no time left' };
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal: AbortSignal.timeout(within),
      });
      const said = (await response.text()).slice(0, 100).replace(/[^\w .-]/g, ' ');
      return { kind: 'answer', status: response.status, said, retryAfter: retryAfterOf(response.headers.get('retry-after')) };
    } catch (error) {
      // Messages of fetch may repeat the URL; names and codes do not.
      return { kind: 'trouble', why: error instanceof Error ? troubleOf(error) : 'unknown trouble' };
    }
  }
}

type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly said: string; readonly retryAfter: number }
  | { readonly kind: 'trouble'; readonly why: string };

function troubleOf(error: Error): string {
  const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined;
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}

/** Slack gives whole seconds. */
function retryAfterOf(header: string | null): number {
  const seconds = Number(header ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 1_000;
}
