import type { ApiRequest, AuditLine } from '../simulation/audit.ts';
import type { ApiRecord, AwsCall } from '../simulation/api.ts';
import type { Micros } from '../simulation/clock.ts';
import type { Connection, FlowRecord } from '../simulation/flow.ts';
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
  /** `a.b.c` of networks that nobody else uses: what sums up an hour of traffic names them and no record. */
  readonly networks?: readonly string[];
}

/** A busy cluster in which every record belongs to a story, by its `auditID` or `eventID`, or the line of a flow log. */
export class Town extends Cluster {
  readonly plan: Plan;
  readonly deeds: Deed[] = [];
  private readonly stories: Stories;
  private readonly told = new Map<string, string>();
  private readonly marked = new Map<string, string>();

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

  /** The story of what happens now. */
  get story(): string {
    return this.stories.current;
  }

  /** A network beyond the VPC, `a.b.c`, is part of one story only. */
  mark(network: string, story: string): void {
    this.marked.set(network, story);
  }

  /** The story that a record belongs to, or a note that names its network. */
  storyOf(record: string): string {
    const [network = ''] = /198\.1[89]\.\d+/.exec(record) ?? [];
    return this.told.get(record) ?? this.marked.get(network) ?? routine;
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

  override connect(connection: Connection): readonly FlowRecord[] {
    const records = super.connect(connection);
    for (const { line } of records) this.note(line);
    return records;
  }

  private note(id: string): void {
    if (this.stories.current !== routine) this.told.set(id, this.stories.current);
  }
}
