import type { ChannelFilter } from '../contract/channels.ts';
import { atLeast, isSeverity } from '../model/finding.ts';
import { type PublishedAlert, tacticsOf } from './published.ts';

/** Published where an alert does not say. */
const unknown = 'unknown';

/**
 * Whether a channel wants an alert. The topic's filter policies say the same as far as SNS can; they are limited in size and
 * take a while to change. What an alert does not say keeps it from nobody.
 */
export function wanted(alert: PublishedAlert, { severity, clusters, tactics }: ChannelFilter): boolean {
  if (severity !== undefined && isSeverity(alert.severity) && !atLeast(alert.severity, severity)) return false;
  const { cluster } = alert;
  if (clusters !== undefined && cluster !== '' && cluster !== unknown && !clusters.some((glob) => matches(glob, cluster))) return false;
  if (tactics === undefined) return true;
  const shown = tacticsOf(alert);
  return shown.length === 0 || tactics.some((tactic) => shown.includes(tactic));
}

/** Whether a name is what a glob says: `*` stands for any text. Linear in the name for each star. */
function matches(glob: string, name: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return glob === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
