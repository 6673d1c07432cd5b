import { flow } from '../../detect/kit.ts';
import { mebibyte, senderText, sizeText, sureOf, unusualFrom } from '../../knowledge/volume.ts';
import { iso } from '../../model/time.ts';

/** ICMP and ICMPv6. Source: IANA protocol numbers. */
const icmp: ReadonlySet<number> = new Set([1, 58]);
/** Bytes in an hour: one ping a second, with the answer, is a third of a mebibyte each way. */
const limit = 5 * mebibyte;

/** So much travels in ICMP that it carries data. Strategy: ./ADS.md */
export const icmpVolume = flow.serviceRollup({
  id: 'icmp-volume',
  title: 'Data in ICMP to the outside',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1095'],
  rows: ['D141'],
  needs: ['flow:bytes'],
  next: 'Ask the owner whether something measures the network; if not, isolate the pod: tunnels and floods travel in ICMP.',
  judge: ({ from, to, outside, protocol, bytes, back, packets, past }, { start }) => {
    if (!outside || !icmp.has(protocol) || bytes + back < limit) return undefined;
    const usual = past.usual((sums) => sums.bytes + sums.back);
    const most = usual === undefined ? limit : unusualFrom(usual, limit);
    if (bytes + back < most) return undefined;
    return {
      entity: from,
      about: to,
      summary:
        `${senderText(from)} sent ${sizeText(bytes)} of ICMP in ${String(packets)} packets to ${to} and got ${sizeText(back)} back in the hour ` +
        `from ${iso(start)}, where ${sizeText(most)} is the limit.`,
      baseline: { limit: Math.round(most), sent: bytes, received: back, 'bytes in a packet': Math.round(bytes / Math.max(1, packets)) },
      confidence: sureOf(from),
    };
  },
});
