import { describe, expect, test } from 'vitest';
import { flowFormat } from '../../shared/contract/logs.ts';
import { podRangeOf } from '../../shared/knowledge/pod-range.ts';
import { publicResolver } from '../../shared/knowledge/public-resolvers.ts';
import { goesOut } from '../../shared/knowledge/sender-habits.ts';
import { isShortTalk, sampledConnections, sampling } from '../../shared/knowledge/sender.ts';
import { type FlowEvent, type Peer } from '../../shared/model/flow.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import { readFlow } from '../../shared/model/normalise.ts';
import { siteOf } from '../../shared/model/site.ts';
import { recordsOf, scope } from '../support/records.ts';

/** What detections on traffic share about who sends where. */

const site = siteOf({ networks: { vpc: ['10.0.0.0/16'], named: { pods: '10.0.64.0/18' } } });
const peer = (address: string): Peer => ({
  address,
  network: site.addresses.network(address),
  reach: site.addresses.reach(address),
  service: '',
  lists: [],
  system: undefined,
});

interface Sent {
  readonly to: string;
  readonly from: number;
  readonly bytes: number;
  readonly flags: number;
  readonly minutes: number;
}

/** A line in the product's own format: a record of one connection's minute, as the sender's interface saw it. */
function line({ to = '203.0.113.9', from = 40_000, bytes = 2_000, flags = 2, minutes = 0 }: Partial<Sent>): string {
  return `5 111122223333 eni-1 10.0.1.31 ${to} ${String(from)} 22 6 9 ${String(bytes)} ${String(1773110460 + 60 * minutes)} ${String(1773110515 + 60 * minutes)} ACCEPT OK vpc-1 subnet-1 i-1 ${String(flags)} IPv4 10.0.1.31 ${to} euc1-az1 - - egress 8`;
}

function conversation(...lines: readonly string[]): FlowEvent {
  const { traffic } = readFlow(recordsOf(lines), flowFormatOf(flowFormat), scope, site);
  const [event] = traffic.events;
  if (event === undefined || traffic.events.length > 1) throw new Error('not one conversation');
  return event;
}

describe('traffic goes out', () => {
  test.each(['203.0.113.9', '223.255.255.254', '240.0.0.1'])('to %s', (to) => {
    expect(goesOut(conversation(line({ to })))).toBe(true);
  });

  test.each(['224.0.0.251', '239.255.255.250', '255.255.255.255', 'ff02::fb', 'FF05::2', '10.0.2.7'])('not to %s', (to) => {
    expect(goesOut(conversation(line({ to })))).toBe(false);
  });
});

describe('connections', () => {
  test('are told apart by the port they come from, and only those that open count', () => {
    const event = conversation(line({ from: 40_000 }), line({ from: 40_001 }), line({ from: 40_001 }), line({ from: 40_002, flags: 0 }));
    expect(event.openedFrom).toEqual([40_000, 40_001]);
  });

  test.each([
    ['a handshake and nothing', 250, false],
    ['a login that is refused', 2_300, true],
    ['a session', 50_000, false],
  ])('%s is a short talk or not', (_, bytes, short) => {
    expect(isShortTalk(conversation(line({ bytes })))).toBe(short);
  });

  test('that were open before are no talk of this minute', () => {
    expect(isShortTalk(conversation(line({ flags: 0 })))).toBe(false);
  });
});

describe('the share of connections that is counted', () => {
  const ports = Array.from({ length: 640 }, (_, index) => 33_000 + index);

  test.each([
    ['of ports in a row', ports],
    ['of even ports, which Linux gives clients first', ports.map((port) => 2 * (port - 33_000) + 33_000)],
  ])('is one in sixteen %s', (_, from) => {
    const event = conversation(...from.map((port) => line({ from: port })));
    expect(sampledConnections(event)).toHaveLength(from.length / sampling);
  });

  test('is another one in another minute', () => {
    const share = (minutes: number): readonly number[] =>
      sampledConnections(conversation(...ports.map((port) => line({ from: port, minutes }))));
    expect(share(1).filter((port) => share(0).includes(port))).toEqual([]);
  });
});

describe('the neighbourhood of an address among pods', () => {
  test.each([
    ['10.0.1.31', '10.0.1.0/24'],
    ['10.0.65.7', 'pods'],
    ['2001:db8:a000:1::31', '2001:db8:a000:1::/64'],
    ['2001:db8:a000:2::31', '2001:db8:a000:2::/64'],
  ])('of %s is %s', (address, range) => {
    expect(podRangeOf(peer(address))).toBe(range);
  });
});

test('public resolvers are known by their addresses of both families', () => {
  expect(['9.9.9.9', '2620:fe::fe', '203.0.113.9', '', '__proto__', 'constructor'].map(publicResolver)).toEqual([
    'Quad9',
    'Quad9',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
