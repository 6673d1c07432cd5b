import { audit } from '../../detect/kit.ts';
import { attackToolIn } from '../../knowledge/attack-tools.ts';
import { commandVerdict, execs, gravestIn, isExecAttempt } from '../../knowledge/exec.ts';

/** A command run in a container is, or fetches, a tool for attacking. Strategy: ./ADS.md */
export const execRunsAttackTool = audit.detection({
  id: 'exec-runs-attack-tool',
  title: 'Attack tool run in a container',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1609', 'T1003', 'T1046', 'T1611'],
  rows: ['D048'],
  next: 'Isolate the pod with a NetworkPolicy, keep it for analysis, revoke the caller, and cordon the node if the tool reaches beyond the container.',
  reads: execs,
  when: isExecAttempt,
  judge: (event) => {
    const tool = gravestIn(event, attackToolIn);
    return tool && commandVerdict(event, tool.name, `which is ${tool.name}: it ${tool.does}`, tool.severity);
  },
});
