import { parseJson } from '../model/json.ts';
import { type SlackMessage, slackMessage } from './slack.ts';

/** What became of a post. `later`: worth another attempt; `refused`: none will do, as far as one can tell. */
export type Delivery =
  | { readonly outcome: 'posted' }
  | { readonly outcome: 'posted-without-blocks'; readonly why: string }
  | { readonly outcome: 'later'; readonly why: string; readonly rateLimited: boolean }
  | { readonly outcome: 'refused'; readonly why: string };

/** A place where people read messages. */
export interface Channel {
  /** `timeLeft` tells how many milliseconds the caller still has. */
  post(message: SlackMessage, timeLeft: () => number): Promise<Delivery>;
}

/** A published alert on its way. */
interface Letter {
  readonly id: string;
  readonly body: string;
}

/** What became of a letter that did not arrive as it should. */
interface Trouble {
  readonly id: string;
  readonly what: 'unreadable' | 'posted-without-blocks' | 'later' | 'refused';
  readonly why: string;
}

/** What became of all letters. */
interface Delivered {
  readonly posted: number;
  /** Letters that must come back. */
  readonly failed: readonly string[];
  readonly troubles: readonly Trouble[];
}

/**
 * Posts letters one after the other. Whatever was not posted fails and comes back: what is refused, too, so that the
 * queue hands it to its dead letters, where a person finds it, rather than letting it disappear. Once the channel
 * asks for more time than is left, the rest is not tried.
 */
export async function deliver(letters: readonly Letter[], channel: Channel, timeLeft: () => number): Promise<Delivered> {
  const troubles: Trouble[] = [];
  const failed: string[] = [];
  let posted = 0;
  let rateLimited = false;
  for (const { id, body } of letters) {
    const message = slackMessage(parseJson(body));
    if (message === undefined) {
      troubles.push({ id, what: 'unreadable', why: 'the message is not an alert' });
      failed.push(id);
      continue;
    }
    const delivery: Delivery = rateLimited
      ? { outcome: 'later', why: 'rate limited before', rateLimited }
      : await channel.post(message, timeLeft);
    if (delivery.outcome !== 'posted') troubles.push({ id, what: delivery.outcome, why: delivery.why });
    if (delivery.outcome === 'later') rateLimited = delivery.rateLimited;
    if (delivery.outcome === 'posted' || delivery.outcome === 'posted-without-blocks') posted += 1;
    else failed.push(id);
  }
  return { posted, failed, troubles };
}
