import type { Scope } from '../model/base.ts';
import type { FileLine } from './file-lines.ts';

/**
 * What lines betray of where they come from. Ranked: what the transport says counts more than what a field of a record
 * says, and that more than what a name suggests.
 */
export interface Hints {
  readonly clusters: ReadonlySet<string>;
  /** Account by cluster, as CloudWatch names the owner of the log group. */
  readonly owners: ReadonlyMap<string, string>;
  readonly accounts: readonly Ranked[];
  readonly regions: readonly Ranked[];
}

interface Ranked {
  readonly rank: number;
  readonly value: string;
}

const patterns = {
  audit: {
    accounts: [/"uid"\s*:\s*"(?:aws-iam-authenticator|heptio-authenticator-aws):(\d{12}):/],
    regions: [/"username"\s*:\s*"system:node:ip-[0-9-]+\.([a-z]{2}(?:-[a-z]+)+-\d)\.compute\.internal"/],
  },
  api: {
    accounts: [/"recipientAccountId"\s*:\s*"(\d{12})"/, /"account"\s*:\s*"(\d{12})"/],
    // Calls of global services are recorded in us-east-1 wherever the cluster is.
    regions: [
      /"eventSource"\s*:\s*"(?:eks|ec2|logs)\.amazonaws\.com"[\s\S]{0,200}?"awsRegion"\s*:\s*"([a-z0-9-]+)"/,
      /"awsRegion"\s*:\s*"([a-z0-9-]+)"/,
    ],
  },
  // The accounts it names are the callers', who may be strangers.
  authenticator: { accounts: [], regions: [] },
  // What is in these lines anybody on a node can have written.
  falco: { accounts: [], regions: [] },
  auditd: { accounts: [], regions: [] },
  // The gap itself tells where it is.
  coverage: { accounts: [], regions: [] },
  flow: { accounts: [/(?:^|\s)(\d{12})\seni-/], regions: [/\s([a-z]{2}(?:-[a-z]+)+-\d)\s/] },
} as const;

/** EKS managing the cluster: it calls from an account of its own, which is not the cluster's. */
const byEks = /"username"\s*:\s*"eks:/;

/** Lines that are searched: a file says early where it comes from. */
const searched = 200;

/** What the lines at the beginning of a file betray. */
export function hintsIn(lines: readonly FileLine[]): Hints {
  const clusters = new Set<string>();
  const owners = new Map<string, string>();
  const accounts: Ranked[] = [];
  const regions: Ranked[] = [];
  for (const { log, cluster, account, content } of lines.slice(0, searched)) {
    if (cluster !== '') clusters.add(cluster);
    if (cluster !== '' && account !== '' && !owners.has(cluster)) owners.set(cluster, account);
    if (account !== '') accounts.push({ rank: 0, value: account });
    const message = 'message' in content ? content.message : '';
    if (log !== 'audit' || !byEks.test(message)) accounts.push(...found(patterns[log].accounts, message, log === 'audit' ? 5 : 1));
    regions.push(...found(patterns[log].regions, message, log === 'api' ? 1 : 0));
  }
  return { clusters, owners, accounts: accounts.sort(byRank).slice(0, 1), regions: regions.sort(byRank).slice(0, 1) };
}

function found(expressions: readonly RegExp[], message: string, rank: number): Ranked[] {
  return expressions.flatMap((expression, index) => {
    const value = expression.exec(message)?.[1];
    return value === undefined ? [] : [{ rank: rank + index, value }];
  });
}

function byRank(a: Ranked, b: Ranked): number {
  return a.rank - b.rank;
}

/**
 * One scope per cluster. Entity graph, baselines and sequences are kept by account, region and cluster, so all logs of
 * one cluster must agree on them though most files tell only one: the first that is known stands for all.
 */
export class Scopes {
  /** Clusters that the transports named. */
  readonly clusters: readonly string[];
  /** The cluster of what does not tell its own. */
  readonly otherwise: string;
  private readonly account: string;
  private readonly region: string;
  private readonly owners: ReadonlyMap<string, string>;
  private readonly known = new Map<string, Scope>();

  constructor(hints: readonly Hints[], named: string | undefined) {
    this.clusters = [...new Set(hints.flatMap(({ clusters }) => [...clusters]))];
    this.otherwise = named ?? (this.clusters.length === 1 ? this.clusters[0] : undefined) ?? 'cluster';
    this.account = hints.flatMap(({ accounts }) => accounts).sort(byRank)[0]?.value ?? '';
    this.region = hints.flatMap(({ regions }) => regions).sort(byRank)[0]?.value ?? '';
    this.owners = new Map(hints.flatMap(({ owners }) => [...owners]));
  }

  /** The scope of a line, by what its transport told of it. */
  of(cluster: string, account: string): Scope {
    const name = cluster || this.otherwise;
    let scope = this.known.get(name);
    if (scope === undefined) {
      scope = { cluster: name, account: this.owners.get(name) || (cluster === '' ? '' : account) || this.account, region: this.region };
      this.known.set(name, scope);
    }
    return scope;
  }
}
