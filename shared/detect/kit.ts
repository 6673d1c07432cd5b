import type { ListKind } from '../contract/site.ts';
import type { ApiEvent } from '../model/api.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { AuthenticatorEvent } from '../model/authenticator.ts';
import type { CoverageEvent } from '../model/coverage.ts';
import type { Entity } from '../model/entity.ts';
import type { Event } from '../model/event.ts';
import type { Baseline, Confidence, Severity } from '../model/finding.ts';
import type { FlowEvent } from '../model/flow.ts';
import type { IntakeEvent } from '../model/intake.ts';
import type { SignalEvent } from '../model/signal.ts';
import type { Subjects } from './hour-view.ts';
import type { LinkKind } from './links.ts';
import type { SeenSet, SeenView } from '../state/seen-set.ts';
import type { Snapshot, SnapshotView } from '../state/snapshot.ts';

/** A detection's yes: about whom, in one sentence, against which baseline. */
export interface Verdict {
  /** Whom the finding is about: part of its identity. */
  readonly entity: Entity;
  /** One sentence with names and numbers: who did what, and why that is abnormal. */
  readonly summary: string;
  /** What was normal, where a baseline was used. */
  readonly baseline?: Baseline;
  /** Tells apart alerts on the same entity, such as the destination of a connection. */
  readonly about?: string;
  /** Where the context makes it graver or milder than declared. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  /** What was told of has ended: people are told so once, where they were told that it began. */
  readonly over?: true;
}

/** What a detection declares, whatever its shape. */
export interface Declaration {
  /** Stable, unique, kebab-case; also the file name. */
  readonly id: string;
  /** Which log it reads; sequences read findings. */
  readonly source?: Event['source'];
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** ATT&CK v19 technique ids of what is observed. */
  readonly attack: readonly string[];
  /** Rows of the behaviour catalogue that this detection covers. */
  readonly rows: readonly string[];
  /** First step for the person who is woken: one imperative sentence. */
  readonly next: string;
  /** Telemetry that the detection needs beyond its source; without it the detection is off and says so. */
  readonly needs?: readonly Need[];
}

/** Fields that a flow log may lack. */
export type FlowNeed = 'flow:tcp-flags' | 'flow:bytes' | 'flow:ports' | 'flow:action';

/** What people may not have said about the site. */
export type SiteNeed = 'image-allow-list' | 'network:api-server' | `list:${ListKind}`;

/** Something a deployment may lack. */
export type Need = FlowNeed | SiteNeed;

/** Memory a detection reads and teaches, by the name its judge knows it under. */
export type Memory<E> = Readonly<Record<string, SeenSet<E> | Snapshot<E>>>;

/** What a judge sees of the declared memory. */
export type Views<M> = { readonly [K in keyof M]: M[K] extends Snapshot<never> ? SnapshotView : SeenView };

/** Judged on one event and views of its memory. */
export interface EventDetection<E> extends Declaration {
  readonly shape: 'detection';
  readonly source: Event['source'];
  /** Dispatch keys: which events come to it at all. */
  readonly reads: readonly string[];
  readonly when: (event: E) => boolean;
  readonly memory: Memory<E>;
  /** Whether it is looked up where the caller's credential belongs. */
  readonly locates: boolean;
  readonly novelty?: (event: E) => string;
  readonly judge: (event: E, views: Readonly<Record<string, SeenView | SnapshotView>>) => Verdict | undefined;
}

/** What is counted in a sliding window. */
export interface Counting<E> {
  /** Whose count: also names the subject of the finding. */
  readonly by: (event: E) => readonly string[];
  /** Counts distinct members; without it, requests. */
  readonly member?: (event: E) => string;
  /** Where one event stands for several of what is counted, such as connections: all of them. */
  readonly members?: (event: E) => readonly string[];
  /** The group that a counter is one of, such as a namespace: while a counter is young, what is usual in its group speaks for it. */
  readonly within?: (event: E) => string;
  /** Length of the sliding window in minutes, at most 60. */
  readonly minutes: number;
}

