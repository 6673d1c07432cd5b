import type { ApiEvent } from '../model/api.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Routine } from '../model/audit-callers.ts';
import type { Event } from '../model/event.ts';
import { atLeast, type Finding } from '../model/finding.ts';
import { minute } from '../model/time.ts';
import type { RememberedState } from '../state/memory-reader.ts';
import {
  isSettled,
  type Observation,
  observationOf,
  type SeenSet,
  type SeenView,
  seenKey,
  seenLesson,
  seenView,
} from '../state/seen-set.ts';
import { type Snapshot, type SnapshotView, snapshotKey, snapshotLesson, snapshotView } from '../state/snapshot.ts';
import { joined, type Merge, type StateItem } from '../state/store.ts';
import { firedMerge } from '../state/counts/tallies.ts';
import { authorOf } from './author.ts';
import { addToTally, type CountedExcess, type Tally } from './counting.ts';
import { Dispatch, type EventReader } from './dispatch.ts';
import { type Fault, guarded } from './faults.ts';
import { evidenceOf } from './evidence.ts';
import { findingOf, type Registered } from './finding.ts';
import type { Detection, EventDetection, Threshold } from './kit.ts';
import { IdleReaders } from './idle.ts';
import { actorLinks, linksOf } from './links.ts';
import { sceneOf } from './scene.ts';
import { SettledNovelties } from './settled.ts';
import { withheldBy } from './withheld.ts';

/** One event before one detection. */
interface Case {
  readonly event: Event;
  readonly registered: Registered<EventDetection<Event>>;
  /** Where the event's part of each memory stands; a memory in which it has none is left out. */
  readonly keys: ReadonlyMap<MemorySpec, string>;
}

/** A memory as one event addresses it, whichever detections read it. */
interface Remembrance {
  readonly event: Event;
  readonly key: string;
  readonly spec: MemorySpec;
}

type MemorySpec = SeenSet<Event> | Snapshot<Event>;

/** What a batch asks of whom. */
export interface Plan {
  readonly cases: readonly Case[];
  /** What the cases remember: each memory of an event once. */
  readonly remembrances: readonly Remembrance[];
  readonly tallies: readonly Tally[];
  /** Calls of which somebody asks where the caller's credential belongs. */
  readonly toLocate: readonly (AuditEvent | ApiEvent)[];
  /** Events that no detection reads. */
  readonly unread: ReadonlySet<Event>;
}

/** What was found in a batch, and by which events. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Events with findings of medium or above, and those: they teach nothing. */
  readonly suspects: ReadonlyMap<Event, readonly Finding[]>;
  /** Events with any finding. */
  readonly raised: ReadonlySet<Event>;
  /** Events on which a judge asked what may be answered otherwise before the day is over, or failed. */
  readonly unsettled: ReadonlySet<Event>;
  /** Windows in which a threshold fired: they stay out of profiles. */
  readonly fired: readonly Merge[];
  /** Judges that failed: ours to mend, and no reason to lose what others found. */
  readonly faults: readonly Fault[];
}

/** What a batch teaches. */
export interface Lessons {
  /** Habits, by the event that shows them: a suspect's are withheld. */
  readonly habits: ReadonlyMap<Event, readonly Merge[]>;
  /** What objects are now: recorded whoever made them so, or the next change would be compared with a version long gone. */
  readonly facts: readonly Merge[];
}

/** Items by key, as the judges of a batch see them. */
type Items = ReadonlyMap<string, StateItem>;

/** What comes of a payload in which all is known: nearly every one of a flow log. */
const nothingFound: Judgement = { findings: [], suspects: new Map(), raised: new Set(), unsettled: new Set(), fired: [], faults: [] };
const nothingTaught: Lessons = { habits: new Map(), facts: [] };

/** Evidence kept per finding. */
const mostEvidence = 20;

/** Runs the detections over events: declared memory is fetched in one read, counts are merged before they are judged. */
export class Engine {
  private readonly dispatch: Dispatch;
  private readonly strategies: ReadonlyMap<Detection, string>;
  private readonly settled = new SettledNovelties();
  private readonly idle = new IdleReaders();

  constructor(catalogue: readonly Registered<Detection>[]) {
    this.dispatch = new Dispatch(catalogue.map(({ detection }) => detection));
    this.strategies = new Map(catalogue.map(({ detection, strategy }) => [detection, strategy]));
  }

