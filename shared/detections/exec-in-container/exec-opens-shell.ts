import { audit } from '../../detect/kit.ts';
import { commandText, enteredText, execs, isOpenShell } from '../../knowledge/exec.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isProductionLike } from '../../knowledge/production-namespaces.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';

/** Somebody opens a shell in a container and types what nobody sees. Strategy: ./ADS.md */
export const execOpensShell = audit.detection({
  id: 'exec-opens-shell',
  title: 'Shell opened in a running container',
  severity: 'low',
  confidence: 'high',
  attack: ['T1609', 'T1059.004'],
  rows: ['D041', 'D042', 'D050'],
  next: 'Ask the person behind the session what they did in the shell: what is typed into it is logged nowhere.',
  reads: execs,
  when: (event) => event.allowed && isOpenShell(event.command),
  judge: (event) => {
    const { namespace } = event.target;
    const guarded = isGuardedNamespace(namespace);
    const production = isProductionLike(namespace);
    const known = event.hasDuty('administrator');
    const how = event.command.interactive ? 'with a terminal' : 'with input from the caller';
    const where = guarded ? ', in a namespace that holds parts of the cluster or its security' : production ? ', in production' : '';
    return {
      entity: event.actor,
      about: namespace,
      summary: `${callerText(event)} opened \`${commandText(event)}\` ${how} in ${enteredText(event)}${where}; what follows is not logged.`,
      severity: guarded || (production && !known) ? 'medium' : 'low',
    };
  },
});
