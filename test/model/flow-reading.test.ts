import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEnvelope } from '../../shared/intake/envelope.ts';
import { readList } from '../../shared/lists/reading.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import { ListShelf } from '../../shared/model/listed.ts';
import { type FlowReading, readFlow } from '../../shared/model/normalise.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { siteOf } from '../../shared/model/site.ts';
import { recordsOf, scope } from '../support/records.ts';

/** What flow lines tell does not depend on how they come: as text, or as bytes of an envelope of which no text is made. */

const names =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes end action log-status tcp-flags pkt-srcaddr pkt-dst-aws-service flow-direction';
const format = flowFormatOf(names);
const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });

const address = fc.constantFrom(
  ...['10.0.0.1', '10.0.0.2', '203.0.113.9', '2001:db8::1', '010.0.0.1', '10.0.0.999', '10.0.0', 'é', 'a\\b', '"', '-'],
);
const port = fc.constantFrom('443', '53', '40000', '40001', '-', '0', 'x', '99999');
const count = fc.constantFrom('0', '60', '-', '9007199254740993', '1e3');
const line = fc
  .tuple(
    fc.constantFrom('eni-1', 'eni-2', 'eni-ü', '-'),
    ...([address, address, port, port] as const),
    fc.constantFrom('6', '17', '1', '-'),
    ...([count, count] as const),
    fc.constantFrom('1773110459', '1773110519', '1773110459000', '-'),
    fc.constantFrom('ACCEPT', 'REJECT', '-'),
    fc.constantFrom('OK', 'OK', 'OK', 'NODATA', 'SKIPDATA'),
    fc.constantFrom('2', '18', '0', '-'),
    address,
    fc.constantFrom('-', 'S3', 'EC2'),
    fc.constantFrom('ingress', 'egress', '-'),
  )
  .chain((fields) =>
    fc.constantFrom(fields.join(' '), fields.join(' '), fields.join('  '), ` ${fields.join(' ')}`, fields.slice(1).join(' ')),
  );

/** The records that an envelope with these lines holds, none of which was looked at. */
function inEnvelope(lines: readonly string[]): LogRecord[] {
  const logEvents = lines.map((message, position) => ({ id: String(position), timestamp: 1_773_110_460_000, message }));
  const text = JSON.stringify({ messageType: 'DATA_MESSAGE', owner: '1', logGroup: 'g', logStream: 's', logEvents });
  return (openEnvelope(Buffer.from(text))?.logEvents ?? []) as LogRecord[];
}

function told({ traffic, rejects, skipped, repeated }: FlowReading) {
  return {
    events: traffic.events.map((event) => [
      ...[event.key, event.record, event.bytes, event.packets, event.lines, event.attempts, event.openedFrom, event.late],
      ...[event.initiator.address, event.responder.address, event.responder.service, event.initiator.reach, event.from, event.to],
    ]),
    replies: traffic.replies.map((reply) => [reply.time, reply.initiator.address, reply.responder.address, reply.port, reply.bytes]),
    gaps: traffic.gaps,
    rejects: rejects.map(({ reject, record }) => [reject, record.message]),
    skipped,
    repeated,
  };
}

describe('flow lines', () => {
  it('tell the same as bytes of an envelope and as text', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const asText = recordsOf(lines).map((record) => ({ ...record, ingested: 1_773_110_460_000 }));
        expect(told(readFlow(inEnvelope(lines), format, scope, site))).toEqual(told(readFlow(asText, format, scope, site)));
      }),
    );
  });

  it('have each one fate', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { traffic, rejects, skipped, repeated } = readFlow(inEnvelope(lines), format, scope, site);
        const judged = traffic.events.reduce((sum, event) => sum + event.lines, 0);
        expect(judged + rejects.length + repeated + Object.values(skipped).reduce((sum, each) => sum + each, 0)).toBe(lines.length);
      }),
    );
  });

  it('are read in the light of the lists there are then', () => {
    const shelf = new ListShelf();
    const listed = siteOf({ networks: { vpc: ['10.0.0.0/8'] } }, shelf);
    const sent = inEnvelope(['eni-1 10.0.0.1 203.0.113.9 40000 443 6 9 900 1773110459 ACCEPT OK 2 10.0.0.1 - egress']);
    const listsOf = () =>
      readFlow(sent, format, scope, listed).traffic.events.flatMap(({ responder }) => responder.lists.map(({ name }) => name));
    expect(listsOf()).toEqual([]);
    shelf.replace([{ name: 'relays', kind: 'tor', ...readList('tor', '203.0.113.9') }]);
    expect(listsOf()).toEqual(['relays']);
  });

  it('show who sends on what others sent, in the cluster where that is so: another may have the same address', () => {
    const passing = flowFormatOf(`${names} pkt-dstaddr`);
    const [came, wentOn] = [
      'eni-1 10.0.0.1 10.0.0.9 40000 443 6 9 900 1773110459 ACCEPT OK 2 10.0.0.1 - ingress 203.0.113.9',
      'eni-1 10.0.0.9 203.0.113.9 40000 443 6 9 900 1773110459 ACCEPT OK 2 10.0.0.9 - egress 203.0.113.9',
    ];
    const forwardedIn = (cluster: string, lines: readonly string[]) =>
      readFlow(inEnvelope(lines), passing, { ...scope, cluster }, site).traffic.events.map(({ isForwarded }) => isForwarded);
    expect(forwardedIn('passed', [wentOn, came])).toEqual([true, false]);
    expect(forwardedIn('passed', [wentOn])).toEqual([true]);
    expect(forwardedIn('another', [wentOn])).toEqual([false]);
  });
});
