import { audit } from '../../detect/kit.ts';
import { commandVerdict, execs, gravestIn, isExecAttempt } from '../../knowledge/exec.ts';
import { downloadIn } from '../../knowledge/network-files.ts';

/** A command run in a container brings something in from the network. Strategy: ./ADS.md */
export const execDownloads = audit.detection({
  id: 'exec-downloads',
  title: 'Command in a container downloads from the network',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1105', 'T1609'],
  rows: ['D045'],
  next: 'Look at what was fetched and whether it still runs in the container; software that belongs there comes with the image.',
  reads: execs,
  when: isExecAttempt,
  judge: (event) => {
    const download = gravestIn(event, downloadIn);
    return download && commandVerdict(event, download.severity, `which ${download.what}`, download.severity);
  },
});
