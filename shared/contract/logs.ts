/** Where one flow-log group's lines come from: the cluster its addresses belong to and the field order. */
export interface FlowSource {
  readonly cluster: string;
  /** Field names in order, space separated, as in the flow log's custom format without `${}`. */
  readonly format: string;
}

/** Programs on the nodes whose log groups may be enrolled: Falco's alerts, or the lines of auditd. */
export const signalPrograms = ['falco', 'auditd'] as const;

/** One of these programs. */
export type SignalProgram = (typeof signalPrograms)[number];

/** What beginnings of keys mark a rule of auditd as one that people are to be told about, where nothing else is said. */
export const markedKeys: readonly string[] = ['plimsoll'];

/** Where one log group's signals come from. */
export interface SignalSource {
  readonly cluster: string;
  readonly from: SignalProgram;
  /** For auditd: beginnings of keys of rules whose events are told. */
  readonly keys?: readonly string[];
}

/**
 * Names of this product's subscription filters. They stay: metrics carry them, and to put a filter of the same name is to
 * replace it, which is looked out for. `text` is for lines that a pattern on JSON cannot match.
 */
export const filterNames = { main: 'plimsoll', text: 'plimsoll-text' } as const;

/** The log stream that proofs of life are written to, and the field that marks their lines. EKS writes no stream of such a name. */
export const proofOfLife = { stream: 'plimsoll-proof-of-life', marker: 'plimsollProofOfLife' } as const;

/** Name of the destination by which other accounts' log groups send to the account where Plimsoll runs. */
export const hubDestination = 'Plimsoll';

/** What a subscription on a control-plane log forwards: what detections can use, as derived from them, or every line. */
export const filterChoices = ['derived', 'everything'] as const;

/** One of these choices. */
export type FilterChoice = (typeof filterChoices)[number];

/** The field order that attribution needs; the stack creates flow logs with it. Source: Amazon VPC user guide, "Flow log records". */
export const flowFormat =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
  'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr az-id pkt-src-aws-service pkt-dst-aws-service ' +
  'flow-direction traffic-path';

/** Fields of it without which traffic of a pod has the address of its node. */
export const attributingFields = ['pkt-srcaddr', 'pkt-dstaddr', 'flow-direction'] as const;
