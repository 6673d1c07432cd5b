import { audit } from '../../detect/kit.ts';
import { attackToolIn } from '../../knowledge/attack-tools.ts';
import { credentialSourceIn } from '../../knowledge/credential-files.ts';
import { addedRights, debugContainerText, newDebugContainers } from '../../knowledge/debug-containers.ts';
import { isExecAttempt } from '../../knowledge/exec.ts';
import { callerText } from '../../knowledge/origin.ts';
import { remoteShellIn } from '../../knowledge/remote-shells.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import { describeCommand } from '../../model/command.ts';
import type { Container } from '../../model/pod-spec.ts';

const reachesNode = (container: Container): boolean =>
  addedRights(container).some((right) => /^(?:privileged|(?:CAP_)?(?:ALL|SYS_\w{1,32}|BPF|DAC_\w{1,32}))$/i.test(right));

const attacks = ({ command }: Container): boolean =>
  describeCommand(command).readings.some((reading) =>
    [attackToolIn, credentialSourceIn, remoteShellIn].some((find) => find(reading)?.severity === 'high'),
  );

/** Somebody puts a container of his own into a running pod. Strategy: ./ADS.md */
export const debugContainerAdded = audit.detection({
  id: 'debug-container-added',
  title: 'Debug container put into a running pod',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1609', 'T1610', 'T1611'],
  rows: ['D052'],
  next: 'Ask the caller for the fault they looked for, and delete the pod afterwards: a debug container stays in it until then.',
  reads: { verbs: ['update', 'patch'], resources: ['pods/ephemeralcontainers'] },
  when: (event) => isExecAttempt(event) && !event.dryRun,
  judge: (event) => {
    const containers = newDebugContainers(event);
    // What the authorizer refuses is refused before its body is read.
    if (containers.length === 0 && event.allowed) return undefined;
    const { namespace } = event.target;
    const grave = isGuardedNamespace(namespace) || containers.some((container) => reachesNode(container) || attacks(container));
    const deed = event.allowed ? 'put' : 'was refused when trying to put';
    return {
      entity: event.actor,
      about: namespace,
      summary: `${callerText(event)} ${deed} ${containers.length === 0 ? 'a debug container' : some(containers.map(debugContainerText))} into pod ${shorten(`${namespace}/${event.name}`)}.`,
      severity: !event.allowed ? 'low' : grave ? 'high' : event.hasDuty('administrator') ? 'low' : 'medium',
    };
  },
});
