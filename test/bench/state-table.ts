import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { day, hour, weekOf } from '../../shared/model/time.ts';
import { profileKey } from '../../shared/state/profile.ts';
import type { ScanPart } from '../../shared/state/store.ts';
import { Random } from '../simulation/random.ts';
import type { Stored } from './counting-store.ts';

/**
 * A state table of so many keys, made up key by key and the same for the same seed. Of a hundred keys about forty are counters, a
 * quarter of which belong to thresholds with a profile; twenty-five are seen-sets, fifteen snapshots, fifteen pods and five
 * addresses. One counter in ten is busy on many days, the others on one or two.
 */
export function stateTable(catalogue: readonly Registered<Detection>[], keys: number, seed: string, now: number) {
  const thresholds = catalogue.flatMap(({ detection }) => (detection.shape === 'threshold' ? [detection] : []));
  const profiled = thresholds.filter(({ limit }) => limit.profile !== undefined);
  const others = thresholds.filter(({ limit }) => limit.profile === undefined);
  const seen = catalogue.flatMap(({ detection }) =>
    detection.shape === 'detection'
      ? Object.values(detection.memory).flatMap((memory) => (memory.kind === 'seen-set' ? [memory.id] : []))
      : [],
  );

  function* ofKey(number: number): Iterable<Stored> {
    const random = new Random(`${seed}/${String(number)}`);
    const pick = (limit: number): number => random.int(0, limit - 1);
    const name = number.toString(36).padStart(22, '0');
    const part = pick(100);
    if (part < 40) {
      const { id, count } = (part < 10 ? profiled : others)[pick(part < 10 ? profiled.length : others.length)] ?? {
        id: 'x',
        count: { minutes: 5 },
      };
      const wide = count.minutes > 15;
      const counter = `window:${id}:scope${String(pick(8)).padStart(7, '0')}/group${String(pick(200)).padStart(7, '0')}/${name}${wide ? '/60' : ''}`;
      const days = pick(10) === 0 ? 5 + pick(25) : 1 + pick(2);
      const items = new Map<number, ReadonlyMap<string, ReadonlySet<string>>>();
      for (let active = 0; active < days; active += 1) {
        const at = Math.floor((now - pick(34) * day - pick(24) * hour) / (wide ? hour : hour / 4));
        items.set(
          at,
          new Map([
            [`m${String(pick(15))}`, new Set(Array.from({ length: 1 + pick(6) }, (_, member) => `${String(at)}${String(member)}`))],
          ]),
        );
      }
      for (const at of [...items.keys()].sort()) yield stored(counter, String(at), items.get(at));
      if (part < 10) yield { partition: profileKey(counter), sort: '-', sets: undefined, bytes: 420 };
    } else if (part < 65) {
      const weeks = Array.from(
        { length: 1 + pick(5) },
        (_, ago) => [`w${String(weekOf(now - ago * 7 * day))}`, new Set(['192.0.2.0/24', '198.51.100.0/24'])] as const,
      );
      yield stored(`seen:${seen[pick(seen.length)] ?? 'x'}:${name}`, '-', new Map(weeks));
    } else if (part < 80) {
      const versions = Array.from({ length: 1 + pick(4) }, (_, version) => `${String(now - version)} ${'x'.repeat(600)}`);
      yield stored(`snapshot:pods:${name}`, '-', new Map([['v', new Set(versions)]]));
    } else if (part < 95) yield stored(`pod:${name}`, '-', new Map([['info', new Set(['x'.repeat(120)])]]));
    else yield stored(`address:111122223333/eu-central-1/harbour/${name}`, '-', new Map([[`pod ${name}`, new Set([String(now)])]]));
  }

  return function* ({ segment, of }: ScanPart): Iterable<Stored> {
    for (let number = segment; number < keys; number += of) yield* ofKey(number);
  };
}

/** An item with its size: names and members, and the time to live. */
function stored(partition: string, sort: string, sets: ReadonlyMap<string, ReadonlySet<string>> = new Map()): Stored {
  let bytes = partition.length + sort.length + 19;
  for (const [name, members] of sets) {
    bytes += name.length + 5;
    for (const member of members) bytes += member.length + 1;
  }
  return { partition, sort, sets, bytes };
}
