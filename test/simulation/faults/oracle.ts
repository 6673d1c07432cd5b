import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../../shared/adapters/memory-state.ts';
import { groupFindings } from '../../../shared/detect/finding-group.ts';
import type { Detection } from '../../../shared/detect/kit.ts';
import type { Registered } from '../../../shared/detect/finding.ts';
import { tickAt } from '../../../shared/model/event.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { hour } from '../../../shared/model/time.ts';
import { Pipeline } from '../../../shared/pipeline.ts';
import type { SeenView } from '../../../shared/state/seen-set.ts';
import type { Suppression } from '../../../shared/triage/suppression.ts';
import type { Alert } from '../../../shared/triage/alert.ts';
import { triage } from '../../../shared/triage/triage.ts';
import { site } from '../../laws/histories.ts';
import { cellsIn } from '../../support/counts.ts';
import { meaningOf } from '../../support/meaning.ts';
import { eager, lazy } from '../../laws/novelty-models.ts';
import { catalogue, novelties } from './catalogue.ts';
import { deliveryOf } from './deliveries.ts';
import type { Novel, Occurrence } from './history.ts';
import { isWaiting, waitingIn } from './waiting.ts';

/** What triage makes of findings in order: one finding more may join two incidents, so that nothing less than all of them tells. */
interface Standing {
  /** `fingerprint state`. */
  readonly alerts: ReadonlySet<string>;
  /**
   * What waits with them. An alert has room for far more than a history of this length withholds, so that nothing is beyond its
   * bound.
   */
  readonly waiting: ReadonlySet<string>;
  readonly names: readonly (readonly [string, string])[];
}

/** What an ordered replay without faults comes to, and how much the order of what came together may change of it. */
export interface Expectation {
  /** Finding ids that any replay finds, and those that one may find. */
  readonly certain: ReadonlySet<string>;
  readonly possible: ReadonlySet<string>;
  /** What triage makes of those that were found. */
  readonly triaged: (found: ReadonlySet<string>) => Promise<Standing>;
  /** Union items that no withheld lesson touches, as text. */
  readonly memory: ReadonlyMap<string, string>;
  /** Members that detections may remember of those that withhold lessons: `memory key`, set and member. */
  readonly teachable: ReadonlySet<string>;
  /** Who is meant by the id of a finding or alert, for people. */
  readonly names: ReadonlyMap<string, string>;
}

const isNovelty = new Set<string>(Object.values(novelties).map(({ detection }) => detection));
const noveltyCatalogue = catalogue.filter(({ detection }) => isNovelty.has(detection.id));

/** What must come of a history. */
export async function expectationOf(occurrences: readonly Occurrence[], suppressions: readonly Suppression[]): Promise<Expectation> {
  const replayed = await orderedReplay(catalogue, occurrences);
  const exact = replayed.findings.filter(({ detection }) => !isNovelty.has(detection));
  const novel = occurrences.filter(isNovel);
  const { findings: each, withheld } = await orderedReplay(noveltyCatalogue.map(credulous), novel);
  const found = (model: typeof eager): Finding[] => {
    const ids = new Set(foundBy(model, occurrences));
    return each.filter(({ evidence }) => ids.has(evidence[0]?.eventId ?? ''));
  };
  const certain = [...exact, ...found(eager)];
  const possible = [...exact, ...found(lazy)];
  const all = new Map([...replayed.withheld, ...withheld]);
  const surelyFound = new Set(found(eager).flatMap(({ evidence }) => evidence[0]?.eventId ?? ''));
  return {
    certain: idsOf(certain),
    possible: idsOf(possible),
    triaged: async (ids) => {
      const { alerts, state } = await triaged(
        possible.filter(({ id }) => ids.has(id)),
        all,
        suppressions,
      );
      return { alerts: standingOf(alerts), waiting: await waitingIn(state), names: alerts.flatMap(({ speaker }) => namesOf(speaker)) };
    },
    memory: memoryOf(replayed.state),
    names: new Map(possible.flatMap(namesOf)),
    teachable: await taughtBy(novel.filter(({ record }) => !surelyFound.has(record.id))),
  };
}

/** What people call a finding and its alert. */
export function namesOf({ id, fingerprint, detection, entity }: Finding): readonly (readonly [string, string])[] {
  return [
    [id, `${detection} of ${entity.name} (${id})`],
    [fingerprint, `${detection} of ${entity.name} (${fingerprint})`],
  ];
}

function isNovel(occurrence: Occurrence): occurrence is Occurrence & { readonly happening: Novel } {
  return occurrence.happening.kind in novelties;
}