/** When a count is too much. */
export interface Limit {
  /** Holds whatever a baseline says, and alone while there is none. */
  readonly ceiling: number;
  /** With a profile: median + `deviations` × scaled MAD, but never below `floor`. */
  readonly profile?: { readonly floor: number; readonly deviations: number };
}

/** A window whose count passed its limit. */
export interface Excess {
  readonly count: number;
  readonly limit: number;
  readonly minutes: number;
  /** Start of the window, milliseconds since the epoch. */
  readonly since: number;
  /** What the limit rests on. */
  readonly baseline: Baseline;
}

/** Judged on the merged count of a window. */
export interface Threshold<E> extends Declaration {
  readonly shape: 'threshold';
  readonly source: Event['source'];
  readonly reads: readonly string[];
  readonly when: (event: E) => boolean;
  readonly count: Counting<E>;
  readonly limit: Limit;
  readonly judge: (event: E, excess: Excess) => Verdict;
}

/** A closed stretch of the volume ledger. */
export interface ClosedHour {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly minutes: number;
}

interface RollupOf<K extends keyof Subjects> extends Declaration {
  readonly shape: 'rollup';
  readonly source: 'flow';
  /** What is judged, one by one. */
  readonly per: K;
  readonly judge: (subject: Subjects[K], hour: ClosedHour) => Verdict | undefined;
}

/** Judged on a closed hour of the volume ledger and the hours before it, on a tick. */
export type Rollup = { readonly [K in keyof Subjects]: RollupOf<K> }[keyof Subjects];

/** What meets a step of a sequence: a finding of one of these detections, or of any where none is named, at least so grave. */
export interface Step {
  readonly of?: readonly string[];
  readonly atLeast?: Severity;
}

/** Findings on one link. */
export interface Sequence extends Declaration {
  readonly shape: 'sequence';
  /** Each step is met by a finding of any of its detections. */
  readonly steps: readonly (readonly string[] | Step)[];
  /** Longest time from first to last step, milliseconds: at most a day. */
  readonly within: number;
  /** Kinds of links on which findings are followed; {@link closeLinks} where it does not say. */
  readonly on?: readonly LinkKind[];
  /** Steps nearer to each other than this, in milliseconds, are one act: what one command writes comes at once. */
  readonly apart?: number;
  /** Whether the steps may come in any order. */
  readonly unordered?: boolean;
  /** In place of steps: how many tactics there must be among findings of medium or above. */
  readonly tactics?: number;
  readonly summary: string;
}

/** A detection of any shape, as the registry holds it. The engine hands each only events of its own source. */
export type Detection = EventDetection<never> | Threshold<never> | Rollup | Sequence;

type Without<T> = Omit<T, 'shape' | 'source' | 'reads' | 'memory' | 'judge' | 'when'>;

interface EventInput<E, R, M extends Memory<E>> extends Declaration {
  readonly reads: R;
  /** Memory that judge reads; every event that passes `when` and raises nothing grave teaches it. */
  readonly memory?: M;
  /** Has it looked up where the caller's credential belongs: the judge asks for `whereabouts`. */
  readonly locates?: E extends AuditEvent | ApiEvent ? true : never;
  /**
   * For detections that read very many events: all of an event that its memory's keys and members rest on. An event that
   * raised nothing and is remembered speaks for all that agree with it in this, until the day is over.
   */
  readonly novelty?: (event: E) => string;
  readonly when?: (event: E) => boolean;
  readonly judge: (event: E, views: Views<M>) => Verdict | undefined;
}

interface ThresholdInput<E, R> extends Without<Threshold<E>> {
  readonly reads: R;
  readonly when?: (event: E) => boolean;
  readonly judge: (event: E, excess: Excess) => Verdict;
}

