import { Counters } from './detect/counting.ts';
import { Engine, type Judgement, type Lessons, type Plan } from './detect/engine.ts';
import type { Fault } from './detect/faults.ts';
import type { Registered } from './detect/finding.ts';
import type { Detection } from './detect/kit.ts';
import { EnginesByFormat, usableAt } from './detect/needs.ts';
import type { Limits } from './detect/operator-limit.ts';
import { type Closed, judgeClosedBuckets } from './detect/rollup.ts';
import type { Batch } from './intake/batch.ts';
import { type Fates, fatesOf, Sorter } from './intake/sorting.ts';
import type { Scope } from './model/base.ts';
import type { Site } from './model/site.ts';
import type { Event, Tick } from './model/event.ts';
import { atLeast, type Finding } from './model/finding.ts';
import type { Traffic } from './model/flow.ts';
import type { Reject } from './model/record.ts';
import { keepShape } from './model/shapes.ts';
import { foldGraphs } from './state/entity-graph/folding.ts';
import { AddressHolders, type HitRate } from './state/entity-graph/holders.ts';
import { GraphRecorder } from './state/entity-graph/recording.ts';
import { PolicyBook } from './state/network-policies/book.ts';
import { newPolicyFacts } from './state/network-policies/facts.ts';
import { ledgerEntries, type LedgerEntries } from './state/ledger.ts';
import { heardMerges } from './coverage/silence.ts';
import { RememberedState } from './state/memory-reader.ts';
import { combine, type Merge, type StateStore } from './state/store.ts';
import { type FindingStore, groupFindings } from './detect/finding-group.ts';

/** What the pipeline reaches outside itself. */
export interface Ports {
  readonly state: StateStore;
  readonly findings: FindingStore;
  readonly site: Site;
  /** Limits that people set; none where it is absent. */
  readonly limits?: Limits;
}

/** `history` teaches and does not tell: novelty and thresholds are silent, grave signatures are listed and not learnt. */
export type Mode = 'live' | 'history';

/** What one batch came to. */
export interface Report {
  readonly fates: Fates;
  readonly rejects: readonly Reject[];
  readonly findings: readonly Finding[];
  /** Judges that failed; everything else was judged all the same. */
  readonly faults: readonly Fault[];
  /** Whose the addresses were, in a flow log. */
  readonly attribution?: HitRate;
}

/**
 * The pipeline: decoded lines → typed events → declared state → judgement → findings stored → lessons learnt. Tell
 * first, learn last: a crash in between finds the same again and has taught nothing.
 */
export class Pipeline {
  private readonly engine: Engine;
  private readonly flowEngines: EnginesByFormat;
  private readonly sorter: Sorter;
  private readonly remembered: RememberedState;
  private readonly holders: AddressHolders;
  private readonly graph = new GraphRecorder();
  private readonly policies: PolicyBook;
  private readonly counters: Counters;
  private readonly catalogue: readonly Registered<Detection>[];
  private readonly ports: Ports;

  constructor(catalogue: readonly Registered<Detection>[], ports: Ports) {
    this.catalogue = usableAt(catalogue, ports.site);
    this.ports = ports;
    this.engine = new Engine(this.catalogue);
    this.flowEngines = new EnginesByFormat(this.catalogue);
    this.sorter = new Sorter(ports.site);
    this.remembered = new RememberedState(ports.state, () => {
      this.sorter.forgetRoutines();
    });
    this.counters = new Counters(ports.state, ports.limits);
    this.holders = new AddressHolders(ports.state);
    this.policies = new PolicyBook(ports.state, ports.site);
  }

