/*
 * What the coverage check finds, in words of its own: adapters gather it, and what it means is judged apart from them.
 */

/** An answer, or why there is none: who may not look has seen nothing, and must not say that all is well. */
export type Asked<T> = { readonly value: T } | { readonly unknown: string };

/** A cluster of the Region, watched or not. */
export interface ClusterFacts {
  readonly name: string;
  readonly details: Asked<ClusterDetails>;
  readonly written: Asked<LogGroupFacts | undefined>;
}

/** What EKS tells of a cluster. */
export interface ClusterDetails {
  /** `ACTIVE`, `CREATING`, `DELETING`, … */
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly vpc: string;
  /** Types of control-plane log that are on. */
  readonly logs: readonly string[];
  readonly publicEndpoint: boolean;
  readonly publicRanges: readonly string[];
  /** `CONFIG_MAP`, `API_AND_CONFIG_MAP` or `API`. */
  readonly accessMode: string;
}

/** A log group, and who is subscribed to it. */
export interface LogGroupFacts {
  readonly name: string;
  readonly arn: string;
  /** Absent where lines never expire. */
  readonly retentionDays?: number | undefined;
  readonly filters: Asked<readonly FilterFacts[]>;
}

/** A subscription filter. */
export interface FilterFacts {
  readonly name: string;
  readonly pattern: string;
  readonly destination: string;
}

/** A flow log. */
export interface FlowLogFacts {
  readonly id: string;
  /** VPC, subnet or interface. */
  readonly resource: string;
  readonly status: string;
  /** `SUCCESS` or `FAILED`; empty where nothing was delivered yet. */
  readonly delivery: string;
  readonly deliveryError: string;
  readonly written: string;
  /** Field names in order, without `${}`. */
  readonly format: string;
  /** `ALL`, `ACCEPT` or `REJECT`. */
  readonly traffic: string;
}

/** A trail that records this Region. */
export interface TrailFacts {
  readonly name: string;
  readonly arn: string;
  readonly details: Asked<TrailDetails>;
}

/** What a trail records. */
export interface TrailDetails {
  readonly logging: boolean;
  /** Management events that write, and that read. */
  readonly writes: boolean;
  readonly reads: boolean;
  readonly deliveryError: string;
}

/** What is there of the stack itself: an entry is undefined where the thing is gone. */
export interface OwnFacts {
  readonly functions: readonly Named<FunctionFacts>[];
  readonly mappings: readonly Named<string>[];
  readonly rules: readonly Named<RuleFacts>[];
  readonly schedules: readonly Named<string>[];
  readonly tables: readonly Named<string>[];
  /** Confirmed subscriptions, and those that wait for confirmation. */
  readonly topics: readonly Named<TopicFacts>[];
  readonly alarms: Asked<AlarmFacts>;
}

/** One thing of the stack, by name. */
export interface Named<T> {
  readonly name: string;
  readonly found: Asked<T | undefined>;
}

/** A function of the stack. */
export interface FunctionFacts {
  readonly arn: string;
  /** Digest of its code, and the name that code was deployed under. */
  readonly digest: string;
  /** How many may run at once, where that is fixed. */
  readonly reserved?: number | undefined;
  /** Its resource policy, JSON; empty where it has none. */
  readonly policy: string;
}

/** A rule of EventBridge. */
export interface RuleFacts {
  readonly state: string;
  readonly targets: readonly string[];
}

/** Who listens to a topic. */
export interface TopicFacts {
  readonly confirmed: number;
  readonly pending: number;
}

/** The alarms of the stack. */
export interface AlarmFacts {
  readonly count: number;
  /** Names of those that tell nobody. */
  readonly silenced: readonly string[];
}

/** All that a check finds. */
export interface Facts {
  readonly clusters: Asked<readonly ClusterFacts[]>;
  /** Log groups of flow logs, by name. */
  readonly flowGroups: readonly { readonly name: string; readonly group: Asked<LogGroupFacts | undefined> }[];
  readonly flowLogs: Asked<readonly FlowLogFacts[]>;
  readonly trails: Asked<readonly TrailFacts[]>;
  readonly own: OwnFacts;
}
