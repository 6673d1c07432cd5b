/** What is known about addresses at deployment. CIDR notation, IPv4 and IPv6. */
export interface NetworkSettings {
  /** Ranges of the VPCs: addresses inside them are never an external destination. */
  readonly vpc: readonly string[];
  /**
   * Named ranges, such as the office or the VPN: the name stands for the network in baselines and alerts. Ranges whose names begin
   * with `api-server` are those of the cluster's own interfaces, with `pods` those that pods have their addresses from, with `nat`
   * those of NAT gateways, which send again what others sent: a flow log with `pkt-dstaddr` and `flow-direction` shows by itself who they are.
   */
  readonly named: Readonly<Record<string, string>>;
  /** Amazon's own public ranges, where known; detections that need them say so when the list is empty. */
  readonly aws: readonly string[];
}

/**
 * What a list of addresses may be of: `tor`, exit nodes and relays of the Tor network; `threat`, addresses that a feed or the
 * operator holds for malicious; `mining`, pools of cryptocurrency miners; `as`, ranges with the autonomous system they belong to.
 */
export const listKinds = ['tor', 'threat', 'mining', 'as'] as const;

/** What a list of addresses is of. A detection that needs a kind of which there is no list is off. */
export type ListKind = (typeof listKinds)[number];

/** A list in S3 that the stack keeps up to date. */
export interface ListSource {
  /** What alerts call the list. */
  readonly name: string;
  readonly kind: ListKind;
  readonly bucket: string;
  readonly key: string;
}

/** The compiled lists: as a file in a Lambda layer, where Lambda mounts it, and as an object in the bucket of the stack. */
export const compiledLists = { file: 'address-lists.bin', mounted: '/opt/address-lists.bin', object: 'address-lists.bin' } as const;

/**
 * What an identity may be there for: `deployer` writes workloads and infrastructure (GitOps, CI, the role that CloudFormation takes), `secret-reader` reads Secrets for others,
 * `scanner` looks at everything, `administrator` may do anything, `enrolment` puts this product's filters on log groups: the stack gives
 * that to its own role.
 */
export const duties = ['deployer', 'secret-reader', 'scanner', 'administrator', 'enrolment'] as const;

/** What an identity is there for. */
export type Duty = (typeof duties)[number];

/** An identity with a duty. */
export interface Assignment {
  /** Canonical ARN of an IAM principal, or `system:serviceaccount:NAMESPACE:NAME`; `*` stands for text without slash or colon. */
  readonly who: string;
  readonly duty: Duty;
  /** ISO 8601; the assignment ends then. */
  readonly until?: string;
}

/** Which images may run. Without it nobody is told about images from elsewhere. */
export interface ImageSettings {
  /** `HOST/PATH` without tag; `*` stands for text without a slash, in the host also without a dot; a last `/**` for all below. */
  readonly allowed: readonly string[];
}

/** What is known about the place that is watched. */
export interface SiteSettings {
  readonly networks?: Partial<NetworkSettings>;
  /** Kinds of lists that come from S3: detections that need one are on before the first was fetched. */
  readonly awaited?: readonly ListKind[];
  readonly identities?: readonly Assignment[];
  readonly images?: ImageSettings;
  /**
   * Namespaces whose NetworkPolicies were all written, or written again, within the audit log that was read; `*` for all. Traffic is
   * held against the policies of these, and of namespaces that were created within it.
   */
  readonly policiesKnown?: readonly string[];
}
