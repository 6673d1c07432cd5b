import { type Facts, clusterThing, podOf } from './facts.ts';
import { region } from './search.ts';
import { isKnown, sh, type Slot } from './shell.ts';
import type { Step } from './step.ts';
import { inNamespace } from './verify.ts';

const quarantinePolicy = JSON.stringify({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'quarantine' },
  spec: { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'] },
});

/** Sources: Kubernetes documentation, "Network Policies"; Amazon EKS user guide, "Limit Pod traffic with Kubernetes network policies". */
const quarantineCaveat =
  'NetworkPolicies only add up: while another policy selects the pod, what it allows goes on, so remove the labels that policies, Services and the ReplicaSet select by (kubectl label pod POD LABEL-). It works only where network policy is switched on in the VPC CNI, and not on Fargate, Windows or host-network pods; open connections may live on. The relabelled pod stays as evidence; deleting it destroys that.';

/** Cuts a pod off and keeps it. */
function quarantine(pod: Slot, namespace: Slot): Step {
  return {
    phase: 'contain',
    text: 'Quarantine the pod, and keep it as evidence.',
    commands: [
      sh`printf '%s' ${quarantinePolicy} | kubectl apply -n ${namespace} -f -`,
      sh`kubectl label pod ${pod} -n ${namespace} quarantine=true --overwrite`,
      sh`kubectl get pod ${pod} -n ${namespace} --show-labels -o wide`,
    ],
    caveat: quarantineCaveat,
  };
}

/** The pod that the alert is about; for a workload, those that it made. */
export function quarantinePod(facts: Facts): Step | undefined {
  const pod = podOf(facts);
  if (pod !== undefined) return quarantine(pod.pod, pod.namespace);
  const { workload } = facts;
  if (workload === undefined) return undefined;
  const step = quarantine({ lookUp: 'POD' }, workload.namespace);
  const list = sh`kubectl get pods -n ${workload.namespace} -o wide --sort-by=.metadata.creationTimestamp`;
  return {
    ...step,
    text: `Find the pods of ${workload.kind} ${workload.name}, quarantine them, and keep them as evidence.`,
    commands: [list, ...(step.commands ?? [])],
  };
}

/** The pod whose token was presented. */
export function quarantineHolder({ serviceAccount, tokenPod }: Facts): Step | undefined {
  if (serviceAccount === undefined) return undefined;
  const step = quarantine(tokenPod ?? { lookUp: 'POD' }, serviceAccount.namespace);
  return tokenPod === undefined
    ? { ...step, commands: [podsOf(serviceAccount), ...(step.commands ?? [])] }
    : { ...step, text: `Quarantine pod ${tokenPod}, whose token was presented, and keep it as evidence.` };
}

/** Pods that run as a service account. */
function podsOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return sh`kubectl get pods -n ${namespace} -o wide --field-selector ${`spec.serviceAccountName=${name}`}`;
}

/** Keeps new pods off a node on which somebody may be. */
export function cordon(facts: Facts): Step | undefined {
  const { node } = facts;
  const pod = podOf(facts);
  const caveat = 'Cordoning keeps new pods away; those that run there go on, and so does whoever is on the node.';
  if (pod !== undefined) {
    const nodeOf = isKnown(node)
      ? node
      : { words: `"$(kubectl get pod ${sh`${pod.pod} -n ${pod.namespace}`} -o jsonpath='{.spec.nodeName}')"` };
    return {
      phase: 'contain',
      text: 'If it may have left its container, cordon its node.',
      commands: [sh`kubectl cordon ${nodeOf}`],
      caveat,
    };
  }
  if (!isKnown(node)) return undefined;
  return {
    phase: 'contain',
    text: 'Cordon the node; keep the instance from being terminated while it is evidence.',
    commands: [sh`kubectl cordon ${node}`, sh`kubectl get pods -A -o wide --field-selector ${`spec.nodeName=${node}`}`, protect(facts)],
    caveat,
  };
}

function protect(facts: Facts): string {
  const instance: Slot = /^i-[0-9a-f]{8,17}$/.test(facts.role?.session ?? '') ? (facts.role?.session ?? '') : { lookUp: 'INSTANCE' };
  return sh`aws ec2 modify-instance-attribute${region(facts)} --instance-id ${instance} --disable-api-termination`;
}

