import { atLeast, type Finding, type Severity } from '../model/finding.ts';
import { matches } from '../model/pattern.ts';
import { iso } from '../model/time.ts';

/** A person's decision that nobody is told: who, why and until when. What it silences is counted and kept. */
export interface Suppression {
  readonly id: string;
  /** Id of a detection, or `*`. */
  readonly detection: string;
  /** Cluster name or pattern, see {@link matches}. */
  readonly cluster: string;
  /** Id or pattern of the account that the cluster is in; any where it is absent. */
  readonly account?: string;
  /** Entity id or pattern: ids are authenticated, names are not. */
  readonly entity: string;
  /** Strategy or pattern; any where it is absent. */
  readonly strategy?: string;
  /** One alert alone, by its id, which also tells apart what the entity did it to; any where it is absent. */
  readonly alert?: string;
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch, compared with event time. */
  readonly until: number;
  /** When it was decided, on the clock of the events. */
  readonly at?: number;
  /** The gravest severity it covers: an alert that becomes graver than what was decided about is told. One without covers all. */
  readonly severity?: Severity;
  /** The detection is staged: recorded and counted until somebody promotes it. */
  readonly staged?: true;
}

/** Where decisions are kept. */
export interface Settings {
  /** Suppressions, and detections that are staged. */
  suppressions(): Promise<readonly Suppression[]>;
}

/** What silences a finding, unless its alert is too grave for that. */
export interface Silence {
  /** The decision's id. */
  readonly by: string;
  readonly upTo: Severity;
  readonly staged: boolean;
  /** Who, why and until when. */
  readonly words: string;
}

type Subject = Pick<Finding, 'detection' | 'strategy' | 'cluster' | 'account' | 'entity' | 'fingerprint'>;

/** Whether a decision is about a finding, whenever it was and however grave. */
export function isAbout({ detection, strategy = '*', cluster, account = '*', entity, alert }: Suppression, finding: Subject): boolean {
  return (
    (detection === '*' || detection === finding.detection) &&
    (alert === undefined || alert === finding.fingerprint) &&
    matches(strategy, finding.strategy) &&
    matches(cluster, finding.cluster) &&
    matches(account, finding.account) &&
    matches(entity, finding.entity.id)
  );
}

/** The decision about a finding; of several that which covers most, so that their order is of no account. */
export function silenceOf(suppressions: readonly Suppression[], finding: Subject & Pick<Finding, 'time'>): Silence | undefined {
  let widest: Suppression | undefined;
  for (const each of suppressions)
    if (each.until > finding.time && isAbout(each, finding) && (widest === undefined || isWider(each, widest))) widest = each;
  if (widest === undefined) return undefined;
  const { id, who, why, until, staged = false } = widest;
  return { by: id, upTo: upTo(widest), staged, words: `${staged ? 'staged by ' : ''}${who}: ${why}, until ${iso(until)}` };
}

/** Whether what silences a finding holds for a severity. */
export function holdsFor(silence: Silence | undefined, severity: Severity): silence is Silence {
  return silence !== undefined && atLeast(silence.upTo, severity);
}

/** Whether nobody is told of a finding by itself. */
export function isSilenced(suppressions: readonly Suppression[], finding: Subject & Pick<Finding, 'time' | 'severity'>): boolean {
  return holdsFor(silenceOf(suppressions, finding), finding.severity);
}

/** A detection that is staged is silent however grave its findings: nobody trusts them yet. */
function upTo({ severity = 'critical', staged }: Suppression): Severity {
  return staged === true ? 'critical' : severity;
}

function isWider(one: Suppression, other: Suppression): boolean {
  const [mine, theirs] = [upTo(one), upTo(other)];
  return mine === theirs ? one.id < other.id : atLeast(mine, theirs);
}
