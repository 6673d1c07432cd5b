/** A subscription filter as it is. */
export interface FoundFilter {
  readonly name: string;
  readonly pattern: string;
  readonly destination: string;
  readonly role?: string;
  /** How lines are spread over the shards of a data stream; absent where that is not told. */
  readonly distribution?: string;
  /** It has settings that we give to none, by which lines may be held back or changed. */
  readonly altered?: boolean;
}

/** A control-plane log group as it is. */
export interface FoundGroup {
  readonly name: string;
  readonly cluster: string;
  /** Its log class; only `STANDARD` takes subscriptions. Source: CloudWatch Logs user guide, "Log classes". */
  readonly logClass: string;
  readonly filters: readonly FoundFilter[];
}

/** A cluster as it is. */
export interface FoundCluster {
  readonly name: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether its audit log is on. */
  readonly audited: boolean;
}

/** Something that is there and could not be looked at: nothing is concluded from it. */
export interface Unread {
  readonly cluster: string;
  readonly why: string;
}

/** What there is in the account and Region. */
export interface Found {
  readonly clusters: readonly FoundCluster[];
  readonly groups: readonly FoundGroup[];
  readonly unread: readonly Unread[];
}

/** The log group of a cluster's control plane. Source: Amazon EKS user guide, "Send control plane logs to CloudWatch Logs". */
export function groupOf(cluster: string): string {
  return `/aws/eks/${cluster}/cluster`;
}

/** The cluster whose control plane a log group holds; absent for any other group. */
export function clusterOf(group: string): string | undefined {
  return /^\/aws\/eks\/([^/]+)\/cluster$/.exec(group)?.[1];
}
