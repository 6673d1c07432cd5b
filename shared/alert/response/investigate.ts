import { iso } from '../../model/time.ts';
import { type Facts, podOf, thingOf } from './facts.ts';
import { auditGroup, region, searchByAddress, searchByCaller, searchByTarget, searchCommand } from './search.ts';
import { isKnown, sh } from './shell.ts';
import type { Step } from './step.ts';

/** All that the caller asked of the cluster around that time. */
export function whatElse(facts: Facts): Step | undefined {
  const search = searchByCaller(facts);
  if (search === undefined) return undefined;
  return {
    phase: 'investigate',
    text: `See ${search.label} in the hours around it, above all what came before.`,
    commands: [searchCommand(facts, search)],
  };
}

/** Who touched the target. */
export function whoTouched(facts: Facts): Step | undefined {
  const search = searchByTarget(facts);
  if (search === undefined) return undefined;
  return { phase: 'investigate', text: `See ${search.label}: exec, changes and reads.`, commands: [searchCommand(facts, search)] };
}

/** AWS calls of the same credential. */
export function awsCalls(facts: Facts): Step | undefined {
  const { accessKey, role, source } = facts;
  if (accessKey === undefined && (role === undefined || source === 'audit')) return undefined;
  const [name, value] = accessKey === undefined ? ['Username', role?.session ?? role?.name ?? ''] : ['AccessKeyId', accessKey];
  return {
    phase: 'investigate',
    text: 'See what the same credential did in AWS.',
    commands: [
      sh`aws cloudtrail lookup-events${region(facts)} --lookup-attributes ${attribute(name, value)} --max-items 50 --query ${'Events[].[EventTime,EventName,EventSource]'} --output table`,
    ],
    caveat: 'CloudTrail is asked for one Region and 90 days, and is some minutes behind.',
  };
}

/** In the shorthand of the AWS CLI commas and equals signs divide. Source: AWS CLI user guide, "Shorthand syntax". */
function attribute(name: string, value: string): string {
  return /[,=]/.test(value)
    ? JSON.stringify([{ AttributeKey: name, AttributeValue: value }])
    : `AttributeKey=${name},AttributeValue=${value}`;
}

/** What a pod is and says, before it goes. */
export function keepPod(facts: Facts): Step | undefined {
  const pod = podOf(facts);
  if (pod === undefined) return undefined;
  return {
    phase: 'investigate',
    text: 'Keep what goes with the pod: its logs, its definition, its image.',
    commands: [
      sh`kubectl logs ${pod.pod} -n ${pod.namespace} --all-containers --timestamps`,
      sh`kubectl get pod ${pod.pod} -n ${pod.namespace} -o jsonpath=${'{.status.hostIP} {.status.podIP} {.status.containerStatuses[*].imageID}'}`,
    ],
    caveat: 'Going into the container changes it, and whoever is inside sees it.',
  };
}

/** What passed between the address and the rest. */
export function traffic({ address }: Facts): Step | undefined {
  if (address === undefined) return undefined;
  return {
    phase: 'investigate',
    text: `See in the flow log whom ${address} talked to, before and after (Logs Insights, link below), and in the audit log who entered the pod.`,
  };
}

/** Who has an address that no pod or node is known by. */
export function whoseAddress(facts: Facts): Step | undefined {
  const { address, who } = facts;
  if (address === undefined || who !== 'address') return undefined;
  const filter = address.includes(':') ? 'ipv6-addresses.ipv6-address' : 'addresses.private-ip-address';
  return {
    phase: 'investigate',
    text: `Find out whose address ${address} is.`,
    commands: [
      sh`kubectl get pods -A -o wide --field-selector ${`status.podIP=${address}`}`,
      sh`aws ec2 describe-network-interfaces${region(facts)} --filters ${`Name=${filter},Values=${address}`}`,
      sh`aws ec2 describe-nat-gateways${region(facts)}`,
    ],
  };
}

/** All requests from the address. */
export function fromAddress(facts: Facts): Step | undefined {
  const { address } = facts;
  if (address === undefined) return undefined;
  const search = searchByAddress(address);
  return {
    phase: 'investigate',
    text: `See ${search.label}, whoever sent them, and which were allowed.`,
    commands: [searchCommand(facts, search)],
  };
}

/** Changes of grants. */
export function whoMayWhat(facts: Facts): Step {
  return {
    phase: 'investigate',
    text: 'See what the caller, and whoever was given the right, may do.',
    commands: [
      facts.serviceAccount === undefined
        ? sh`kubectl get clusterrolebindings,rolebindings -A -o wide`
        : sh`kubectl auth can-i --list --as ${`system:serviceaccount:${facts.serviceAccount.namespace}:${facts.serviceAccount.name}`} -n ${facts.serviceAccount.namespace}`,
    ],
  };
}

/** What was made in the namespace of late. */
export function recentlyMade({ namespace }: Facts): Step | undefined {
  if (!isKnown(namespace)) return undefined;
  return {
    phase: 'investigate',
    text: 'See what is new in the namespace.',
    commands: [sh`kubectl get pods,deployments,daemonsets,cronjobs,jobs -n ${namespace} -o wide --sort-by=.metadata.creationTimestamp`],
  };
}

/** What CloudTrail and the log itself say of a lost log. */
export function lostLog(facts: Facts): Step {
  const group = facts.thing?.resource === 'log-group' ? thingOf(facts, 'log-group', 'LOG-GROUP') : auditGroup(facts);
  return {
    phase: 'investigate',
    text: 'Find out what was missed: which streams still grow, and what CloudTrail has for that time.',
    commands: [
      sh`aws logs describe-log-streams${region(facts)} --log-group-name ${group} --order-by LastEventTime --descending --max-items 20`,
      sh`aws cloudtrail lookup-events${region(facts)} --start-time ${iso(Math.max(0, facts.from))} --end-time ${iso(Math.max(0, facts.to))} --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --max-items 100`,
    ],
  };
}
