import { type Beats, flow } from '../../detect/kit.ts';
import { rhythmOf } from '../../knowledge/rhythm.ts';
import { senderText, sizeText, sureOf } from '../../knowledge/volume.ts';
import { day, iso, minute } from '../../model/time.ts';

/** A destination that was called on so many days is known, by whomever: metrics, heartbeats and updates go there. */
const knownDays = 3;
/** A destination that more senders call is not one workload's secret. */
const mostCallers = 2;
/** Calls, minutes from first to last, and the share of regular gaps that make a rhythm. */
const fewest = { calls: 10, lasts: 90, regular: 0.8 };
const longestPeriod = 120;

/** Whether small minutes held about the same: in each hour, and from hour to hour. */
function isUniform(beats: readonly Beats[]): boolean {
  const sizes = beats.filter(({ small }) => small.length > 0);
  const medians = sizes.map(({ bytes }) => bytes);
  return Math.max(...medians) <= 1.5 * Math.min(...medians) && sizes.every(({ bytes, away }) => away <= bytes / 4);
}

/** A workload calls a rare destination at regular times with little to say. Strategy: ./ADS.md */
export const regularCallsOutside = flow.serviceRollup({
  id: 'regular-calls-outside',
  title: 'Regular small calls to a destination that nobody else calls',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1071', 'T1571'],
  rows: ['D134'],
  next: 'Look up who owns the address and ask the workload’s owner what calls it; if nobody knows, isolate the pod and keep it for analysis.',
  judge: ({ from, to, outside, port, protocol, bytes, packets, attempts, beats, past, calls }, { start }) => {
    if (!outside || past.days < knownDays || calls.days >= knownDays || calls.callers.size > mostCallers) return undefined;
    if (isTimeProtocol(protocol, port, bytes, packets)) return undefined;
    const last = beats.at(-1);
    const recent = beats.filter((hour) => (hour.small[0] ?? hour.busy[0] ?? 0) * minute > start - day);
    if (last === undefined || last.small.length === 0) return undefined;
    const rhythm = rhythmOf(
      recent.flatMap(({ small }) => small),
      new Set(recent.flatMap(({ busy }) => busy)),
    );
    if (rhythm === undefined || rhythm.period > longestPeriod || rhythm.times < fewest.calls || rhythm.lasts < fewest.lasts)
      return undefined;
    if (rhythm.regular < fewest.regular || !isUniform(recent)) return undefined;
    const { period, times, lasts, regular } = rhythm;
    const opened = attempts >= last.small.length / 2;
    return {
      entity: from,
      about: `${to} ${String(protocol)}/${String(port)}`,
      summary:
        `${senderText(from)} called ${to} on port ${String(port)} every ${period === 1 ? 'minute' : `${String(period)} minutes`}, ` +
        `${String(times)} times in the ${String(lasts)} minutes until ${iso((last.small.at(-1) ?? 0) * minute)}, with about ${sizeText(last.bytes)} each; ` +
        `${String(calls.callers.size - 1)} others in this cluster call it, and on ${String(calls.days)} days anybody did before.`,
      baseline: {
        'period in minutes': period,
        calls: times,
        'regular gaps in percent': Math.round(100 * regular),
        'bytes each': last.bytes,
        'known on days': calls.days,
      },
      // Heartbeats of one lasting connection are common; malware calls anew each time.
      severity: opened ? 'medium' : 'low',
      confidence: sureOf(from),
    };
  },
});

/** NTP clients poll at powers of two seconds, servers that a pool hands out. Its packets have one size. Source: RFC 5905. */
function isTimeProtocol(protocol: number, port: number, bytes: number, packets: number): boolean {
  const largestPacket = 96;
  return protocol === 17 && port === 123 && bytes <= packets * largestPacket;
}
