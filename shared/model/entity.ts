import type { Listing } from './listed.ts';

/** What a finding can be about. */
export const entityKinds = ['identity', 'workload', 'pod', 'node', 'namespace', 'object', 'address', 'cluster', 'log-source'] as const;

/** What a finding is about. */
export type EntityKind = (typeof entityKinds)[number];

/** Something that acts or is acted on. */
export interface Entity {
  readonly kind: EntityKind;
  /** Stable and authenticated: canonical ARN, uid, owner path. Fingerprints rest on it. */
  readonly id: string;
  /** For people to read. */
  readonly name: string;
}

/** How the caller proved who it is. */
export type ActorKind = 'control-plane' | 'node' | 'service-account' | 'eks' | 'iam' | 'anonymous' | 'certificate' | 'aws-service';

/** Who acts: as authenticated, never as claimed. */
export interface Actor extends Entity {
  readonly kind: 'identity';
  readonly type: ActorKind;
  /** The name that the cluster authorises: of a role's sessions, of a service account, or one that an access entry gives. */
  readonly username: string;
  /** What was authenticated, without the session: the canonical ARN of an IAM principal, else the username. */
  readonly principal: string;
  /** The AWS account of an IAM principal. */
  readonly account?: string;
  readonly groups: readonly string[];
  /** IAM session name: the person behind a shared role, or a node's instance id. */
  readonly session?: string;
  /** IAM access key id: joins Kubernetes requests to CloudTrail. */
  readonly accessKey?: string;
  /** The pod whose bound token was presented. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** Whether an address belongs to the cloud's inside or to the world. */
export type Reach = 'loopback' | 'private' | 'named' | 'aws' | 'public' | 'unknown';

/** Where a request came from. */
export interface Origin {
  /** The last, trusted entry of `sourceIPs`; CloudTrail's `sourceIPAddress`. */
  readonly address: string;
  /** The named range, or the /24 (IPv6: /48) of the address. */
  readonly network: string;
  readonly reach: Reach;
  /** Lists of bad repute that the address stands on; what the client wrote is not looked up. */
  readonly lists: readonly Listing[];
  /** Whether Amazon's public ranges were given: without them a public address may still be Amazon's. */
  readonly awsKnown: boolean;
  /** Entries before the last: the client wrote them. */
  readonly forwarded: readonly string[];
  /** The user agent: client text, context and never proof. */
  readonly agent: string;
}

/** The object of a Kubernetes request. */
export interface Target {
  readonly group: string;
  /** Plural resource, empty for non-resource URLs. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}
