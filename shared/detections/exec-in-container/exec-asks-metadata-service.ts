import { audit } from '../../detect/kit.ts';
import { commandVerdict, execs, fromReadings, isExecAttempt } from '../../knowledge/exec.ts';
import { credentialEndpointIn } from '../../knowledge/metadata-service.ts';

/** A command run in a container asks for the AWS credentials of the node or the pod. Strategy: ./ADS.md */
export const execAsksMetadataService = audit.detection({
  id: 'exec-asks-metadata-service',
  title: 'Command in a container asks for AWS credentials',
  severity: 'high',
  confidence: 'high',
  attack: ['T1552.005'],
  rows: ['D047'],
  next: 'Search CloudTrail for calls by the role of the node or pod from any address that is not its own, and revoke the sessions of that role.',
  reads: execs,
  when: isExecAttempt,
  judge: (event) => {
    const endpoint = fromReadings(event, credentialEndpointIn);
    return (
      endpoint && commandVerdict(event, endpoint, `which asks the ${endpoint} for credentials; flow logs never show such requests`, 'high')
    );
  },
});
