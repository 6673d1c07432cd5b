import { flow, type PastSums } from '../../detect/kit.ts';
import { gibibyte, isAwsService, mebibyte, senderText, sizeText, sureOf } from '../../knowledge/volume.ts';
import { day, hour, iso } from '../../model/time.ts';

/** Bytes in a day. */
const limits = { elsewhere: 512 * mebibyte, awsOwn: 20 * gibibyte };
/** In so many hours of the day it was sent: what is sent at once is told as it is. */
const fewestHours = 6;
const warmUpDays = 3;
/** On so many days before, half as much makes it a habit. */
const habitDays = 3;

/** What was sent in the 24 hours that end with the one that began at a time. */
const sentUntil = (hours: readonly PastSums[], last: number): number =>
  hours.reduce((sum, { start, bytes }) => (start <= last && start > last - day ? sum + bytes : sum), 0);

/** Over a day little by little leaves what at once would have been told. Strategy: ./ADS.md */
export const slowUpload = flow.rollup({
  id: 'slow-upload',
  title: 'Slow upload to one external destination over a day',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1041', 'T1048', 'T1567'],
  rows: ['D133'],
  needs: ['flow:bytes'],
  next: 'Ask the owner what is sent there all day; if nobody knows, isolate the sender and find out which data it can read.',
  judge: ({ from, to, reach, outside, bytes, back, past }, { start }) => {
    if (!outside || bytes <= back || past.days < warmUpDays) return undefined;
    const limit = isAwsService(reach) ? limits.awsOwn : limits.elsewhere;
    const recent = past.hours.filter((one) => one.start > start - day);
    const sent = bytes + sentUntil(recent, start);
    if (sent < limit || recent.length + 1 < fewestHours) return undefined;
    const before = [1, 2, 3, 4, 5, 6, 7].map((days) => sentUntil(past.hours, start - days * day));
    if (before.filter((each) => each >= sent / 2).length >= habitDays) return undefined;
    const most = Math.max(...before);
    return {
      entity: from,
      about: to,
      summary:
        `${senderText(from)} sent ${sizeText(sent)} to ${to} in ${String(recent.length + 1)} of the 24 hours until ${iso(start + hour)}, ` +
        `where ${sizeText(limit)} is the limit and ${sizeText(most)} was the most of the same 24 hours of the days before.`,
      baseline: { limit, sent, 'largest hour': Math.max(bytes, ...recent.map((one) => one.bytes)), 'most on a day before': most },
      confidence: sureOf(from),
    };
  },
});
