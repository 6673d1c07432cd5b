import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import { callerText } from './origin.ts';
import { grantSeverity, inOneNamespace, rbacName } from './rbac.ts';
import type { Power } from './role-powers.ts';
import { isGuardedNamespace } from './security-namespaces.ts';
import { some } from './shorten.ts';

/** What to say about powers that a role gained; absent where they lead nowhere. */
export function powerVerdict(
  event: AuditEvent,
  { powers, certain }: { readonly powers: readonly Power[]; readonly certain: boolean },
): Verdict | undefined {
  const gravest = powers[0];
  if (gravest === undefined) return undefined;
  const { namespace, resource } = event.target;
  const severity = resource === 'clusterroles' || isGuardedNamespace(namespace) ? gravest.severity : inOneNamespace(gravest.severity);
  // Installers write roles with small liberties all day.
  if (severity === undefined || (severity === 'low' && event.hasDuty('deployer'))) return undefined;
  const deed = `${event.allowed ? '' : 'was refused when trying to '}${writing[event.verb === 'create' ? 'create' : 'change'][event.allowed ? 0 : 1]}`;
  const gain =
    event.verb === 'create'
      ? 'whoever gets it may'
      : certain
        ? 'whoever has it may now'
        : 'whoever has it may, though perhaps not only now,';
  const words = powers.map((power) => power.words);
  return {
    entity: event.actor,
    about: `${resource} ${namespace} ${event.name}`,
    summary: `${callerText(event)} ${deed} ${rbacName(event)}: ${gain} ${some(words, 4)}.`,
    severity: grantSeverity(event, severity),
    ...(certain ? {} : { confidence: 'low' as const }),
  };
}

const writing = { create: ['made', 'make'], change: ['changed', 'change'] } as const;