/** The authoring kit of one source: detections typed on its events. */
function kit<E extends Event, R>(source: E['source'], dispatch: (reads: R) => readonly string[]) {
  const always = (): boolean => true;
  return {
    detection<const M extends Memory<E> = Record<string, never>>(input: EventInput<E, R, M>): EventDetection<E> {
      return {
        ...input,
        shape: 'detection',
        source,
        reads: dispatch(input.reads),
        when: input.when ?? always,
        memory: input.memory ?? {},
        locates: input.locates === true,
        judge: input.judge as EventDetection<E>['judge'],
      };
    },
    threshold(input: ThresholdInput<E, R>): Threshold<E> {
      return { ...input, shape: 'threshold', source, reads: dispatch(input.reads), when: input.when ?? always };
    },
  };
}

/** Verbs and resources of the audit log: `pods`, `pods/exec`; `*` stands for all. */
export interface AuditReads {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

/** Detections on the Kubernetes audit log. */
export const audit = kit<AuditEvent, AuditReads>('audit', ({ verbs, resources }) =>
  verbs.flatMap((verb) => resources.map((resource) => `${verb} ${resource}`)),
);

/** Detections on the IAM authenticator's log; reads are its answers. */
export const authenticator = kit<AuthenticatorEvent, readonly AuthenticatorEvent['outcome'][]>('authenticator', (outcomes) => outcomes);

/** Detections on AWS API calls; reads are `service:Action`. */
export const api = kit<ApiEvent, readonly string[]>('api', (actions) => actions);

type RollupInput<K extends keyof Subjects> = Omit<RollupOf<K>, 'shape' | 'source' | 'per'>;

/** Detections on conversations of the VPC flow log. */
export const flow = {
  ...kit<FlowEvent, 'accepted' | 'rejected' | 'all'>('flow', (reads) => (reads === 'all' ? ['accepted', 'rejected'] : [reads])),
  /** Judges what each sender and destination exchanged. */
  rollup: (input: RollupInput<'pair'>): Rollup => ({ ...input, shape: 'rollup', source: 'flow', per: 'pair' }),
  /** Judges each service of a destination apart: its rhythm shows only there. */
  serviceRollup: (input: RollupInput<'service'>): Rollup => ({ ...input, shape: 'rollup', source: 'flow', per: 'service' }),
  /** Judges each sender over all its destinations. */
  senderRollup: (input: RollupInput<'sender'>): Rollup => ({ ...input, shape: 'rollup', source: 'flow', per: 'sender' }),
  /** Judges the flow log itself. */
  telemetryRollup: (input: RollupInput<'telemetry'>): Rollup => ({ ...input, shape: 'rollup', source: 'flow', per: 'telemetry' }),
};

/** Detections on the state of the log itself; reads are troubles. */
export const intake = kit<IntakeEvent, readonly IntakeEvent['trouble'][]>('intake', (troubles) => troubles);

/** Findings of other systems; reads are system names. */
export const signal = kit<SignalEvent, readonly SignalEvent['system'][]>('signal', (systems) => systems);

/** Detections on what the coverage check finds open; reads are ids of gaps. */
export const coverage = kit<CoverageEvent, readonly string[]>('coverage', (gaps) => gaps);

/** The detections that a step names. */
export function namedIn(step: Sequence['steps'][number]): readonly string[] {
  return isPlain(step) ? step : (step.of ?? []);
}

/** How grave a finding must be to meet a step; absent where any will do. */
export function floorOf(step: Sequence['steps'][number]): Severity | undefined {
  return isPlain(step) ? undefined : step.atLeast;
}

function isPlain(step: Sequence['steps'][number]): step is readonly string[] {
  return Array.isArray(step);
}

/** A sequence over findings of other detections. */
export function sequence(input: Omit<Sequence, 'shape'>): Sequence {
  return { ...input, shape: 'sequence' };
}

export type { Service } from './hour-view.ts';
export type { Beats } from '../state/ledger-beats.ts';
export type { PastSums } from '../state/ledger-past.ts';
export { callerHabits, callerId, lastingCaller, noveltyOf, noveltyToRole } from './habits.ts';
export { seenSet } from '../state/seen-set.ts';
export { snapshot } from '../state/snapshot.ts';
