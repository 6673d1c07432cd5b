import { type Policy, policyOf, unseenPolicy } from '../../knowledge/network-policy/policy.ts';
import type { Labels } from '../../knowledge/network-policy/selector.ts';
import { object, parseJson } from '../../model/json.ts';
import type { StateItem } from '../store.ts';
import { mostVersions, type PolicyVersion, setNames, stamped, versionsIn } from './versions.ts';

/** A namespace as policies see it, at a time. */
export interface NamespaceState {
  readonly policies: readonly Policy[];
  readonly labels: Labels;
}

/** The label that every namespace has. Source: Kubernetes, "Well-Known Labels, Annotations and Taints". */
const nameLabel = 'kubernetes.io/metadata.name';

/** What was remembered of a namespace, and what it was at any time. */
export class NamespaceRecord {
  /** Equal in two records that say the same. */
  readonly content: string;
  private readonly name: string;
  private readonly declaredKnown: boolean;
  private readonly versions: readonly PolicyVersion[];
  private readonly labels: readonly ReturnType<typeof stamped>[];
  private readonly births: readonly number[];
  private readonly complete: boolean;
  private readonly times: readonly number[];
  private readonly read = new Map<PolicyVersion, Policy>();
  private readonly states = new Map<number, NamespaceState>();

  /** `declaredKnown` where the operator says that no policy is older than what was seen. */
  constructor(name: string, item: StateItem | undefined, declaredKnown: boolean) {
    const members = (set: string): string[] => [...(item?.sets.get(set) ?? [])];
    this.name = name;
    this.declaredKnown = declaredKnown;
    this.versions = versionsIn(members(setNames.versions));
    this.labels = members(setNames.labels).sort().map(stamped);
    this.births = members(setNames.born)
      .map(Number)
      .sort((one, other) => one - other);
    const noted = members(setNames.noted);
    const kept = new Set(this.versions.map(({ position }) => position));
    this.complete = noted.length < mostVersions && this.births.length < mostVersions && noted.every((position) => kept.has(position));
    this.content = [
      this.complete,
      ...this.versions.map(({ position }) => position),
      '',
      ...this.labels.map(({ position }) => position),
      ...this.births,
    ].join();
    this.times = [...new Set([...this.versions, ...this.labels].map(({ time }) => time).concat(this.births))].sort(
      (one, other) => one - other,
    );
  }

  /** Moments at which something changed, after one time and until another. */
  changes(after: number, until: number): readonly number[] {
    return this.times.filter((time) => time > after && time <= until);
  }

  /** What was in force at a time. */
  stateAt(time: number): NamespaceState {
    const step = this.times.findLastIndex((moment) => moment <= time);
    let state = this.states.get(step);
    if (state === undefined) this.states.set(step, (state = this.stateFrom(this.times[step] ?? -Infinity)));
    return state;
  }

  private stateFrom(time: number): NamespaceState {
    const born = this.births.findLast((moment) => moment <= time);
    const inForce = new Map<string, Policy>();
    for (const version of this.versions) {
      if (version.time > time || version.time < (born ?? -Infinity)) continue;
      if (version.isPartial) for (const name of inForce.keys()) inForce.set(name, unseenPolicy(this.name, name));
      else if (version.name === undefined) inForce.clear();
      else if (version.isEnd) inForce.delete(version.name);
      else inForce.set(version.name, this.policyOf(version, version.name));
    }
    const allKnown = this.complete && (this.declaredKnown || born !== undefined);
    return { policies: allKnown ? [...inForce.values()] : [...inForce.values(), unseenPolicy(this.name)], labels: this.labelsAt(time) };
  }

  private policyOf(version: PolicyVersion, name: string): Policy {
    let policy = this.read.get(version);
    if (policy === undefined) this.read.set(version, (policy = policyOf(this.name, name, version.spec)));
    return policy;
  }

  private labelsAt(time: number): Labels {
    const latest = this.labels.findLast((version) => version.time <= time);
    const labels = latest === undefined || this.labels.length >= mostVersions ? undefined : object(parseJson(latest.text));
    if (labels === undefined) return { known: new Map([[nameLabel, this.name]]), complete: false };
    const texts = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return { known: new Map([...texts, [nameLabel, this.name]]), complete: texts.length === Object.keys(labels).length };
  }
}