/** The ids of the records that a model finds new. */
function foundBy(model: typeof eager, occurrences: readonly Occurrence[]): string[] {
  return Object.entries(novelties).flatMap(([kind, { withholds }]) => {
    const own = occurrences.filter(isNovel).filter(({ happening }) => happening.kind === kind);
    const positions = model(
      own.map(({ happening }) => happening),
      withholds,
    );
    return own.filter((_, position) => positions.has(position)).map(({ record }) => record.id);
  });
}

/** A memory that is old and holds nothing. */
const nothingKnown: SeenView = { learning: false, size: 0, age: 0, has: () => false, some: () => [] };

/** A novelty as one that finds everything new, to know what its findings would be. */
function credulous({ strategy, detection }: Registered<Detection>): Registered<Detection> {
  if (detection.shape !== 'detection') return { strategy, detection };
  const judge = (event: never) => detection.judge(event, { networks: nothingKnown });
  const believing = { ...detection, judge };
  delete believing.novelty;
  return { strategy, detection: believing };
}

/** What was found, and by the finding's id what its event would have taught. */
interface Replay {
  readonly findings: readonly Finding[];
  readonly withheld: ReadonlyMap<string, readonly string[]>;
  readonly state: MemoryState;
}

/** Every record by itself, in order, and a tick after all of them. */
async function orderedReplay(detections: readonly Registered<Detection>[], occurrences: readonly Occurrence[]): Promise<Replay> {
  const [state, recorded] = [new MemoryState(), new MemoryFindings()];
  const pipeline = new Pipeline(detections, { state, findings: recorded, site });
  const findings = new Map<string, Finding>();
  const keep = (some: readonly Finding[]): void => {
    for (const finding of some) if (!findings.has(finding.id)) findings.set(finding.id, finding);
  };
  for (const occurrence of occurrences) keep((await pipeline.analyse(deliveryOf([occurrence], occurrence.happening.at).batch)).findings);
  keep((await pipeline.tick(tickAt((occurrences.at(-1)?.happening.at ?? 0) + 3 * hour))).findings);
  const withheld = new Map(recorded.all().flatMap((group) => group.ids.map((id) => [id, group.withheld] as const)));
  return { findings: [...findings.values()], withheld, state };
}

/** What all of the records would teach the novelties if none were found. */
async function taughtBy(occurrences: readonly Occurrence[]): Promise<ReadonlySet<string>> {
  const silent = noveltyCatalogue.map((registered) => {
    const { strategy, detection } = registered;
    if (detection.shape !== 'detection') return registered;
    return { strategy, detection: { ...detection, judge: () => undefined } };
  });
  const { state } = await orderedReplay(silent, occurrences);
  return new Set(withheldMembers(state));
}

/** What the memories hold that learn nothing from what they find. */
export function withheldMembers(state: MemoryState): string[] {
  return mergesOf(state).flatMap(({ key, sets }) =>
    isWithheld(key) ? Object.entries(sets).flatMap(([name, members]) => members.map((member) => `${key} ${name} ${member}`)) : [],
  );
}

/** The items that must come to the same in any order, as text. */
export function memoryOf(state: MemoryState): ReadonlyMap<string, string> {
  const items = mergesOf(state).filter(
    ({ key }) => !isWithheld(key) && !isWaiting(key) && !key.startsWith('chain:') && !key.startsWith('silenced:'),
  );
  return new Map([...items.map((item) => [item.key, JSON.stringify(meaningOf(item))] as const), ['counts', cellsIn(state).join('\n')]]);
}

function mergesOf(state: MemoryState) {
  return [...state.dump()].flatMap((entry) => ('merge' in entry ? [entry.merge] : []));
}

function isWithheld(key: string): boolean {
  return key.startsWith('seen:grave');
}

function idsOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.map(({ id }) => id));
}

/** What findings come to when each is triaged by itself, in order: alerts and incidents, and what waits with them. */
async function triaged(
  findings: readonly Finding[],
  withheld: ReadonlyMap<string, readonly string[]>,
  suppressions: readonly Suppression[],
): Promise<{ readonly alerts: readonly Alert[]; readonly state: MemoryState }> {
  const ports = { alerts: new MemoryAlerts(), settings: new MemorySettings(suppressions), state: new MemoryState() };
  for (const finding of [...findings].sort((a, b) => a.time - b.time))
    for (const group of groupFindings([finding], new Map([[finding, withheld.get(finding.id) ?? []]])))
      await triage(group, catalogue, ports);
  return { alerts: ports.alerts.all(), state: ports.state };
}

/** Alerts by fingerprint and state: what order must not change. */
export function standingOf(alerts: readonly Alert[]): ReadonlySet<string> {
  return new Set(alerts.map(({ id, state }) => `${id} ${state}`));
}
