import type { SignalProgram } from '../contract/logs.ts';
import { shipped } from '../model/shipped.ts';
import { auditdLine } from '../model/auditd-line.ts';

/** Which program on a node wrote a line, shipped or not; absent where it was neither of those that are read. */
export function signalProgramOf(message: string): SignalProgram | undefined {
  const each = shipped({ id: '', message });
  if (typeof each === 'string') return undefined;
  const { fields, line } = each;
  if (fields !== undefined) return isAlert(fields) ? 'falco' : undefined;
  return auditdLine(line) === undefined ? undefined : 'auditd';
}

function isAlert(fields: Readonly<Record<string, unknown>>): boolean {
  return ['rule', 'priority', 'output'].every((name) => typeof fields[name] === 'string');
}
