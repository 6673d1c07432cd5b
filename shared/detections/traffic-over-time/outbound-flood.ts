import { flow, type Service } from '../../detect/kit.ts';
import { senderText, sureOf } from '../../knowledge/volume.ts';
import { hour, iso, minute } from '../../model/time.ts';

/** Packets in a minute: 5 000 and 50 000 a second. */
const limit = 300_000;
const most = 3_000_000;
/** Bytes of a TCP packet that carries nothing, with options: a flood of SYN or ACK is of these. Source: RFC 9293. */
const emptyPacket = 80;
/** A victim answers little, if anything: less than a fiftieth. */
const answered = 50;
const tcp = 6;

/** Whether what was sent looks like a flood: empty packets, or datagrams that nobody answers. */
function looksLikeFlood({ protocol, bytes, packets, back }: Service): boolean {
  return protocol === tcp ? bytes <= packets * emptyPacket : back * answered < bytes;
}

/** A sender sends packets faster than anybody talks, and gets nothing back. Strategy: ./ADS.md */
export const outboundFlood = flow.senderRollup({
  id: 'outbound-flood',
  title: 'Flood of packets to the outside',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1498'],
  rows: ['D138'],
  needs: ['flow:bytes'],
  next: 'Isolate the sender at once, for others are being attacked from your network; then find out how it was taken over.',
  judge: ({ from, pairs, past }, { start }) => {
    const floods = pairs
      .filter(({ outside }) => outside)
      .flatMap(({ to, services }) => services.filter(looksLikeFlood).map((service) => ({ to, service })));
    const perMinute = new Map<number, number>();
    for (const { service } of floods)
      for (const [at, { packets }] of service.minutes) perMinute.set(at, (perMinute.get(at) ?? 0) + packets);
    const [peak = [0, 0]] = [...perMinute].sort(([, one], [, other]) => other - one);
    const [at, packets] = peak;
    const usual = past.usual((sums) => sums.packets);
    const sent = floods.reduce((sum, { service }) => sum + service.packets, 0);
    if (packets < limit || sent < 3 * (usual?.most ?? 0)) return undefined;
    const [main] = [...floods].sort((one, other) => other.service.packets - one.service.packets);
    const share =
      main === undefined ? '' : `, most to ${main.to} port ${String(main.service.port)} of protocol ${String(main.service.protocol)}`;
    const before = usual === undefined ? '' : `; in ${String(usual.hours)} hours before it sent ${String(usual.most)} packets at most`;
    return {
      entity: from,
      summary:
        `${senderText(from)} sent ${String(packets)} packets in the minute from ${iso(start + at * minute)}${share}, where ${String(limit)} is the limit, ` +
        `and ${String(sent)} in the hour until ${iso(start + hour)}${before}.`,
      baseline: {
        limit,
        'packets in a minute': packets,
        minutes: perMinute.size,
        ...(usual === undefined ? {} : { 'most in an hour': usual.most }),
      },
      severity: packets >= most ? 'critical' : 'high',
      confidence: sureOf(from),
    };
  },
});
