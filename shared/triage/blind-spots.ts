import { type BlindInterval, blindnessBetween, blindPartition, intervalIn } from '../coverage/blind.ts';
import { Recent } from '../model/recent.ts';
import type { StateStore } from '../state/store.ts';
import type { Alert } from './alert.ts';

/** Tellings that one reading of the intervals serves: a storm of alerts asks once. */
const servings = 20;

/** Says with alerts what was not seen while they lasted. */
export class BlindSpots {
  private readonly state: StateStore;
  private readonly read = new Recent<{ readonly intervals: readonly BlindInterval[]; left: number }>(20);

  constructor(state: StateStore) {
    this.state = state;
  }

  /** The alert with what was not seen of its cluster between its first and last event. */
  async mark(alert: Alert): Promise<Alert> {
    const { account, region, cluster } = alert.speaker;
    const blind = blindnessBetween(await this.intervalsOf(blindPartition({ account, region })), cluster, alert.firstSeen, alert.lastSeen);
    return blind.length === 0 ? alert : { ...alert, blind };
  }

  private async intervalsOf(partition: string): Promise<readonly BlindInterval[]> {
    const known = this.read.get(partition);
    if (known !== undefined && known.left > 0) {
      known.left -= 1;
      return known.intervals;
    }
    const documents = await this.state.list(partition, { consistency: 'eventual' });
    const intervals = documents.flatMap((document) => intervalIn(document) ?? []);
    this.read.set(partition, { intervals, left: servings });
    return intervals;
  }
}
