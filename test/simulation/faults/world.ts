import { logger } from '../../../functions/telemetry.ts';
import { tellRecords } from '../../../functions/telling.ts';
import { triageRecords } from '../../../functions/triaging.ts';
import { MemorySettings } from '../../../shared/adapters/memory-findings.ts';
import { tickAt } from '../../../shared/model/event.ts';
import { hour, minute, second } from '../../../shared/model/time.ts';
import { Pipeline, type Ports, type Report } from '../../../shared/pipeline.ts';
import type { Suppression } from '../../../shared/triage/suppression.ts';
import type { notify } from '../../../shared/triage/triage.ts';
import { bound, site, start } from '../../laws/histories.ts';
import { Random } from '../random.ts';
import { Agenda } from './agenda.ts';
import { catalogue } from './catalogue.ts';
import { Newsroom } from './channel.ts';
import { deliveriesOf, type Delivery } from './deliveries.ts';
import { Environment, Faults } from './faults.ts';
import { historyOf, type Occurrence } from './history.ts';
import { alertImage, findingImage } from './images.ts';
import { mostFailures, StreamReader } from './shards.ts';
import { staleness, Tables } from './stores.ts';

logger.setLogLevel('SILENT');

/** A deployment that differs from ours in one point: for tests of the simulation itself. */
export interface Variant {
  readonly pipeline?: (ports: Ports) => Pick<Pipeline, 'analyse' | 'tick'>;
  readonly notify?: typeof notify;
}

/** A function that judges, with what it remembers between invocations. */
interface Analyser {
  readonly where: Environment;
  readonly pipeline: Pick<Pipeline, 'analyse' | 'tick'>;
}

/** A whole deployment over the days of one history, on a seed. */
export class World {
  readonly occurrences: readonly Occurrence[];
  readonly suppressions: readonly Suppression[];
  readonly faults: Faults;
  readonly tables: Tables;
  readonly newsroom: Newsroom;
  /** What went against a law before all came to rest. */
  readonly offences: string[] = [];
  private readonly random: Random;
  private readonly agenda = new Agenda(start);
  private readonly variant: Variant;
  private readonly idle: Analyser[] = [];
  private readonly triage: StreamReader;
  private readonly notify: StreamReader;
  private environments = 0;

  constructor(seed: number, variant: Variant = {}) {
    const origin = new Random(`faults ${String(seed)}`);
    this.variant = variant;
    this.random = origin.fork('world');
    this.occurrences = historyOf(origin.fork('history'));
    this.suppressions = suppressionsOf(origin.fork('suppressions'), this.occurrences);
    this.faults = new Faults(origin.fork('faults'), this.agenda);
    this.newsroom = new Newsroom(this.agenda, this.faults);
    const settings = new MemorySettings(this.suppressions);
    this.tables = new Tables(this.agenda, this.faults, {
      recorded: (group) => {
        this.triage.append(group.fingerprint, findingImage(group));
      },
      changed: (alert, before) => {
        this.notify.append(alert.id, alertImage(alert), before && alertImage(before));
      },
    });
    this.triage = new StreamReader('triage', this.agenda, this.faults, (records, where) =>
      triageRecords(records, catalogue, { alerts: this.tables.alertsFor(where), settings, state: this.tables.stateFor(where) }),
    );
    this.notify = new StreamReader('notify', this.agenda, this.faults, (records, where) =>
      tellRecords(records, {
        alerts: { ...this.tables.alertsFor(where), remember: () => undefined },
        teller: this.newsroom.tellerFor(where),
        onTold: () => undefined,
        ...(variant.notify === undefined ? {} : { notify: variant.notify }),
      }),
    );
  }

  /** The last moment of the history. */
  get end(): number {
    return this.occurrences.at(-1)?.happening.at ?? start;
  }

  /** Lets everything happen, until nothing is left to do. */
  async run(): Promise<void> {
    const note = this.faults.note.bind(this.faults);
    for (const delivery of deliveriesOf(this.occurrences, this.random, note))
      this.agenda.at(delivery.arrives, () => void this.untilDone(delivery.batch.place, (analyser) => this.analyse(analyser, delivery)));
    for (const time of this.ticks()) {
      const copies = this.random.chance(0.2) ? 2 : 1;
      if (copies === 2) note('tick twice', String(time));
      for (let copy = 0; copy < copies; copy += 1)
        this.agenda.at(time, () => void this.untilDone(`tick ${String(time)}`, (analyser) => this.tick(analyser, time)));
    }
    await this.agenda.run();
  }

