import { atLeast } from '../../../shared/model/finding.ts';
import { reachOf, silencedKeys } from '../../../shared/triage/silenced.ts';
import { expectationOf, memoryOf, namesOf, standingOf, withheldMembers } from './oracle.ts';
import type { FaultCounts } from './kinds.ts';
import { waitingIn } from './waiting.ts';
import { type Variant, World } from './world.ts';

/** What became of a seed. */
export interface Verdict {
  readonly seed: number;
  /** What is not as it should be: nothing, if all is well. */
  readonly offences: readonly string[];
  readonly faults: Readonly<FaultCounts>;
  readonly steps: readonly string[];
  /** Equal runs have equal ones. */
  readonly trace: string;
  /** Findings that every order finds, and those that some do. */
  readonly certain: number;
  readonly possible: number;
  readonly found: Readonly<Record<string, number>>;
}

/** Runs a world until it rests, and holds what it came to against the laws. */
export async function judgeSeed(seed: number, variant: Variant = {}): Promise<Verdict> {
  const world = new World(seed, variant);
  await world.run();
  const expected = await expectationOf(world.occurrences, world.suppressions);
  const { tables, newsroom, faults } = world;
  const groups = tables.findings.all();
  const alerts = tables.allAlerts();
  const ids = new Set(groups.flatMap((group) => group.ids));
  const states = standingOf(alerts);
  const standing = await expected.triaged(ids);
  const memory = memoryOf(tables.state);
  const waiting = await waitingIn(tables.state);
  const decisions = alerts.flatMap(({ silenced = [] }) => silenced.map(({ by }) => by));
  const silencedItems = await tables.state.read(silencedKeys(decisions));
  const told = new Set(newsroom.posted.map(({ id }) => id));
  const known = new Set(alerts.map(({ id }) => id));
  const names = new Map([...standing.names, ...[...groups, ...alerts].flatMap(({ speaker }) => namesOf(speaker))]);
  const nameOf = (id: string): string => expected.names.get(id) ?? names.get(id) ?? id;
  const open = alerts.filter(({ state }) => state === 'open');
  return {
    seed,
    offences: [
      ...world.offences,
      ...missing(expected.certain, ids).map((id) => `a finding is lost: ${nameOf(id)}`),
      ...missing(ids, expected.possible).map((id) => `a finding is wrong: ${nameOf(id)}`),
      ...missing(standing.alerts, states).map((alert) => `an alert is lost: ${nameOf(alert.slice(0, 16))} ${alert.slice(17)}`),
      ...missing(states, standing.alerts).map((alert) => `an alert is wrong: ${nameOf(alert.slice(0, 16))} ${alert.slice(17)}`),
      ...differences(expected.memory, memory),
      ...missing(standing.waiting, waiting).map((what) => `does not wait: ${what}`),
      ...missing(waiting, standing.waiting).map((what) => `waits for nothing: ${what}`),
      ...missing(new Set(withheldMembers(tables.state)), expected.teachable).map((member) => `learnt from a suspect: ${member}`),
      ...open.filter(({ id }) => !told.has(id)).map(({ id }) => `nobody was told: ${nameOf(id)}`),
      ...open
        .filter((alert) => alert.told === undefined || !atLeast(alert.told.severity, alert.severity))
        .map(({ id }) => `not marked told: ${nameOf(id)}`),
      ...missing(told, known).map((id) => `told of no alert: ${nameOf(id)}`),
      ...alerts
        .filter((alert) => alert.count !== countOf(alert.id, groups, alert.count))
        .map(({ id, count }) => `a count of ${String(count)} is wrong: ${nameOf(id)}`),
      ...alerts.flatMap(({ id, count, silenced = [] }) => [
        ...(silenced.reduce((sum, each) => sum + each.count, 0) > count ? [`silenced more often than found: ${nameOf(id)}`] : []),
        ...silenced
          .filter(({ by }) => !reachOf(by, silencedItems).alerts.includes(id))
          .map(({ by }) => `${by} does not know that it silenced ${nameOf(id)}`),
      ]),
    ],
    faults: faults.counts,
    steps: faults.steps,
    trace: `${String(faults.steps.length)} ${String(faults.fingerprint)} ${[...states].sort().join(' ')}`,
    certain: expected.certain.size,
    possible: expected.possible.size,
    found: Object.fromEntries(
      [...Map.groupBy(alerts, ({ speaker }) => speaker.detection)].map(([detection, some]) => [detection, some.length]),
    ),
  };
}

/** Findings of a fingerprint, each once; incidents are counted by their own findings, which no table lists. */
function countOf(
  fingerprint: string,
  groups: readonly { readonly fingerprint: string; readonly ids: readonly string[] }[],
  otherwise: number,
): number {
  const own = groups.filter((group) => group.fingerprint === fingerprint);
  return own.length === 0 ? otherwise : new Set(own.flatMap(({ ids }) => ids)).size;
}

function missing(wanted: ReadonlySet<string>, held: ReadonlySet<string>): string[] {
  return [...wanted].filter((one) => !held.has(one));
}

function differences(wanted: ReadonlyMap<string, string>, held: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...wanted.keys(), ...held.keys()]);
  return [...keys]
    .filter((key) => wanted.get(key) !== held.get(key))
    .map((key) => `${key} is ${held.get(key) ?? 'absent'}, not ${wanted.get(key) ?? 'absent'}`);
}
