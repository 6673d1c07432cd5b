import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import { atLeast, type Severity } from '../model/finding.ts';
import { callerText } from './origin.ts';
import { shorten } from './shorten.ts';

/** Requests that run a command in a container. WebSocket clients send `get`, SPDY clients `create`. Source: KEP-4006. */
export const execs = { verbs: ['get', 'create'], resources: ['pods/exec'] };

/** Requests that enter a container: with a command, or by attaching to the one that runs. */
export const entries = { verbs: ['get', 'create'], resources: ['pods/exec', 'pods/attach'] };

/** Whether a request to run something got through, or was refused by a rule. One that failed did nothing and says little. */
export function isExecAttempt(event: AuditEvent): boolean {
  return event.allowed || event.outcome === 'forbidden';
}

/** The first answer that a reading of the command gives. */
export function fromReadings<T>(event: AuditEvent, find: (reading: string) => T | undefined): T | undefined {
  for (const reading of event.command.readings) {
    const found = find(reading);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The gravest answer that the readings of the command give, whoever runs it: a request, or a declared container. */
export function gravestIn<T extends { readonly severity: Severity }>(
  { command }: Pick<AuditEvent, 'command'>,
  find: (reading: string) => T | undefined,
): T | undefined {
  return command.readings
    .flatMap((reading) => find(reading) ?? [])
    .reduce<T | undefined>((worst, one) => {
      return worst !== undefined && atLeast(worst.severity, one.severity) ? worst : one;
    }, undefined);
}

/** The command as sent, for text. */
export function commandText(event: AuditEvent): string {
  return shorten(event.command.argv.join(' '));
}

/** The pod that is entered, for text. */
export function enteredText({ target, command }: AuditEvent): string {
  const container = command.container === '' ? '' : `container ${shorten(command.container)} of `;
  return `${container}pod ${shorten(`${target.namespace}/${target.name}`)}`;
}

/** What to say about a command with a purpose: grave where it ran, worth a note where it was refused. */
export function commandVerdict(event: AuditEvent, about: string, purpose: string, severity: Severity): Verdict {
  const deed = event.allowed ? 'ran' : 'was refused when trying to run';
  return {
    entity: event.actor,
    about: `${event.target.namespace} ${about}`,
    summary: `${callerText(event)} ${deed} \`${commandText(event)}\` in ${enteredText(event)}, ${purpose}.`,
    severity: event.allowed ? severity : 'low',
  };
}
