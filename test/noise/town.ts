import type { ApiRequest, AuditLine } from '../simulation/audit.ts';
import type { ApiRecord, AwsCall } from '../simulation/api.ts';
import type { Micros } from '../simulation/clock.ts';
import { Cluster } from '../simulation/cluster.ts';
import { Random } from '../simulation/random.ts';
import { Timeline } from '../simulation/timeline.ts';
import { type Town as Plan, townOf } from './population.ts';

/** What everything belongs to that no story tells. */
export const routine = 'routine';

/** A timeline that knows which story an action belongs to: what an action plans belongs to its story. */
class Stories extends Timeline {
  current: string = routine;

  override at(time: Micros, action: (time: Micros) => void): void {
    const story = this.current;
    // Audit events tell whole microseconds.
    super.at(Math.round(time), (now) => {
      this.within(story, () => {
        action(now);
      });
    });
  }

  within(story: string, action: () => void): void {
    const before = this.current;
    this.current = story;
    action();
    this.current = before;
  }
}

/** One thing an attacker did, and the records that show it. */
export interface Deed {
  readonly attack: string;
  readonly what: string;
  readonly time: Micros;
  readonly records: ReadonlySet<string>;
}

/** A busy cluster in which every record belongs to a story, by its `auditID` or `eventID`. */
export class Town extends Cluster {
  readonly plan: Plan;
  readonly deeds: Deed[] = [];
  private readonly stories: Stories;
  private readonly told = new Map<string, string>();

  constructor(seed: number) {
    const random = new Random(`noise/${String(seed)}`);
    const plan = townOf(random.fork('population'));
    const stories = new Stories();
    super(plan.population, random.fork('life'), stories);
    this.plan = plan;
    this.stories = stories;
  }

  /** Lets something happen as part of a story. */
  tell(story: string, action: () => void): void {
    this.stories.within(story, action);
  }

  /** The story that a record belongs to. */
  storyOf(record: string): string {
    return this.told.get(record) ?? routine;
  }

  override request(request: ApiRequest, random: Random = this.random): readonly AuditLine[] {
    const lines = super.request({ ...request, at: Math.round(request.at) }, random);
    for (const { id } of lines) this.note(id);
    return lines;
  }

  override call(call: AwsCall, random: Random = this.random): ApiRecord {
    const record = super.call(call, random);
    this.note(record.id);
    return record;
  }

  private note(id: string): void {
    if (this.stories.current !== routine) this.told.set(id, this.stories.current);
  }
}
