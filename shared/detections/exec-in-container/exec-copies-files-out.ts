import { audit } from '../../detect/kit.ts';
import { commandVerdict, execs, gravestIn, isExecAttempt } from '../../knowledge/exec.ts';
import { takingIn } from '../../knowledge/taken-files.ts';

/** A command run in a container carries files out of it, as `kubectl cp` does. Strategy: ./ADS.md */
export const execCopiesFilesOut = audit.detection({
  id: 'exec-copies-files-out',
  title: 'Files copied out of a container',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1005', 'T1048'],
  rows: ['D049'],
  next: 'Ask the caller what the files were for, and treat what they held as stolen unless the owner of the workload knows of it.',
  reads: execs,
  when: isExecAttempt,
  judge: (event) => {
    const taking = gravestIn(event, takingIn);
    return taking && commandVerdict(event, taking.severity, `which ${taking.does}`, taking.severity);
  },
});