  /** Which detections judge which events, and the memory and counters they need. */
  plan(events: readonly Event[]): Plan {
    const cases: Case[] = [];
    const remembrances: Remembrance[] = [];
    const tallies = new Map<string, Tally>();
    const unread = new Set<Event>();
    const toLocate = new Set<AuditEvent | ApiEvent>();
    for (const event of events) {
      const all = this.dispatch.readersOf(event);
      if (all.length === 0) unread.add(event);
      const readers = event.source === 'audit' ? this.idle.askedOf(event, all, (reader) => this.isSettled(reader, event)) : all;
      let keys: Map<MemorySpec, string> | undefined;
      for (const reader of readers) {
        // The dispatch hands a detection events of its own source only: that is what its type says.
        if (reader.shape === 'detection') {
          const detection = reader as unknown as EventDetection<Event>;
          if (!detection.when(event) || this.settled.has(detection, event)) continue;
          if (detection.locates && (event.source === 'audit' || event.source === 'api')) toLocate.add(event);
          keys ??= new Map();
          for (const name in detection.memory) {
            const spec = detection.memory[name];
            const key = spec === undefined || keys.has(spec) ? undefined : keyOf(spec, event);
            if (spec === undefined || key === undefined) continue;
            keys.set(spec, key);
            remembrances.push({ event, key, spec });
          }
          cases.push({ event, registered: { strategy: this.strategyOf(reader), detection }, keys });
        } else {
          const detection = reader as unknown as Threshold<Event>;
          if (detection.when(event)) addToTally(tallies, { strategy: this.strategyOf(reader), detection }, event);
        }
      }
    }
    return { cases, remembrances, tallies: [...tallies.values()], toLocate: [...toLocate], unread };
  }

  private strategyOf(reader: EventReader): string {
    return this.strategies.get(reader) ?? '';
  }

  private isSettled(reader: EventReader, event: Event): boolean {
    return reader.shape === 'detection' && this.settled.has(reader as unknown as EventDetection<Event>, event);
  }

  /** Notes which novelties are none. Called only after everything about them was stored. A judge that failed settled nothing. */
  settle({ cases }: Plan, { raised, faults }: Judgement): void {
    const failed = new Set(faults.map(({ detection }) => detection));
    for (const { event, registered } of cases) {
      const { detection } = registered;
      if (!raised.has(event) && !failed.has(detection.id)) this.settled.add(detection, event);
    }
  }

  /** The items the judges need: what is remembered where that settles the matter, else read afresh. */
  async recall(plan: Plan, state: RememberedState): Promise<Items> {
    const items = new Map<string, StateItem>();
    if (plan.remembrances.length === 0) return items;
    const unsettled = new Set<string>();
    for (const { event, key, spec } of plan.remembrances) {
      const item = state.recallOn(event.day, key);
      if (item !== undefined) items.set(key, item);
      const settled = spec.kind === 'seen-set' && seenView(spec, item, event.day).has(spec.member(event));
      if (!settled) unsettled.add(key);
    }
    for (const [key, item] of await state.read([...unsettled])) items.set(key, item);
    return withOwnVersions(plan, items);
  }

  /** Lets every judge say its word. */
  judge(plan: Plan, items: Items, excesses: readonly CountedExcess[]): Judgement {
    if (plan.cases.length + excesses.length === 0) return nothingFound;
    const findings = new Map<string, Finding>();
    const suspects = new Map<Event, Finding[]>();
    const raised = new Set<Event>();
    const unsettled = new Set<Event>();
    const faults: Fault[] = [];
    const report = (finding: Finding, events: readonly Event[]): void => {
      findings.set(finding.id, finding);
      for (const event of events) raised.add(event);
      if (atLeast(finding.severity, 'medium')) for (const event of events) suspects.set(event, [...(suspects.get(event) ?? []), finding]);
    };
    for (const { event, registered, keys } of plan.cases) {
      const { detection } = registered;
      const views = viewsOf(event, detection, keys, items);
      const failures = faults.length;
      const verdict = guarded(faults, detection.id, () => detection.judge(event, views));
      if (faults.length > failures || !areSettled(views)) unsettled.add(event);
      if (verdict === undefined) continue;
      const at = {
        scope: event.scope,
        time: event.time,
        key: event.key,
        evidence: [evidenceOf(event)],
        links: linksOf(event, verdict.severity ?? detection.severity),
        ...sceneOf([event], verdict.entity),
        by: [authorOf(event)],
        late: event.late,
      };
      report(findingOf(registered, verdict, at), [event]);
    }
    for (const { tally, excess, stretch, events } of excesses) {
      const newest = events.at(-1);
      if (newest === undefined) continue;
      const { detection } = tally.registered;
      const verdict = guarded(faults, detection.id, () => detection.judge(newest, excess));
      if (verdict === undefined) continue;
      const severity = verdict.severity ?? detection.severity;
      const at = {
        scope: newest.scope,
        ...spanOf(stretch, excess.minutes),
        key: `${tally.counter} ${String(stretch)}`,
        evidence: events.slice(-mostEvidence).map(evidenceOf),
        links: [...new Set(events.flatMap((event) => actorLinks(event, severity)))].slice(0, mostEvidence),
        ...sceneOf(events.slice(-mostEvidence), verdict.entity),
        by: events.map(authorOf),
        late: newest.late,
      };
      report(findingOf(tally.registered, verdict, at), events);
    }
    const fired = excesses.map(({ tally, excess, stretch }) => firedMerge(tally.counter, stretch, excess.minutes));
    return { findings: [...findings.values()], suspects, raised, unsettled, fired, faults };
  }

