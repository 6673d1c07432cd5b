import type { Source } from '../model/finding.ts';

/**
 * What no reader of these logs can know, said once for each kind of finding: a person must not take silence for an
 * all-clear. Sources: Kubernetes documentation, "Auditing"; Amazon EKS user guide, "Send control plane logs to CloudWatch
 * Logs"; Amazon VPC user guide, "Flow log limitations"; kubernetes-sigs/aws-iam-authenticator, `pkg/server`.
 */
const bySource: Readonly<Record<Source, readonly string[]>> = {
  audit: ['What ran inside a container, and what it read or wrote there: the audit log ends at the API server.'],
  authenticator: ['The address that the token came from: the authenticator is asked by the API server, and sees it alone.'],
  api: ['What was read from services whose data calls are not logged, and calls in Regions or accounts that are not watched.'],
  flow: [
    'What was said: a flow log has addresses, ports and sizes, no contents, no host names and no process.',
    'Traffic between pods of one node, queries to the DNS resolver of the VPC and calls of the instance metadata service: none is in the flow log.',
  ],
  intake: ['What the record said before it was cut, changed or refused.'],
  signal: ['How the other system came to its verdict, and what it looked at besides.'],
  coverage: ['What happened while nothing was seen: no later record makes up for it.'],
};

/** Beyond the source, by strategy. */
const byStrategy: Readonly<Record<string, readonly string[]>> = {
  'exec-in-container': [typed(), 'Contents of files that the command read.'],
  'debug-containers': [typed()],
  'attack-chain': [typed(), 'What was said to the destination: a flow log has addresses, ports and sizes.'],
  tunnelling: [
    'What went through the tunnel: the audit log has its opening alone.',
    'Requests sent straight to a kubelet, past the API server.',
  ],
  'secret-access': ['What the Secret held and what became of it: the audit log has names, never contents.'],
  'iam-mapping': [configMaps()],
  exposure: [configMaps()],
  'anonymous-access': ['Who it was: nobody logged in, and an address may stand for many.'],
  'forbidden-requests': ['What the caller wanted in the end: a refused request shows the door and not the plan.'],
  'cluster-credentials': ['Where the credential is now, and whether somebody copied it.'],
  'host-access': ['What was done on the node: no log of the host is read here.'],
  'workload-placement': ['What was done on the node: no log of the host is read here.'],
  'malicious-workload': ['What the image holds: only its name and its declared command are logged.'],
  'workload-tampering': ['What the image holds: only its name and its declared command are logged.'],
  imitation: ['What the image holds: only its name and its declared command are logged.'],
  'container-spraying': ['What the containers did while they ran.'],
  blinding: ['What happened while the log was away, beyond what other logs tell.'],
  'log-integrity': ['Whether more was altered that still looks right.'],
};

function typed(): string {
  return 'What was typed in an open session, and what it answered: the audit log has the command that opened it, and no more.';
}

function configMaps(): string {
  return 'Contents of ConfigMaps: EKS logs those of aws-auth when it is updated, and of no other.';
}

const behindASession = 'Who sat at the keyboard: a session name is what the identity provider, or whoever assumed the role, wrote there.';
const behindANode = 'Which pod of the node sent it: the address belongs to the node, and every pod behind address translation shares it.';

/** What cannot be known of a case from the logs that it rests on. */
export function unknowable(
  strategy: string,
  source: Source | undefined,
  who: { readonly kind?: string; readonly session?: string },
): string[] {
  return [
    ...(Object.hasOwn(byStrategy, strategy) ? (byStrategy[strategy] ?? []) : []),
    ...(source === undefined ? [] : bySource[source]),
    ...(who.session === undefined || source === 'flow' ? [] : [behindASession]),
    ...(who.kind === 'node' && source === 'flow' ? [behindANode] : []),
  ];
}
