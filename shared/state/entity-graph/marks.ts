import type { Scope } from '../../model/base.ts';
import { day } from '../../model/time.ts';
import type { Merge, Removal, StateItem } from '../store.ts';
import { endOfStretch, type Stretch } from './documents.ts';

/** Which stretches hold documents that no snapshot includes, and which snapshot is the newest. */

/** One mark a stretch for payloads that came in time. */
const openInTime = 'graph-open';
/** A mark for each late payload, because the stretch's own may be gone. */
const openLate = Array.from({ length: 4 }, (_, shard) => `graph-open-late:${String(shard)}`);
const openSet = 'stretches';
const snapshotsSet = 'snapshots';
const marksKept = 3 * day;
const mostMarks = 10_000;

/** The items that list the stretches not folded yet. */
export const openStretchesKeys: readonly string[] = [openInTime, ...openLate];

/** A mark that a stretch has documents to fold. */
export interface OpenStretch extends Stretch {
  readonly key: string;
  readonly member: string;
}

/** The mark of a payload that came in time: who set it need not set it again. */
export function markOf(stretch: Stretch): Merge {
  return merge(openInTime, openSet, nameOf(stretch), endOfStretch(stretch.number) + marksKept);
}

/** The mark of a payload that came late, after its stretch may have been folded. */
export function lateMarkOf(stretch: Stretch, payload: string): Merge {
  const shard = openLate[payload.charCodeAt(payload.length - 1) % openLate.length] ?? openInTime;
  return merge(shard, openSet, `${nameOf(stretch)}\t${payload}`, endOfStretch(stretch.number) + marksKept);
}

/** The marks in the items of {@link openStretchesKeys}. */
export function openStretches(items: Iterable<StateItem>): OpenStretch[] {
  return [...items].flatMap(({ key, sets }) =>
    [...(sets.get(openSet) ?? [])].flatMap((member) => {
      const [account, region, cluster, number] = member.split('\t');
      if (account === undefined || region === undefined || cluster === undefined || number === undefined) return [];
      return [{ key, member, scope: { account, region, cluster }, number: Number(number) }];
    }),
  );
}

/** Takes marks away. */
export function withoutMarks(marks: readonly OpenStretch[]): Removal[] {
  return [...Map.groupBy(marks, ({ key }) => key)].map(([key, some]) => ({ key, sets: { [openSet]: some.map(({ member }) => member) } }));
}

/** The item that names a cluster's snapshots. */
export function snapshotsKey({ account, region, cluster }: Scope): string {
  return `graph-snapshots:${account}/${region}/${cluster}`;
}

/** The newest stretch that a snapshot includes. */
export function newestSnapshot(item: StateItem | undefined): number | undefined {
  const stretches = [...(item?.sets.get(snapshotsSet) ?? [])].map(Number).filter(Number.isFinite);
  return stretches.length === 0 ? undefined : Math.max(...stretches);
}

/** Notes a snapshot. */
export function snapshotMark({ scope, number }: Stretch): Merge {
  return merge(snapshotsKey(scope), snapshotsSet, String(number), endOfStretch(number) + 30 * day);
}

/** Forgets the snapshots before one. */
export function withoutOlderSnapshots({ scope, number }: Stretch, item: StateItem | undefined): Removal[] {
  const older = [...(item?.sets.get(snapshotsSet) ?? [])].filter((stretch) => Number(stretch) < number);
  return older.length === 0 ? [] : [{ key: snapshotsKey(scope), sets: { [snapshotsSet]: older } }];
}

function nameOf({ scope, number }: Stretch): string {
  return [scope.account, scope.region, scope.cluster, String(number)].join('\t');
}

function merge(key: string, set: string, member: string, expires: number): Merge {
  return { key, sets: { [set]: [member] }, expires, cap: mostMarks };
}
