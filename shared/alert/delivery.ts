import type { ChannelFilter } from '../contract/channels.ts';
import { parseJson } from '../model/json.ts';
import { type PublishedAlert, publishedAlert } from './published.ts';
import { wanted } from './routing.ts';

/**
 * What became of a post. `reduced`: told, though not as it should be; `later`: worth another attempt; `refused`: none will do,
 * as far as one can tell.
 */
export type Delivery =
  | { readonly outcome: 'posted' }
  | { readonly outcome: 'reduced'; readonly why: string }
  | { readonly outcome: 'later'; readonly why: string; readonly rateLimited: boolean }
  | { readonly outcome: 'refused'; readonly why: string };

/** A place where people, or their systems, hear of alerts. */
export interface Channel {
  /** `timeLeft` tells how many milliseconds the caller still has. */
  post(alert: PublishedAlert, timeLeft: () => number): Promise<Delivery>;
}

/** A published alert on its way. */
interface Letter {
  readonly id: string;
  readonly body: string;
}

/** What became of a letter that did not arrive as it should. */
interface Trouble {
  readonly id: string;
  /** `failed`: the attempt itself broke, which is ours to mend. */
  readonly what: 'unreadable' | 'reduced' | 'later' | 'refused' | 'failed';
  readonly why: string;
}

/** What became of all letters. */
interface Delivered {
  readonly posted: number;
  /** Letters that the channel's filter does not want. */
  readonly unwanted: number;
  /** Letters that must come back. */
  readonly failed: readonly string[];
  readonly troubles: readonly Trouble[];
}

/**
 * Posts letters one after the other. Whatever was not posted fails and comes back: what is refused, too, so that the
 * queue hands it to its dead letters, where a person finds it, rather than letting it disappear. Once the channel
 * asks for more time than is left, the rest is not tried.
 */
export async function deliver(
  letters: readonly Letter[],
  channel: Channel,
  timeLeft: () => number,
  filter: ChannelFilter = {},
): Promise<Delivered> {
  const troubles: Trouble[] = [];
  const failed: string[] = [];
  let posted = 0;
  let unwanted = 0;
  let rateLimited = false;
  for (const { id, body } of letters) {
    const alert = publishedAlert(parseJson(body));
    if (alert === undefined) {
      troubles.push({ id, what: 'unreadable', why: 'the message is not an alert' });
      failed.push(id);
      continue;
    }
    if (!wanted(alert, filter)) {
      unwanted += 1;
      continue;
    }
    const delivery: Attempt = rateLimited ? limited : await attempt(channel, alert, timeLeft);
    if (delivery.outcome !== 'posted') troubles.push({ id, what: delivery.outcome, why: delivery.why });
    if (delivery.outcome === 'later') rateLimited = delivery.rateLimited;
    if (delivery.outcome === 'posted' || delivery.outcome === 'reduced') posted += 1;
    else failed.push(id);
  }
  return { posted, unwanted, failed, troubles };
}

type Attempt = Delivery | { readonly outcome: 'failed'; readonly why: string };

const limited: Attempt = { outcome: 'later', why: 'rate limited before', rateLimited: true };

/** One letter that breaks must not bring back its neighbours, which would be told twice. */
async function attempt(channel: Channel, alert: PublishedAlert, timeLeft: () => number): Promise<Attempt> {
  try {
    return await channel.post(alert, timeLeft);
  } catch (error) {
    // The name only: what a service says may repeat what it was sent.
    return { outcome: 'failed', why: error instanceof Error ? error.name : 'no reason given' };
  }
}
