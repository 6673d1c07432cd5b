/** Which clusters are enrolled besides those that the configuration names: those with a tag, or all of the account and Region. */
export type EnrolmentChoice = { readonly tag: { readonly key: string; readonly value: string } } | { readonly all: true };

/** What the function that enrols clusters is to do. */
export interface EnrolmentSettings {
  readonly choice: EnrolmentChoice;
  /** Clusters that the configuration names: their filters are CloudFormation's. */
  readonly named: readonly string[];
  /** ARN of what takes the lines: the function that judges them, or the data stream before it. */
  readonly destination: string;
  /** ARN of the role by which CloudWatch Logs writes to a data stream. */
  readonly role?: string;
  /** The filters that the stack puts on the log groups of the clusters that it knows. */
  readonly filters: readonly { readonly name: string; readonly pattern: string }[];
}