/** A workload that a person cannot quarantine pod by pod. */
export function stopWorkload({ workload }: Facts): Step | undefined {
  if (workload === undefined) return undefined;
  const { kind, name, namespace } = workload;
  const caveat = 'Stopping deletes the pods, and with them what they hold: quarantine one first.';
  const step = (text: string, command: string): Step => ({ phase: 'contain', text, commands: [command], caveat });
  if (kind === 'cronjob' || kind === 'job')
    return step(
      'If nobody answers for it, suspend it.',
      sh`kubectl patch ${kind} ${name} -n ${namespace} --type merge -p ${'{"spec":{"suspend":true}}'}`,
    );
  if (kind === 'daemonset')
    return step('If nobody answers for it, put back the version before.', sh`kubectl rollout undo daemonset ${name} -n ${namespace}`);
  return step('If nobody answers for it, stop it.', sh`kubectl scale ${kind} ${name} -n ${namespace} --replicas=0`);
}

/** No more pods than a namespace has need of. */
export function limitBurst({ namespace }: Facts): Step {
  return {
    phase: 'contain',
    text: 'Keep the next burst out with a quota, a little above what the namespace needs.',
    commands: [sh`kubectl create quota emergency -n ${namespace} --hard=pods=20`],
    caveat: 'A quota also refuses pods that the owners want, for as long as it stands; it stops nothing that runs.',
  };
}

/** The change, undone. */
export function undoChange(facts: Facts): Step {
  const { workload } = facts;
  const thing = clusterThing(facts);
  const text = 'If nobody answers for the change, put back what was there from version control; delete what is new.';
  const caveat = 'Keep a copy (kubectl get with -o yaml) before you change it: it is evidence.';
  if (workload !== undefined && thing === undefined) {
    const { kind, name, namespace } = workload;
    const command = ['deployment', 'daemonset', 'statefulset'].includes(kind)
      ? sh`kubectl rollout undo ${kind} ${name} -n ${namespace}`
      : sh`kubectl delete ${kind} ${name} -n ${namespace}`;
    return { phase: 'contain', text, commands: [command], caveat };
  }
  return {
    phase: 'contain',
    text,
    commands: [
      sh`kubectl apply -f ${{ lookUp: 'FILE' }}`,
      ...(thing === undefined ? [] : [sh`kubectl delete ${thing.resource} ${thing.name}${inNamespace(facts)}`]),
    ],
    caveat,
  };
}

/** Logs that were switched off, on again: every minute without is unseen. */
export function restoreLogs(facts: Facts): Step {
  const logging = JSON.stringify({ clusterLogging: [{ types: ['api', 'audit', 'authenticator'], enabled: true }] });
  const trail = facts.thing?.resource === 'trail' ? [sh`aws cloudtrail start-logging${region(facts)} --name ${facts.thing.name}`] : [];
  return {
    phase: 'contain',
    text: 'Switch on again what is off, first of all: every minute without it is unseen. What belongs to the stack comes back with a deployment.',
    commands: [...trail, sh`aws eks update-cluster-config${region(facts)} --name ${facts.cluster} --logging ${logging}`, 'npx cdk deploy'],
    caveat: 'Logs begin again from now; what happened meanwhile comes back from nowhere.',
  };
}

/** The door of the cluster, closed to the address. */
export function restrictEndpoint(facts: Facts): Step {
  const access: Slot = { words: 'endpointPublicAccess=true,publicAccessCidrs=' };
  return {
    phase: 'contain',
    text: 'Let only your own networks reach the endpoint of the cluster.',
    commands: [
      sh`aws eks describe-cluster${region(facts)} --name ${facts.cluster} --query cluster.resourcesVpcConfig`,
      sh`aws eks update-cluster-config${region(facts)} --name ${facts.cluster} --resources-vpc-config ${access}${{ lookUp: 'YOUR-RANGES' }}`,
    ],
    caveat: 'A range that is left out locks out the people and pipelines behind it; nodes need private access to be on.',
  };
}
