import type { EnrolmentChoice } from './enrolment.ts';
import type { FilterChoice, FlowSource } from './logs.ts';

/** The stack's name: CloudFormation puts it before every name it makes, by which this product knows its own resources. */
export const stackName = 'Plimsoll';

/**
 * What the stack deployed, as its schedule tells the coverage check: names and states to compare with what is there. Lists
 * throughout, because a name that CloudFormation makes cannot be a key.
 */
export interface Deployed {
  readonly account: string;
  readonly region: string;
  readonly stateTable: string;
  /** Clusters whose log groups are subscribed to, and what of. */
  readonly clusters: readonly string[];
  readonly filter: FilterChoice;
  /** Clusters that are enrolled besides, where there are any. */
  readonly enrolment?: EnrolmentChoice;
  /** ARNs of what log groups are subscribed to: the functions that judge them, or the data streams before these. */
  readonly audit: string;
  readonly flow: string;
  /** ARNs of the roles by which CloudWatch Logs writes to data streams. */
  readonly auditRole?: string;
  readonly flowRole?: string;
  /** With the log group that each is written to. */
  readonly flowLogs: readonly (FlowSource & { readonly written: string })[];
  /** Functions, each with the name of its code in the bucket that it was deployed from. */
  readonly functions: readonly { readonly name: string; readonly code: string }[];
  /** Ids of the mappings that feed functions from streams and queues. */
  readonly mappings: readonly string[];
  readonly rules: readonly { readonly name: string; readonly state: string }[];
  readonly schedules: readonly { readonly group: string; readonly name: string }[];
  readonly tables: readonly string[];
  /** Topics, each with the number of subscriptions that the stack gave it. */
  readonly topics: readonly { readonly arn: string; readonly subscriptions: number }[];
  /** How many alarms have names that begin with the stack's. */
  readonly alarms: number;
}
