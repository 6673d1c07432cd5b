import type { ParseArgsConfig } from 'node:util';
import type { Span } from '../shared/history/span.ts';
import { isControlPlaneGroup } from '../shared/knowledge/monitoring.ts';
import { minute } from '../shared/model/time.ts';
import { timeIn } from './bootstrap-options.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** What a catch-up was asked to do. */
export interface CatchUpOptions {
  readonly group: string;
  /** Whole minutes. */
  readonly span: Span;
  /** The function that judges the group's lines; absent where the group's subscription tells it. */
  readonly function: string | undefined;
  readonly region: string | undefined;
  readonly dryRun: boolean;
}

/** What `--help` prints. */
export const help = `Usage: npm run --silent catch-up -- --log-group NAME --from TIME [options]

Reads what a log group holds of a time in which Plimsoll did not hear it (an outage, a
cluster enrolled late) and hands the lines to the deployed function that judges them.
Alerts are raised and baselines learn as if the lines had come late. Reading is not
charged for, and takes at least a fifth of a second for each minute of the gap; judging
costs what it always costs.

  --log-group NAME   the control-plane log group, /aws/eks/CLUSTER/cluster
  --from TIME        from here, such as 2026-03-09T00:00:00Z
  --to TIME          up to here (default: now)
  --function NAME    the function (default: the one that the group's filter delivers to)
  --flow-logs        the group holds flow logs, and nothing of the span was analysed yet
  --region REGION    the Region of group and function
  --dry-run          tell what would be read, and stop
  --help             this text

Lines of the audit log that were analysed before are known again, and change nothing.
Lines of flow logs are not: the volume of traffic is summed payload by payload, and
what was delivered in other payloads would count twice. Name flow logs only for a
span that nobody analysed; a span that this command began may be run again.
Exit: 0 when all was handed over; 2 for a wrong option; 4 where it stopped before the end.`;

const known = {
  'log-group': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  function: { type: 'string' },
  'flow-logs': { type: 'boolean' },
  region: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** The options of a command line, or `help`. `now` is when it was given. Throws {@link UsageError} where one is wrong. */
export function readCatchUpOptions(words: readonly string[], now: number): CatchUpOptions | 'help' {
  const { values, positionals } = parsed(words, known);
  if (values.help === true) return 'help';
  if (positionals[0] !== undefined) throw new UsageError(`${positionals[0]}: only options are known here; --help tells them`);
  const group = values['log-group'];
  if (group === undefined) throw new UsageError('name the log group with --log-group; --help tells the options');
  if (values.from === undefined) throw new UsageError('say with --from where the gap begins, such as 2026-03-09T00:00:00Z');
  const [begun, ended] = [timeIn('--from', values.from), values.to === undefined ? now : timeIn('--to', values.to)];
  if (ended > now) throw new UsageError(`--to ${values.to ?? ''}: this is still to come`);
  // Whole minutes, the first as a whole too: a part of one would be cut into other payloads than the whole.
  const span = { from: Math.floor(begun / minute) * minute, to: Math.floor(ended / minute) * minute };
  if (span.to <= span.from) throw new UsageError('--from must lie at least a minute before --to');
  if (!isControlPlaneGroup(group) && values['flow-logs'] !== true)
    throw new UsageError(
      `--log-group ${group}: not named /aws/eks/CLUSTER/cluster. Flow logs that were analysed before would count twice: ` +
        'say --flow-logs if it holds flow logs and nothing of the span was analysed. Groups of Falco and auditd are not read',
    );
  if (isControlPlaneGroup(group) && values['flow-logs'] === true)
    throw new UsageError(`--flow-logs: ${group} is a cluster's control-plane log group`);
  return { group, span, function: values.function, region: values.region, dryRun: values['dry-run'] === true };
}
