import type { Attribution, FlowEvent } from '../model/flow.ts';
import { minute } from '../model/time.ts';

/** Who had an address, for text: a workload with its pod, a node with its pods, a gateway, or an address nobody is known to have had. */
export function holderText({ entity, basis, pod }: Attribution, address: string): string {
  if (basis === 'pod') return `${entity.name} (pod ${pod}, ${address})`;
  if (basis === 'node') return `node ${entity.name} (${address}, or a pod on it)`;
  if (basis === 'gateway') return `gateway ${entity.name} (${address}, for anything behind it)`;
  return `${address}, which no pod or node is known to have had,`;
}

/** Whether a sender may only send again what others are told of: a gateway, or an address that nobody is known to have had. */
export function maySendOn({ basis }: Attribution): boolean {
  return basis === 'gateway' || basis === 'interface';
}

/** A connection attempt that carried next to nothing: refused, or a handshake and little more per record. */
export function isProbe({ accepted, attempts, bytes, lines, port }: FlowEvent): boolean {
  // Questions to a resolver are that small by nature, and are most of what a flow log holds.
  if (attempts === 0 || (accepted && port === dns)) return false;
  // Bytes are counted at the sender's interface: the receiver's view of the same conversation has none.
  return !accepted || (bytes > 0 && bytes <= lines * largestProbe);
}

const dns = 53;

/** Bytes of a full TCP handshake and teardown with options: 4 packets; a request of any protocol adds more. Source: RFC 9293, RFC 7323. */
const largestProbe = 300;

/** Bytes of an SSH, RDP or WinRM session that ends with a refused login: key exchange and a few proofs. Source: RFC 4253. */
const longestRefusedLogin = 5_000;

/** New connections that carried more than a handshake and no more than a login, as the sender's side saw them. */
export function isShortTalk({ openedFrom, bytes, lines }: FlowEvent, longest: number = longestRefusedLogin): boolean {
  return openedFrom.length > 0 && bytes > lines * largestProbe && bytes <= lines * longest;
}

/** One connection in this many is looked at where there are too many to count. */
export const sampling = 16;

/**
 * The client's ports of a share of the new connections, the same share however the log is cut. Which one it is changes with the minute, so that
 * nobody stays out of it by choosing ports; the lowest bit is left out, because Linux gives clients even ports first.
 */
export function sampledConnections({ openedFrom, time }: FlowEvent): readonly number[] {
  const turn = Math.floor(time / minute);
  return openedFrom.filter((port) => ((port >> 1) + turn) % sampling === 0);
}
