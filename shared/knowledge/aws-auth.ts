import type { AuditEvent } from '../model/audit.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, at, list, object, parseJson, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { flatMaps } from './flat-yaml.ts';

/** One line of `aws-auth`: an IAM principal and who it is in the cluster. */
export interface Mapping {
  /** ARN of a role or user; for a whole account, its id. */
  readonly principal: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** All that `aws-auth` says. */
export interface Mappings {
  readonly all: readonly Mapping[];
  /** Stands for the whole where a part could not be read, because no usual tool lays it out so; else empty. */
  readonly unread: string;
}

/** Whether an event is about the ConfigMap that maps IAM principals. Source: Amazon EKS user guide, "Grant IAM users access with a ConfigMap". */
export function isAwsAuth({ target }: AuditEvent): boolean {
  return target.name === 'aws-auth' && target.namespace === 'kube-system';
}

/** The mappings that `aws-auth` had last, each as text. */
export const knownMappings: Snapshot<AuditEvent> = snapshot({
  id: 'aws-auth',
  key: () => [],
  value: (event) => {
    if (!event.allowed || event.dryRun || !isAwsAuth(event)) return undefined;
    if (event.verb === 'delete') return { mappings: [] };
    const mappings = mappingsOf(event.result);
    return mappings && { mappings: mappings.all.map(mappingId).sort(), unread: mappings.unread };
  },
});

/** Equal for mappings that give the same to the same. */
export function mappingId({ principal, username, groups }: Mapping): string {
  return JSON.stringify([principal, username, [...groups].sort()]);
}

/** A remembered mapping, from its text. */
export function mappingFrom(id: string): Mapping {
  const parts = list(parseJson(id));
  return { principal: text(parts[0]) ?? '', username: text(parts[1]) ?? '', groups: texts(parts[2]) };
}

/** Reads the data of `aws-auth`; absent where the event does not show it. */
export function mappingsOf(result: JsonObject | undefined): Mappings | undefined {
  const data = object(at(result, 'data'));
  if (data === undefined) return result === undefined ? undefined : { all: [], unread: '' };
  const read = (field: string, principal: string): { all: readonly Mapping[]; unread: number } => {
    const { maps, plain, unread } = flatMaps(text(data[field]) ?? '');
    const all = maps.map((map) => ({
      principal: first(map, principal),
      username: first(map, 'username'),
      groups: map.get('groups') ?? [],
    }));
    return { all, unread: unread + plain.length };
  };
  const [rolesRead, usersRead] = [read('mapRoles', 'rolearn'), read('mapUsers', 'userarn')];
  const accounts = flatMaps(text(data['mapAccounts']) ?? '');
  return {
    all: [...rolesRead.all, ...usersRead.all, ...accounts.plain.map((account) => ({ principal: account, username: '', groups: [] }))],
    unread: rolesRead.unread + usersRead.unread + accounts.unread + accounts.maps.length === 0 ? '' : digest(16, [JSON.stringify(data)]),
  };
}

/** The authenticator takes keys in any case. Source: kubernetes-sigs/aws-iam-authenticator, `pkg/config/types.go`. */
function first(map: ReadonlyMap<string, readonly string[]>, key: string): string {
  return map.get(key)?.[0] ?? '';
}
