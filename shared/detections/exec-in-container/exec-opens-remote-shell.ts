import { audit } from '../../detect/kit.ts';
import { commandVerdict, execs, gravestIn, isExecAttempt } from '../../knowledge/exec.ts';
import { remoteShellIn } from '../../knowledge/remote-shells.ts';

/** A command run in a container gives somebody elsewhere a shell in it. Strategy: ./ADS.md */
export const execOpensRemoteShell = audit.detection({
  id: 'exec-opens-remote-shell',
  title: 'Reverse or bind shell started in a container',
  severity: 'high',
  confidence: 'high',
  attack: ['T1059.004', 'T1609', 'T1571'],
  rows: ['D044'],
  next: 'Isolate the pod with a NetworkPolicy that allows nothing, keep it for analysis, and revoke the caller: somebody may sit in that shell now.',
  reads: execs,
  when: isExecAttempt,
  judge: (event) => {
    const shell = gravestIn(event, remoteShellIn);
    if (shell === undefined) return undefined;
    const purpose =
      shell.severity === 'high'
        ? `which hands a shell to the network (${shell.name})`
        : `which opens ${shell.name}: a probe, or the first half of a reverse shell`;
    return {
      ...commandVerdict(event, shell.name, purpose, shell.severity),
      ...(shell.severity === 'high' ? {} : { confidence: 'low' as const }),
    };
  },
});
