import { signalPrograms } from '../shared/contract/logs.ts';
import { fields, type FieldRule, type Problems } from './config-fields.ts';

/** A log group that Falco or auditd writes to, by way of a log shipper. */
export interface Signals {
  readonly cluster: string;
  readonly logGroup: string;
  /** Which of them wrote the lines. */
  readonly from: 'falco' | 'auditd';
  /**
   * For auditd: what the keys of those rules begin with whose events are told; `''` for every key. A word in the key says how
   * grave: `plimsoll-high-static-pods`. Default: `plimsoll`.
   */
  readonly keys?: readonly string[];
}

const signalLogGroup: FieldRule = (value) => {
  const wrong = fields.flowLogGroup(value);
  if (wrong === undefined) return undefined;
  return typeof value === 'string' && /^\/aws\/eks\//.test(value)
    ? "this is a cluster's control-plane log group, which is subscribed to already; give the group that the nodes' logs are shipped to"
    : 'give the name of the log group, not its ARN: 1-512 letters, digits and . - _ / #';
};

const program: FieldRule = (value) =>
  signalPrograms.some((each) => each === value) ? undefined : `say one of: ${signalPrograms.join(', ')}`;

// auditctl(8): a key has at most 31 characters.
const keyBeginning: FieldRule = (value) =>
  typeof value === 'string' && /^[\w.:-]{0,31}$/.test(value) ? undefined : 'a key begins with up to 31 letters, digits and _ . : -';

/** Adds what is wrong with the log groups of signals; those in `taken` are subscribed to for something else. */
export function checkSignals(problems: Problems, given: unknown, clusters: ReadonlySet<string>, taken: ReadonlySet<unknown>): void {
  const seen = new Set(taken);
  for (const [index, entry] of problems.list('signals', given).entries()) {
    const path = `signals[${String(index)}]`;
    const { cluster, logGroup, from, keys } = problems.object(path, entry, ['cluster', 'logGroup', 'from', 'keys']);
    if (problems.required(`${path}.cluster`, cluster, fields.clusterName) && !clusters.has(cluster))
      problems.add(`${path}.cluster`, cluster, `no such cluster in clusters; add it there or name one of: ${[...clusters].join(', ')}`);
    problems.required(`${path}.from`, from, program);
    problems.each(`${path}.keys`, problems.list(`${path}.keys`, keys), keyBeginning);
    if (keys !== undefined && from === 'falco') problems.add(`${path}.keys`, keys, 'only rules of auditd have keys; leave it out');
    if (!problems.required(`${path}.logGroup`, logGroup, signalLogGroup)) continue;
    if (seen.has(logGroup))
      problems.add(`${path}.logGroup`, logGroup, 'is listed twice, here or in flowLogs; a group holds the lines of one program');
    seen.add(logGroup);
  }
}
