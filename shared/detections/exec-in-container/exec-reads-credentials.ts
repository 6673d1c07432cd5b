import { audit } from '../../detect/kit.ts';
import { credentialSourceIn } from '../../knowledge/credential-files.ts';
import { commandVerdict, execs, gravestIn, isExecAttempt } from '../../knowledge/exec.ts';

/** A command run in a container reads tokens, keys or passwords. Strategy: ./ADS.md */
export const execReadsCredentials = audit.detection({
  id: 'exec-reads-credentials',
  title: 'Command in a container reads credentials',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1552.001', 'T1528', 'T1552.004', 'T1003.008'],
  rows: ['D046'],
  next: 'Treat what was read as stolen: delete the pod so that its tokens die, rotate the keys, and search the audit log and CloudTrail for their use since.',
  reads: execs,
  when: isExecAttempt,
  judge: (event) => {
    const source = gravestIn(event, credentialSourceIn);
    return source && commandVerdict(event, source.what, `which reads ${source.what}`, source.severity);
  },
});
