import { flow } from '../../detect/kit.ts';
import { isAwsOwn } from '../../model/destination.ts';

const gibibyte = 1024 ** 3;

/** Bytes in an hour. Backups and images go to services of AWS every day: the bar is higher there. */
const ceilings = { elsewhere: { much: gibibyte, most: 5 * gibibyte }, awsOwn: { much: 10 * gibibyte, most: 50 * gibibyte } };

const inGibibytes = (bytes: number): string => `${(bytes / gibibyte).toFixed(1)} GiB`;

/** One sender uploads more to one destination in an hour than anybody should without being asked. Strategy: ./ADS.md */
export const uploadVolume = flow.rollup({
  id: 'upload-volume',
  title: 'Large upload to one external destination',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1041', 'T1048', 'T1567'],
  rows: ['D133'],
  needs: ['flow:bytes'],
  next: 'Ask the owner whether a backup or export to there was planned; if not, isolate the sender and find out which data it can read.',
  judge: ({ from, to, reach, bytes, packets }, { start, minutes }) => {
    const { much, most } = isAwsOwn(awsService(reach)) ? ceilings.awsOwn : ceilings.elsewhere;
    if (bytes < much) return undefined;
    const unknown = from.kind === 'address' ? ' (no pod or node is known to have had it; a NAT gateway sums all behind it)' : '';
    return {
      entity: from,
      about: to,
      summary:
        `${from.name}${unknown} sent ${inGibibytes(bytes)} in ${String(packets)} packets to ${to} in the ${String(minutes)} minutes from ` +
        `${new Date(start).toISOString()}, where ${inGibibytes(much)} is the limit.`,
      baseline: { limit: much, 'high from': most, sent: bytes },
      severity: bytes >= most ? 'high' : 'medium',
      confidence: from.kind === 'workload' ? 'medium' : 'low',
    };
  },
});

/** The ledger says where an address lies when it belongs to no service of AWS. */
function awsService(reach: string): string {
  return reach === 'public' || reach === 'aws' ? '' : reach;
}
