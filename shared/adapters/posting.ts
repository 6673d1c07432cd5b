import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery } from '../alert/delivery.ts';

const patience = 8_000;
/** Time an invocation needs after its last wait. */
const reserve = 2_000;

/** What a service answered, other than to wait and try again. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly body: string;
  /** The beginning of the body in harmless characters, for logs. */
  readonly said: string;
}

/** No answer that one could act on. */
type Later = Extract<Delivery, { outcome: 'later' }>;

/** What is posted. */
interface Post {
  readonly url: URL;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The secret that the request carries: an answer that repeats it is rid of it. */
  readonly secret: string;
}

/** The address, if it is one of a service's own hosts over https; tests have theirs on the local machine. */
export function addressOf(url: string, hosts: readonly string[]): URL | undefined {
  const parsed = URL.parse(url.trim());
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return undefined;
  const local = parsed.hostname === '127.0.0.1' || parsed.hostname === 'localhost';
  return local || (parsed.protocol === 'https:' && parsed.port === '' && hosts.includes(parsed.hostname)) ? parsed : undefined;
}

/**
 * Posts JSON. Told to slow down it waits, if that fits into the time left (milliseconds). A secret that is part of the request stands in
 * no answer: messages of `fetch` may repeat the URL, and services what they were sent.
 */
export async function post(request: Post, timeLeft: () => number): Promise<Answer | Later> {
  for (;;) {
    const answer = await send(request, Math.min(patience, timeLeft() - reserve));
    if (answer.kind === 'trouble') return { outcome: 'later', why: answer.why, rateLimited: false };
    if (answer.status >= 500) return { outcome: 'later', why: `status ${String(answer.status)}`, rateLimited: false };
    if (answer.status !== 429) return answer;
    const { retryAfter } = answer;
    if (retryAfter > timeLeft() - reserve - patience / 2)
      return { outcome: 'later', why: `rate limited for ${String(retryAfter)} ms`, rateLimited: true };
    await wait(retryAfter);
  }
}

type Sent = (Answer & { readonly retryAfter: number }) | { readonly kind: 'trouble'; readonly why: string };

async function send({ url, body, headers, secret }: Post, within: number): Promise<Sent> {
  if (within <= 0) return { kind: 'trouble', why: 'no time left' };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(within),
    });
    const text = (await response.text()).replaceAll(secret, '');
    const said = text.slice(0, 100).replace(/[^\w .-]/g, ' ');
    return { kind: 'answer', status: response.status, body: text, said, retryAfter: retryAfterOf(response.headers.get('retry-after')) };
  } catch (error) {
    return { kind: 'trouble', why: error instanceof Error ? troubleOf(error) : 'unknown trouble' };
  }
}

function troubleOf(error: Error): string {
  const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined;
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}

/** Slack and PagerDuty give whole seconds. */
function retryAfterOf(header: string | null): number {
  const seconds = Number(header ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 1_000;
}
