import { audit } from '../../detect/kit.ts';
import { commandText, enteredText, entries, isOpenShell } from '../../knowledge/exec.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';

/** Somebody enters a running container; shells are told by exec-opens-shell. Strategy: ./ADS.md */
export const execIntoPod = audit.detection({
  id: 'exec-into-pod',
  title: 'Running container entered',
  severity: 'low',
  confidence: 'high',
  attack: ['T1609', 'T1059.013'],
  rows: ['D041', 'D042'],
  next: 'Ask the person behind the session what they did in the container: what is typed into a terminal is logged nowhere.',
  reads: entries,
  when: (event) => event.allowed && !isOpenShell(event.command),
  judge: (event) => {
    const { namespace, subresource } = event.target;
    const { interactive, overlong, argv } = event.command;
    const guarded = isGuardedNamespace(namespace);
    const what = subresource === 'attach' ? 'attached to' : `ran \`${commandText(event)}\` in`;
    const length = argv.reduce((sum, part) => sum + part.length + 1, -1);
    const remarks = [
      ...(interactive ? ['with a terminal, so that what follows is not logged'] : []),
      ...(guarded ? ['in a namespace that holds parts of the cluster or its security'] : []),
      ...(overlong ? [`with a command of ${String(length)} characters, more than is searched`] : []),
    ];
    return {
      entity: event.actor,
      about: namespace,
      summary: `${callerText(event)} ${[`${what} ${enteredText(event)}`, ...remarks].join(', ')}.`,
      severity: guarded || overlong ? 'medium' : 'low',
    };
  },
});
