import type { ParseArgsConfig } from 'node:util';
import type { SiteSettings } from '../shared/contract/site.ts';
import type { Span } from '../shared/history/span.ts';
import { day, minute, second } from '../shared/model/time.ts';
import { readSiteFile } from './site-file.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** What a bootstrap was asked to do. */
export interface BootstrapOptions {
  readonly group: string;
  readonly cluster: string;
  readonly span: Span;
  /** US dollars. */
  readonly budget: number;
  /** Where to keep what is learnt; absent in a dry run. */
  readonly keep: { readonly state: string } | { readonly table: string } | undefined;
  readonly region: string | undefined;
  readonly site: SiteSettings;
}

/** What `--help` prints. */
export const help = `Usage: npm run --silent bootstrap -- --log-group NAME (--state FILE | --table NAME) [options]

Learns what is normal in a cluster from the history that lies in its CloudWatch log
group already, through CloudWatch Logs Insights. It raises no alert; it lists what
grave signatures match in the history. AWS charges for the bytes scanned: the cost is
estimated first, and nothing runs above the budget.

  --log-group NAME  the control-plane log group, /aws/eks/CLUSTER/cluster
  --cluster NAME    the cluster, if the name of the group does not tell it
  --days N          how far back to read (default: 14)
  --from TIME       read from here instead, such as 2026-03-09T00:00:00Z
  --to TIME         read up to here (default: now)
  --budget DOLLARS  what the queries may cost (default: 5)
  --state FILE      learn into a state file, as replay reads it
  --table NAME      learn into the state table of a deployment
  --site FILE       networks, identities, images, policiesKnown as deployed
  --region REGION   the Region of group and table
  --dry-run         tell what it would cost, and stop
  --help            this text

What is learnt is kept day by day, and what is learnt twice is learnt once. Exit: 0 when all
was read; 2 for a wrong option or a refused cost; 4 where parts of the history are missing.`;

const known = {
  'log-group': { type: 'string' },
  cluster: { type: 'string' },
  days: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  budget: { type: 'string' },
  state: { type: 'string' },
  table: { type: 'string' },
  site: { type: 'string' },
  region: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** Logs are kept for ten years at most. Source: CloudWatch Logs API reference, `PutRetentionPolicy`. */
const mostDays = 3_653;

/** The options of a command line, or `help`. `now` is when it was given. Throws {@link UsageError} where one is wrong. */
export function readBootstrapOptions(words: readonly string[], now: number): BootstrapOptions | 'help' {
  const { values, positionals } = parsed(words, known);
  if (values.help === true) return 'help';
  if (positionals[0] !== undefined) throw new UsageError(`${positionals[0]}: only options are known here; --help tells them`);
  const group = values['log-group'];
  if (group === undefined) throw new UsageError('name the log group with --log-group; --help tells the options');
  const cluster = values.cluster ?? /^\/aws\/eks\/([^/]+)\/cluster$/.exec(group)?.[1];
  if (cluster === undefined)
    throw new UsageError(`--log-group ${group}: not named /aws/eks/CLUSTER/cluster; name the cluster with --cluster`);
  return {
    group,
    cluster,
    span: spanOf(values, now),
    budget: budgetIn(values.budget),
    keep: keepIn(values),
    region: values.region,
    site: values.site === undefined ? {} : readSiteFile(values.site),
  };
}

function spanOf({ days, from, to }: { readonly days?: string; readonly from?: string; readonly to?: string }, now: number): Span {
  const end = wholeSecond(to === undefined ? now : timeIn('--to', to));
  if (from !== undefined && days !== undefined) throw new UsageError('--days and --from both tell where to begin: give one of them');
  const count = Number(days ?? '14');
  if (!Number.isInteger(count) || count < 1 || count > mostDays)
    throw new UsageError(`--days ${days ?? ''}: a whole number from 1 to ${String(mostDays)}`);
  const start = from === undefined ? end - count * day : wholeSecond(timeIn('--from', from));
  if (end - start < minute) throw new UsageError('--from must lie at least a minute before --to');
  return { from: start, to: end };
}

/** A time that an option gives, in milliseconds since the epoch. Throws {@link UsageError} where it is none. */
export function timeIn(option: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`${option} ${text}: not a time such as 2026-03-09T00:00:00Z`);
  return time;
}

function wholeSecond(time: number): number {
  return Math.floor(time / second) * second;
}

function budgetIn(text = '5'): number {
  const budget = Number(text);
  if (text.trim() === '' || !Number.isFinite(budget) || budget <= 0) throw new UsageError(`--budget ${text}: dollars, such as 5 or 0.50`);
  return budget;
}

function keepIn(values: { readonly state?: string; readonly table?: string; readonly 'dry-run'?: boolean }): BootstrapOptions['keep'] {
  const { state, table } = values;
  if (state !== undefined && table !== undefined) throw new UsageError('--state and --table: give one of them');
  if (values['dry-run'] === true) return undefined;
  if (state !== undefined) return { state };
  if (table !== undefined) return { table };
  throw new UsageError('say where to keep what is learnt, with --state FILE or --table NAME, or use --dry-run');
}
