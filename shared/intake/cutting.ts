import { gzipSync } from 'node:zlib';
import { truncationMark } from '../model/salvage.ts';
import { kindOfStream } from './subscription.ts';

/** A line as it lies in a log group. */
export interface StoredLine {
  readonly id: string;
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
}

/** Where lines lie. */
export interface Origin {
  readonly account: string;
  readonly group: string;
}

/** A payload like those of a subscription, and how many lines it holds. */
export interface Cut {
  readonly data: string;
  readonly lines: number;
}

/** As CloudWatch Logs cuts them, more or less: a payload is well below the largest that a function takes. */
const mostLines = 500;
const mostBytes = 1_000_000;

/** Whether a stream of a control-plane log group is one that is read at all; of any other group all are. */
function isRead(group: string, stream: string): boolean {
  const kind = kindOfStream(stream);
  return !/^\/aws\/eks\/[^/]+\/cluster$/.test(group) || kind === 'audit' || kind === 'authenticator';
}

/**
 * Cuts all lines of a stretch of time into payloads as a subscription would deliver them: of one stream each, in an order that
 * follows from the lines alone, so that the same lines make the same payloads whenever they are read. `now` is when they come:
 * it tells that they come late. A line that CloudWatch cut has no other time than that it was stored.
 */
export function cut(lines: readonly StoredLine[], { account, group }: Origin, now: number): readonly Cut[] {
  const once = [...new Map(lines.map((line) => [line.id, line])).values()].filter(({ stream }) => isRead(group, stream));
  const streams = Map.groupBy(
    once.sort((a, b) => compare(a.stream, b.stream) || a.time - b.time || compare(a.id, b.id)),
    ({ stream }) => stream,
  );
  return [...streams].flatMap(([stream, all]) =>
    runsOf(all).map((run) => {
      const logEvents = run.map(({ id, time, message }) => ({ id, timestamp: message.endsWith(truncationMark) ? time : now, message }));
      const envelope = {
        messageType: 'DATA_MESSAGE',
        owner: account,
        logGroup: group,
        logStream: stream,
        subscriptionFilters: [],
        logEvents,
      };
      return { data: gzipSync(JSON.stringify(envelope)).toString('base64'), lines: run.length };
    }),
  );
}

/** What Lambda hands to a function that a log group is subscribed to. */
export function asDelivered({ data }: Cut): unknown {
  return { awslogs: { data } };
}

function runsOf(lines: readonly StoredLine[]): StoredLine[][] {
  const runs: StoredLine[][] = [];
  let run: StoredLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    const more = Buffer.byteLength(line.message);
    if (run.length > 0 && (run.length === mostLines || bytes + more > mostBytes)) {
      runs.push(run);
      [run, bytes] = [[], 0];
    }
    run.push(line);
    bytes += more;
  }
  return run.length === 0 ? runs : [...runs, run];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
