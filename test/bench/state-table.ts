import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { day, dayOf, minute, weekOf } from '../../shared/model/time.ts';
import { counterAt } from '../../shared/state/counts/cell.ts';
import { tallyKey } from '../../shared/state/counts/tallies.ts';
import { profileKey } from '../../shared/state/profile.ts';
import { placeOf, type ScanPart } from '../../shared/state/store.ts';
import { Random } from '../simulation/random.ts';
import type { Stored } from './counting-store.ts';

/**
 * A state table of so many keys, made up key by key and the same for the same seed. Of a hundred keys about ten are counters of
 * thresholds with a profile, fifty-five seen-sets, fifteen snapshots, fifteen pods and five
 * addresses. One counter in ten is busy on many days, the others on one or two.
 */
export function stateTable(catalogue: readonly Registered<Detection>[], keys: number, seed: string, now: number) {
  const thresholds = catalogue.flatMap(({ detection }) => (detection.shape === 'threshold' ? [detection] : []));
  const profiled = thresholds.filter(({ limit }) => limit.profile !== undefined);
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
    if (part < 10) {
      const { id, count } = profiled[pick(profiled.length)] ?? { id: 'x', count: { minutes: 5 } };
      const counter = counterAt(id, `scope${String(pick(8)).padStart(7, '0')}`, `group${String(pick(200)).padStart(7, '0')}/${name}`);
      const days = new Set(Array.from({ length: pick(10) === 0 ? 5 + pick(25) : 1 + pick(2) }, () => dayOf(now) - 1 - pick(33)));
      for (const on of [...days].sort()) {
        const first = Math.floor((on * day) / minute / count.minutes);
        const counts = Array.from(
          { length: 1 + pick(6) },
          () => `${String(first + pick(day / minute / count.minutes))} ${String(1 + pick(6))}`,
        );
        const { partition, sort } = placeOf(tallyKey(counter, on));
        yield stored(partition, sort, new Map([['w', new Set(counts)]]));
      }
      yield { partition: profileKey(counter), sort: '-', sets: undefined, bytes: 420 };
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
