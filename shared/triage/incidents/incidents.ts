import type { Registered } from '../../detect/finding.ts';
import type { FindingGroup, Member } from '../../detect/finding-group.ts';
import type { Detection } from '../../detect/kit.ts';
import { linkedEntity } from '../../detect/links.ts';
import { atLeast, type Finding } from '../../model/finding.ts';
import { day } from '../../model/time.ts';
import { combine, type StateItem } from '../../state/store.ts';
import type { Alert } from '../alert.ts';
import type { Chain } from './chain.ts';
import { chainsOf } from './chains.ts';
import { crowdingOf } from './crowding.ts';
import { findingsOf, knotOf } from './incident.ts';
import { hasRoom, noteOverflow } from './overflow.ts';
import { type IncidentPorts, type OpenCase, settle } from './settling.ts';
import { keyBeside, type Notice, noticesOf, type Sighting, sightingsIn, sightingText } from './sightings.ts';
import { markOf, marks } from './marks.ts';
import { entriesOf } from './timeline.ts';
import { isOn, type Watch, watchOf } from './watch.ts';

/** Sightings of one link, from all items that may hold a chain with a new one. */
interface Seen {
  readonly link: string;
  readonly notices: readonly Notice[];
  readonly sightings: readonly Sighting[];
  readonly chains: readonly Chain[];
  /** What was part of no chain before the latest findings. */
  readonly newcomers: readonly Sighting[];
  /** The link had an incident before. */
  readonly known: boolean;
}

/**
 * Notes what a group's findings tell of each link, and returns the incidents that they complete or that they join. Most
 * findings are alone, and come to one write a link and horizon and one read.
 */
export async function incidentsWith(
  group: FindingGroup,
  heard: readonly Member[],
  catalogue: readonly Registered<Detection>[],
  ports: IncidentPorts,
): Promise<{ readonly incidents: readonly Alert[]; readonly crowding: readonly Finding[] }> {
  const watch = watchOf(catalogue);
  const notices = noticesOf(watch, group, heard).filter(({ merge }) => hasRoom(ports.state, merge));
  if (notices.length === 0) return { incidents: [], crowding: [] };
  const items = await ports.state.merge(combine(notices.map(({ merge }) => merge)));
  for (const { merge } of notices) noteOverflow(ports.state, merge, items.get(merge.key));
  const around = await ports.state.read([...new Set(notices.flatMap((notice) => [keyBeside(notice, -1), keyBeside(notice, 1)]))], 'strong');
  const seen = [...Map.groupBy(notices, ({ link }) => link)].map(([link, some]) =>
    seenOn(link, some, new Map([...around, ...items]), watch),
  );
  const open = seen.filter(({ chains, known }) => chains.length > 0 || known);
  const complete = new Set(seen.flatMap(({ link, chains }) => (chains.length > 0 ? [link] : [])));
  const crowding = notices.flatMap((notice) =>
    complete.has(notice.link) ? [] : crowdingOf(watch, notice, items.get(notice.merge.key), group.speaker),
  );
  const incidents = new Map<string, Alert>();
  for (const one of open) for (const alert of await settle(await caseOf(one, group, watch, ports), ports)) incidents.set(alert.id, alert);
  return { incidents: [...incidents.values()], crowding };
}

function seenOn(link: string, notices: readonly Notice[], items: ReadonlyMap<string, StateItem>, watch: Watch): Seen {
  const mine = notices.flatMap((notice) => [notice.merge.key, keyBeside(notice, -1), keyBeside(notice, 1)].map((key) => items.get(key)));
  const sightings = sightingsIn(mine);
  const chains = chainsOn(link, sightings, watch);
  const written = new Set(notices.flatMap(({ merge }) => Object.values(merge.sets).flat()));
  const earlier = chains.length === 0 ? [] : sightings.filter((each) => !written.has(sightingText(each)));
  const old = new Set(chainsOn(link, earlier, watch).flatMap(({ members }) => members));
  const newcomers = [...new Set(chains.flatMap(({ members }) => members))].filter((each) => !old.has(each));
  return { link, notices, sightings, chains, newcomers, known: mine.some((item) => item?.sets.has(marks) === true) };
}

function chainsOn(link: string, sightings: readonly Sighting[], watch: Watch): Chain[] {
  const { link: kind } = linkedEntity(link);
  return watch.sequences.flatMap((registered) => (isOn(registered.detection, kind) ? chainsOf(registered, sightings, watch) : []));
}

/** A link's chains and all that was sighted on it, in words. */
async function caseOf(
  { link, notices, sightings, chains, newcomers }: Seen,
  group: FindingGroup,
  watch: Watch,
  { alerts }: IncidentPorts,
): Promise<OpenCase> {
  const knot = knotOf(link, group.speaker);
  const members = [...new Set(chains.flatMap((chain) => chain.members))].sort((a, b) => a.time - b.time);
  const told = near(sightings, group, members);
  const parts = new Map<string, Alert>();
  await Promise.all(
    [...new Set([...told, ...chains.flatMap(({ path }) => path)].map(({ alert }) => alert))].map(async (id) => {
      const alert = await alerts.get(id);
      if (alert !== undefined) parts.set(id, alert);
    }),
  );
  const summaryOf = (id: string): string => parts.get(id)?.speaker.summary ?? 'a finding that is no longer kept';
  const scope =
    [group.speaker, ...[...parts.values()].map(({ speaker }) => speaker)].find(({ cluster }) => cluster !== '') ?? group.speaker;
  return {
    knot,
    steps: members,
    newcomers,
    marks: markOf(notices, members, knot),
    findings: findingsOf(chains, knot, { ...scope, late: group.speaker.late }, summaryOf),
    timeline: entriesOf(told, parts, watch),
    by: members.flatMap(({ alert }) => parts.get(alert)?.by ?? []),
  };
}

/** Alerts that one timeline is written from. */
const mostTold = 40;

/** What belongs on the timeline: what makes the incident, and what else happened within a day, the gravest first. */
function near(sightings: readonly Sighting[], { first, last }: FindingGroup, steps: readonly Sighting[]): readonly Sighting[] {
  const others = sightings
    .filter((each) => each.time >= first - day && each.time <= last + day && !steps.includes(each))
    .sort((a, b) => (a.severity === b.severity ? 0 : atLeast(a.severity, b.severity) ? -1 : 1));
  return [...steps, ...others].slice(0, mostTold).sort((a, b) => a.time - b.time);
}
