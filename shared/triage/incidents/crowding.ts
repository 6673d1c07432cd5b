import { findingOf } from '../../detect/finding.ts';
import { namedIn } from '../../detect/kit.ts';
import { closeLinks, linkedEntity } from '../../detect/links.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { Finding } from '../../model/finding.ts';
import type { StateItem } from '../../state/store.ts';
import { type Notice, readSighting } from './sightings.ts';
import { horizonOf, isOn, meets, type Watch } from './watch.ts';

/**
 * Tells that there was no room for findings of a link: a chain may be missed, until the slot is over. One alert a cluster. Where
 * tactics are counted nothing is missed: a tactic is known by those that found room.
 */
export function crowdingOf({ sequences }: Watch, { link, horizon, merge }: Notice, item: StateItem | undefined, last: Finding): Finding[] {
  const { link: kind, name: who } = linkedEntity(link);
  const waiting = sequences.filter(
    ({ detection }) =>
      horizonOf(detection) === horizon &&
      isOn(detection, kind) &&
      detection.steps.some((step) => namedIn(step).length > 0 && meets(step, last)),
  );
  const [speaker] = sequences;
  if (waiting.length === 0 || speaker === undefined || item === undefined) return [];
  // Within hours or a day, a few sightings of an alert say when it was; only within minutes each of them counts.
  const isFine = horizon === 'far' || !closeLinks.includes(kind);
  const lost = Object.entries(merge.sets).flatMap(([room, texts]) => {
    const kept = item.sets.get(room) ?? new Set();
    const missing = texts.find((text) => !kept.has(text));
    if (missing === undefined) return [];
    const sighting = readSighting(missing, '');
    return isFine && [...kept].some((text) => readSighting(text, '').alert === sighting.alert) ? [] : [{ room, sighting }];
  });
  return lost.map(({ room, sighting: { time } }) => {
    const titles = waiting.map(({ detection }) => `"${detection.title}"`);
    const verdict = {
      entity: { kind: 'cluster', id: last.cluster, name: last.cluster } as const,
      about: 'more findings than are kept',
      severity: 'low' as const,
      summary: `More findings about ${shorten(who)} than sequences keep: ${some(titles)} may be missed there. Look at what else is told of it.`,
    };
    const evidence = [{ time, note: last.summary }];
    const finding = findingOf(speaker, verdict, { scope: last, time, key: `${link} ${room}`, evidence, links: [], late: false });
    return { ...finding, title: 'More findings than sequences keep', attack: [] };
  });
}
