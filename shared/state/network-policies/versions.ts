import { list, parseJson, text } from '../../model/json.ts';

/** Sets of a namespace's item; `noted` tells of every version, also of those for which there was no room. */
export const setNames = { versions: 'v', noted: 'n', labels: 'l', born: 'b' } as const;
/** A set that holds so many members may lack others: what rests on it is unknown. */
export const mostVersions = 60;

/** A version of one policy, or of all policies of a namespace, as it is kept. */
export interface PolicyVersion {
  readonly member: string;
  /** Event time and request key: the order of versions. */
  readonly position: string;
  readonly time: number;
  /** What is kept, as text. */
  readonly text: string;
  /** The policy's name; absent for all of the namespace. */
  readonly name: string | undefined;
  /** `undefined` where the policy is gone, `null` where it cannot be read. */
  readonly spec: unknown;
  /** The policy is gone, or all are. */
  readonly isEnd: boolean;
  /** Some policies of the namespace are gone, and nobody knows which. */
  readonly isPartial: boolean;
}

/** The versions among members of a set, oldest first. */
export function versionsIn(members: Iterable<string> | undefined): readonly PolicyVersion[] {
  return [...(members ?? [])].sort().map(versionOf);
}

function versionOf(member: string): PolicyVersion {
  const { position, time, text: kept } = stamped(member);
  const body = list(parseJson(kept));
  const isPartial = body.length === 1;
  const spec = isPartial ? null : body[2];
  return { member, position, time, text: kept, name: text(body[0]), spec, isEnd: spec === undefined, isPartial };
}

/** A member that begins with its position, taken apart. */
export function stamped(member: string): { readonly position: string; readonly time: number; readonly text: string } {
  const end = member.indexOf(' ', member.indexOf(' ') + 1);
  return { position: member.slice(0, end), time: Number(member.slice(0, member.indexOf(' '))), text: member.slice(end + 1) };
}