  /** Events that were judged by what they have in common with others, raised nothing and taught nothing. To count one is to ask for its time. */
  routines(events: readonly Event[], { raised, unsettled }: Judgement, { habits }: Lessons): Routine[] {
    return events.flatMap((event) => {
      if (event.source !== 'audit' || raised.has(event) || unsettled.has(event) || habits.has(event)) return [];
      return event.routine ?? [];
    });
  }

  /** What the batch teaches: each lesson once, by every event that could teach it. */
  lessons(plan: Plan, items: Items): Lessons {
    if (plan.remembrances.length === 0) return nothingTaught;
    const habits = new Map<Event, Merge[]>();
    const facts = new Map<string, Merge>();
    // What an event remembers stands together: its author is named once.
    let latest: Event | undefined;
    let author = '';
    for (const { event, key, spec } of plan.remembrances) {
      if (spec.kind === 'snapshot') {
        const fact = snapshotLesson(spec, key, event, items.get(key));
        if (fact !== undefined) facts.set(`${event.key} ${key}`, fact);
      } else {
        if (event !== latest) author = authorOf((latest = event)) ?? '';
        const habit = seenLesson(spec, key, event, items.get(key), spec.ofThePlace === true ? '' : author);
        const taught = habit && (habits.get(event) ?? []);
        if (taught !== undefined && !taught.some((other) => other.key === key)) habits.set(event, [...taught, habit as Merge]);
      }
    }
    return { habits, facts: [...facts.values()] };
  }

  /** What suspects would have taught, by the finding of each alert that it waits with. */
  withheld(plan: Plan, { suspects }: Judgement): ReadonlyMap<Finding, readonly string[]> {
    const observations = new Map<Event, Observation[]>();
    for (const { event, key, spec } of suspects.size === 0 ? [] : plan.remembrances) {
      if (spec.kind !== 'seen-set' || !suspects.has(event)) continue;
      observations.set(event, [...(observations.get(event) ?? []), observationOf(spec, key, event, authorOf(event) ?? '')]);
    }
    const withheld = new Map<Finding, string[]>();
    for (const [event, findings] of suspects)
      for (const [finding, texts] of withheldBy(findings, observations.get(event) ?? []))
        withheld.set(finding, [...(withheld.get(finding) ?? []), ...texts]);
    return withheld;
  }
}

/** When a window that begins in a stretch may have filled: all of it that does not depend on how batches were cut. */
function spanOf(stretch: number, minutes: number): { readonly time: number; readonly until: number } {
  const length = minutes * minute;
  return { time: stretch * length, until: (stretch + 2) * length };
}

/** A snapshot is read for the event's own time, which the event notes. */
function areSettled(views: Readonly<Record<string, SeenView | SnapshotView>>): boolean {
  for (const name in views) {
    const view = views[name];
    if (view !== undefined && 'has' in view && !isSettled(view)) return false;
  }
  return true;
}

function keyOf(spec: MemorySpec, event: Event): string | undefined {
  return spec.kind === 'seen-set' ? seenKey(spec, event) : snapshotKey(spec, event);
}

/** A batch may hold several versions of one object: each is judged against those before it. */
function withOwnVersions(plan: Plan, items: Map<string, StateItem>): Items {
  for (const { event, key, spec } of plan.remembrances) {
    const lesson = spec.kind === 'snapshot' ? snapshotLesson(spec, key, event, undefined) : undefined;
    if (lesson !== undefined) items.set(key, joined(items.get(key), lesson));
  }
  return items;
}

/** A memory the event has no part in is shown as one that is still learning. */
function viewsOf(
  event: Event,
  detection: EventDetection<Event>,
  keys: Case['keys'],
  items: Items,
): Record<string, SeenView | SnapshotView> {
  const views: Record<string, SeenView | SnapshotView> = {};
  for (const name in detection.memory) {
    const spec = detection.memory[name];
    if (spec === undefined) continue;
    const key = keys.get(spec);
    const item = key === undefined ? undefined : items.get(key);
    views[name] = spec.kind === 'seen-set' ? seenView(spec, item, event.day) : snapshotView(item, event);
  }
  return views;
}
