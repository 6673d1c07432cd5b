import { flow } from '../../detect/kit.ts';
import { gibibyte, isAwsService, mebibyte, senderText, sizeText, sureOf, unusualFrom } from '../../knowledge/volume.ts';
import { iso } from '../../model/time.ts';

/** Bytes in an hour. Backups and images go to services of AWS every day: the bar is higher there. */
const ceilings = {
  elsewhere: { floor: 100 * mebibyte, much: gibibyte, most: 5 * gibibyte },
  awsOwn: { floor: gibibyte, much: 10 * gibibyte, most: 50 * gibibyte },
};

/** One sender uploads more to one destination in an hour than it ever did, or than anybody should without being asked. Strategy: ./ADS.md */
export const uploadVolume = flow.rollup({
  id: 'upload-volume',
  title: 'Large upload to one external destination',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1041', 'T1048', 'T1567'],
  rows: ['D133'],
  needs: ['flow:bytes'],
  next: 'Ask the owner whether a backup or export to there was planned; if not, isolate the sender and find out which data it can read.',
  judge: ({ from, to, reach, outside, bytes, packets, past }, { start, minutes }) => {
    const { floor, much, most } = isAwsService(reach) ? ceilings.awsOwn : ceilings.elsewhere;
    if (!outside || bytes < floor) return undefined;
    const usual = bytes >= much ? undefined : past.usual((sums) => sums.bytes);
    const limit = usual === undefined ? much : Math.min(much, unusualFrom(usual, floor));
    if (bytes < limit) return undefined;
    const than = usual === undefined ? 'is the limit' : `is three times the most of the ${String(usual.hours)} hours in which it sent any`;
    return {
      entity: from,
      about: to,
      summary:
        `${senderText(from)} sent ${sizeText(bytes)} in ${String(packets)} packets to ${to} in the ${String(minutes)} minutes from ` +
        `${iso(start)}, where ${sizeText(limit)} ${than}.`,
      baseline: {
        limit: Math.round(limit),
        'high from': most,
        sent: bytes,
        ...(usual === undefined ? {} : { 'median hour': usual.median, 'most in an hour': usual.most, hours: usual.hours }),
      },
      severity: bytes >= most ? 'high' : bytes >= much || floor < gibibyte ? 'medium' : 'low',
      confidence: sureOf(from),
    };
  },
});
