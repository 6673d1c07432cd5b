import { flow } from '../../detect/kit.ts';
import { isAwsService, mebibyte, senderText, sizeText, sureOf } from '../../knowledge/volume.ts';
import { iso } from '../../model/time.ts';

/** From here on the ratio says something; backups and images go to AWS's own services every day. */
const floors = { elsewhere: 20 * mebibyte, awsOwn: 500 * mebibyte };
/** Bytes out for one that comes back: a client gets more than it sends, and an upload little but acknowledgements. */
const lopsided = 20;
/** How many times its own usual ratio is unusual. */
const unusual = 5;
const warmUpDays = 3;

/** A sender that talked with a destination, or nobody did, now only sends to it. Strategy: ./ADS.md */
export const uploadRatio = flow.rollup({
  id: 'upload-ratio',
  title: 'Much more sent than received',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1041', 'T1048'],
  rows: ['D133'],
  needs: ['flow:bytes', 'flow:ports'],
  next: 'Ask the owner what is sent there and why; if nobody knows, isolate the sender and find out which data it can read.',
  judge: ({ from, to, reach, outside, bytes, back, past, calls }, { start }) => {
    const awsOwn = isAwsService(reach);
    // Without anything back, what came back was not logged: TCP always acknowledges.
    if (!outside || bytes < (awsOwn ? floors.awsOwn : floors.elsewhere) || back === 0 || bytes < lopsided * back) return undefined;
    if (past.days < warmUpDays) return undefined;
    const ratio = Math.round(bytes / back);
    const usual = past.usual((sums) => (sums.back === 0 ? 0 : Math.round(sums.bytes / sums.back)));
    if (usual === undefined ? past.hours.length > 0 : ratio < unusual * Math.max(1, usual.most)) return undefined;
    const before = usual === undefined ? 'it never sent any before' : `${String(usual.most)} was the most of ${String(usual.hours)} hours`;
    return {
      entity: from,
      about: to,
      summary:
        `${senderText(from)} sent ${sizeText(bytes)} to ${to} and got ${sizeText(back)} back in the hour from ${iso(start)}: ` +
        `${String(ratio)} bytes for each, where ${before}.`,
      baseline: {
        sent: bytes,
        received: back,
        ratio,
        ...(usual === undefined ? {} : { 'usual ratio': usual.median, 'highest ratio': usual.most }),
      },
      severity: awsOwn || calls.days >= warmUpDays ? 'low' : 'medium',
      confidence: sureOf(from),
    };
  },
});
