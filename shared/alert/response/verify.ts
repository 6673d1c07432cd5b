import { printable, shortened } from '../escape.ts';
import { type Facts, clusterThing, podOf, thingOf } from './facts.ts';
import { auditGroup, recordPattern, region } from './search.ts';
import { isKnown, sh } from './shell.ts';
import type { Step } from './step.ts';

/** Somebody to ask, and how: the account under suspicion may be in other hands. */
export function askWho(facts: Facts): Step {
  const { who, asked, source } = facts;
  if (who === 'anonymous' || who === '' || who === 'address')
    return { phase: 'verify', text: 'Ask the owners of the cluster whether a test, a migration or a scan was announced for that time.' };
  if (facts.serviceAccount !== undefined || source === 'flow')
    return {
      phase: 'verify',
      text: `Ask the owner of ${named(asked)} whether a release or a job explains it. Use a channel other than the cluster.`,
    };
  return {
    phase: 'verify',
    text: `Ask ${named(asked)}, by telephone or in person, whether they did this: the account under suspicion proves nothing.`,
  };
}

/** The whole record: what an alert shows of it is one line. */
export function readRecord(facts: Facts): Step | undefined {
  const [id] = facts.eventIds.slice(-1);
  if (id === undefined || facts.source === 'flow' || facts.source === undefined) return undefined;
  const text = 'Read the whole record that the alert rests on.';
  if (facts.source === 'api') {
    const command = sh`aws cloudtrail lookup-events${region(facts)} --lookup-attributes AttributeKey=EventId,AttributeValue=${id} --query ${'Events[].CloudTrailEvent'} --output text`;
    return { phase: 'verify', text, commands: [command] };
  }
  if (facts.source !== 'audit') return undefined;
  const times = [String(Math.max(0, facts.from)), String(Math.max(0, facts.to))] as const;
  return {
    phase: 'verify',
    text,
    commands: [
      sh`aws logs filter-log-events${region(facts)} --log-group-name ${auditGroup(facts)} --start-time ${times[0]} --end-time ${times[1]} --filter-pattern ${recordPattern(id)} --query ${'events[].message'} --output text`,
    ],
  };
}

/** What it was done to, as it is now. */
export function seeTarget(facts: Facts): Step | undefined {
  const commands = targetCommands(facts);
  return commands.length === 0
    ? undefined
    : { phase: 'verify', text: 'See it as it is now, and compare it with what version control says.', commands };
}

function targetCommands(facts: Facts): string[] {
  const { workload, node } = facts;
  const pod = podOf(facts);
  const thing = clusterThing(facts);
  const commands: string[] = [];
  if (workload !== undefined) commands.push(sh`kubectl get ${workload.kind} ${workload.name} -n ${workload.namespace} -o yaml`);
  if (pod !== undefined) commands.push(sh`kubectl get pod ${pod.pod} -n ${pod.namespace} -o yaml`);
  if (commands.length === 0 && isKnown(node)) commands.push(sh`kubectl describe node ${node}`);
  // Nobody needs a Secret on a screen to find out who changed it.
  if (thing !== undefined && thing.resource !== 'secrets')
    commands.push(sh`kubectl get ${thing.resource} ${thing.name}${inNamespace(facts)} -o yaml`);
  return commands;
}

/** The option that names the namespace, where there is one. */
export function inNamespace({ namespace }: Facts): { readonly words: string } {
  return { words: isKnown(namespace) ? sh` -n ${namespace}` : '' };
}

/** Who may enter the cluster by IAM now. */
export function seeAccess(facts: Facts): Step {
  const { cluster, thing } = facts;
  const principal = thingOf(facts, 'access-entry', 'ARN');
  return {
    phase: 'verify',
    text: 'See who may enter now.',
    commands: [
      sh`aws eks list-access-entries${region(facts)} --cluster-name ${cluster}`,
      ...(thing?.resource === 'access-entry'
        ? [sh`aws eks list-associated-access-policies${region(facts)} --cluster-name ${cluster} --principal-arn ${principal}`]
        : []),
      sh`kubectl get configmap aws-auth -n kube-system -o yaml`,
    ],
  };
}

/** Which logs are on. */
export function seeLogging(facts: Facts): Step {
  return {
    phase: 'verify',
    text: 'See which logs are on and where they go.',
    commands: [
      sh`aws eks describe-cluster${region(facts)} --name ${facts.cluster} --query cluster.logging`,
      sh`aws logs describe-subscription-filters${region(facts)} --log-group-name ${auditGroup(facts)}`,
      sh`aws ec2 describe-flow-logs${region(facts)}`,
    ],
  };
}

/** A name in a sentence: short, on one line, with nothing in it that hides or moves text. */
function named(text: string): string {
  return printable(shortened(text, 80));
}