  async analyse(batch: Batch, mode: Mode = 'live'): Promise<Report> {
    const sorted = this.sorter.sort(batch);
    const attribution = sorted.traffic && (await this.attribute(batch.scope, sorted.traffic));

    const engine = batch.log === 'flow' ? this.flowEngines.engineFor(batch.format) : this.engine;
    const plan = engine.plan(sorted.events);
    const [items, counted] = await Promise.all([
      engine.recall(plan, this.remembered),
      this.counters.count(plan.tallies),
      this.holders.locate(plan.toLocate),
    ]);
    const judgement = engine.judge(plan, items, counted.excesses);
    const lessons = engine.lessons(plan, items);
    const findings = mode === 'live' ? judgement.findings : judgement.findings.filter(isGraveSignature);

    if (mode === 'live' && findings.length > 0) await this.ports.findings.record(groupFindings(findings, engine.withheld(plan, judgement)));
    await this.learn(
      sorted.events,
      ledgerEntries(batch.scope, sorted.traffic),
      lessons,
      // That history can be read says nothing of how regularly lines came.
      mode === 'live' ? heardIn(batch) : [],
      new Set(mode === 'live' ? judgement.suspects.keys() : graveEvents(judgement)),
      [...judgement.fired, ...counted.marks],
    );
    this.sorter.commit(sorted);
    engine.settle(plan, judgement);
    this.counters.settle(plan.tallies, counted);
    if (batch.log === 'audit') this.sorter.noteRoutines(engine.routines(sorted.events, judgement, lessons));
    if (batch.log === 'audit') keepAuditShapes(sorted.events, plan);
    const { rejects } = sorted;
    return { fates: fatesOf(sorted, plan.unread), rejects, findings, faults: judgement.faults, ...(attribution && { attribution }) };
  }

  /** Time moves on: judges the hours that closed, and folds what is known of addresses. In history nothing is told of hours, so all of them teach. */
  async tick(tick: Tick, mode: Mode = 'live'): Promise<Closed> {
    const closed = await judgeClosedBuckets(this.catalogue, tick, this.ports, mode === 'history');
    await foldGraphs(tick, this.ports.state);
    return closed;
  }

  /** Whose the addresses were, and which policies were in force. */
  private async attribute(scope: Scope, traffic: Traffic): Promise<HitRate> {
    const [attribution] = await Promise.all([this.holders.attribute(scope, traffic), this.policies.refresh(traffic.events)]);
    await this.policies.attribute(traffic);
    return attribution;
  }

  private async learn(
    events: readonly Event[],
    ledger: LedgerEntries,
    { habits, facts }: Lessons,
    heard: readonly Merge[],
    silent: ReadonlySet<Event>,
    counts: readonly Merge[],
  ): Promise<void> {
    const taught = [...habits].flatMap(([event, merges]) => (silent.has(event) ? [] : merges));
    // Of a batch of conversations none is an audit event.
    const audits = events[0]?.source === 'flow' ? [] : events.filter((event) => event.source === 'audit');
    const entities = this.graph.entriesOf(audits);
    const policies = newPolicyFacts(audits, (key) => this.remembered.recall(key));
    // Documents before the marks that stand for them.
    const documents = [...entities.documents, ...ledger.documents];
    if (documents.length > 0) await this.ports.state.put(documents);
    const lateMarks = [...entities.lateMarks, ...ledger.lateMarks];
    if (lateMarks.length > 0) await this.ports.state.merge(lateMarks);
    await this.remembered.merge(combine([...taught, ...facts, ...entities.marks, ...policies, ...ledger.marks, ...heard, ...counts]));
    this.graph.commit(entities);
  }
}

/**
 * Keeps of what a payload is made into some objects of each kind, and with them the text of their lines, until the next
 * payload: enough for their shapes, and no more than a few lines.
 */
function keepAuditShapes(events: readonly Event[], { cases, remembrances }: Plan): void {
  keepShape('audit', [someOf(events), someOf(cases), someOf(remembrances)]);
}

function someOf<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / fewKept));
  return all.filter((_, position) => position % step === 0).slice(0, fewKept);
}

const fewKept = 8;

/** That something of a log came: by when CloudWatch or EventBridge took it in, which a file may not tell. */
function heardIn({ log, scope, records }: Batch): Merge[] {
  // What other systems report may be silent for hours.
  if (log === 'coverage' || log === 'falco' || log === 'auditd') return [];
  const times: number[] = [];
  for (const { ingested } of records) if (ingested !== undefined) times.push(ingested);
  return heardMerges(scope, log, times);
}

/** History is silent about what is new; a grave signature in it is worth knowing. */
function isGraveSignature({ severity, baseline }: Finding): boolean {
  return baseline === undefined && atLeast(severity, 'high');
}

function graveEvents({ suspects }: Judgement): Event[] {
  return [...suspects].flatMap(([event, findings]) => (findings.some(isGraveSignature) ? [event] : []));
}