  /** Now and then while there is something to judge, and after everything arrived. */
  private ticks(): number[] {
    const hours = Math.ceil((this.end - start) / hour);
    const some = Array.from({ length: 8 }, () => start + this.random.int(1, hours) * hour + this.random.int(0, 11) * 5 * minute);
    return [...some, this.end + 2 * hour, this.end + 3 * hour];
  }

  private async analyse({ pipeline }: Analyser, { batch, oldest }: Delivery): Promise<void> {
    const report = await pipeline.analyse(batch);
    if (this.agenda.now + staleness > oldest + bound) throw new Error(`${batch.place} came later than the simulation may be`);
    const sum = sumOf(report);
    if (sum !== batch.records.length)
      this.offences.push(`${String(sum)} fates for ${String(batch.records.length)} lines of ${batch.place}`);
    if (report.faults.length > 0) this.offences.push(`judges failed: ${JSON.stringify(report.faults)}`);
  }

  private async tick({ pipeline }: Analyser, time: number): Promise<void> {
    const { faults } = await pipeline.tick(tickAt(time));
    if (faults.length > 0) this.offences.push(`judges of a tick failed: ${JSON.stringify(faults)}`);
  }

  /** An event source: whatever fails comes again. */
  private async untilDone(what: string, work: (analyser: Analyser) => Promise<unknown>): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      const analyser = this.acquire();
      const { where } = analyser;
      where.calm = failures >= mostFailures;
      where.busy = true;
      const outcome = await Promise.race([
        work(analyser).then(
          () => 'done' as const,
          (error: unknown) => this.failed(what, error),
        ),
        where.death,
      ]);
      where.busy = false;
      if (!where.isDead()) this.idle.push(analyser);
      if (outcome === 'done') return;
      await this.agenda.wait(this.random.int(1, 20) * second);
    }
  }

  private failed(what: string, error: unknown): 'failed' {
    if (!(error instanceof Error) || error.constructor.name !== 'ServiceError') this.offences.push(`${what}: ${String(error)}`);
    return 'failed';
  }

  private acquire(): Analyser {
    if (this.random.chance(0.05) && this.idle.length > 0) {
      const { where } = this.idle.splice(this.random.int(0, this.idle.length - 1), 1)[0]!;
      this.faults.note('environment replaced', where.name);
      where.kill();
    }
    if (this.idle.length > 0 && this.random.chance(0.9)) {
      const warm = this.idle.splice(this.random.int(0, this.idle.length - 1), 1)[0]!;
      this.faults.note('warm start', warm.where.name);
      return warm;
    }
    const where = new Environment(`analyse-${String((this.environments += 1))}`);
    this.faults.note('cold start', where.name);
    const ports = { state: this.tables.stateFor(where), findings: this.tables.findingsFor(where), site };
    return { where, pipeline: this.variant.pipeline?.(ports) ?? new Pipeline(catalogue, ports) };
  }
}

function sumOf({ fates }: Report): number {
  const sum = (some: Readonly<Partial<Record<string, number>>>): number =>
    Object.values(some).reduce<number>((all, one) => all + (one ?? 0), 0);
  return fates.judged + fates.repeated + sum(fates.skipped) + sum(fates.rejected);
}

/** A person does not want to hear of something until a moment in the midst of it. */
function suppressionsOf(random: Random, occurrences: readonly Occurrence[]): Suppression[] {
  const [kind, detection] = random.pick([
    ['shell', 'shell'],
    ['change', 'changed'],
    ['flow', 'volume'],
  ] as const);
  const some = occurrences.filter(({ happening }) => happening.kind === kind);
  const until = random.pick(some.length === 0 ? occurrences : some).happening.at + 1;
  return [{ id: 's1', detection, cluster: '*', entity: '*', who: 'operator', why: 'maintenance', until }];
}
