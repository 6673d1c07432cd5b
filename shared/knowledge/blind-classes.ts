import type { AuditField } from '../model/audit-fields.ts';
import type { IntakeTrouble } from '../model/intake.ts';

/** Lines by their fields: every field named has one of its texts. A star at the end of a text stands for any rest. */
export type Lines = Readonly<Partial<Record<AuditField, readonly string[]>>>;

/** Lines that the subscription need not forward: only answers that were no refusal, and requests in the caller's own name. */
export interface BlindClass {
  readonly id: string;
  /** What they are, as a noun. */
  readonly what: string;
  /** Why they may be left out. */
  readonly reason: string;
  /** What somebody who knows the pattern can do unseen. */
  readonly hides: string;
  /** Which lines: any of these. */
  readonly lines: readonly Lines[];
  /** What detections would read of them, as they name it; absent where the same is judged by another line. */
  readonly reads?: { readonly verbs: readonly string[]; readonly resources: readonly string[] };
}

/**
 * What the subscription may leave out, decided class by class: docs/decisions/0012-what-the-subscription-leaves-out.md has
 * what each saves, and what was weighed and stays. A class is left out only while nobody but those below would read of it.
 */
export const blindClasses: readonly BlindClass[] = [
  {
    id: 'request-received',
    what: 'the first of the two lines that EKS writes of a request for a token',
    reason: 'it is written before anybody answers, so no detection judges it; the second line tells the same and the answer',
    hides: 'nothing: the second line of the same request passes',
    lines: [{ stage: ['RequestReceived'] }],
  },
  {
    id: 'stream-ended',
    what: 'the end of a watch or of a read of logs, whose start was told',
    reason: 'start and end are one request: whichever comes first is judged, and the start comes first',
    hides: 'nothing: the start of the same request passes',
    lines: [
      { stage: ['ResponseComplete'], verb: ['watch'] },
      { stage: ['ResponseComplete'], subresource: ['log'] },
    ],
  },
  {
    id: 'leases',
    what: 'reads by name and renewals of leases by nodes, components and service accounts',
    reason: 'a sign of life every few seconds from each node and each elected leader, which grants and shows nothing',
    hides: 'a stolen credential of a node or workload that does nothing but read and renew leases; a leader that is kept from leading',
    lines: [{ verb: ['get', 'update'], group: ['coordination.k8s.io'], user: ['system:*'] }],
    reads: { verbs: ['get', 'update'], resources: ['leases', 'leasecandidates'] },
  },
  {
    id: 'workload-status',
    what: 'updates of the status of Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs by service accounts of kube-system',
    reason:
      'the cluster’s controllers report what became of pods that have lines of their own; the API server takes nothing of a spec from such a request',
    hides:
      'with a stolen credential of a service account in kube-system: a false status, and the answer, which shows the workload and what its containers have in their environment',
    lines: [{ verb: ['update'], group: ['apps', 'batch'], subresource: ['status'], user: ['system:serviceaccount:kube-system:*'] }],
    reads: {
      verbs: ['update'],
      resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions', 'jobs', 'cronjobs'].map(
        (resource) => `${resource}/status`,
      ),
    },
  },
];

/** Lines of the log group that are text, and that the second filter does not pick by their words. */
export const unpickedText = {
  what: 'lines that are no JSON, are not cut at the size limit and tell of nobody’s access, such as the logs of the scheduler or what somebody else wrote there',
  troubles: ['foreign-stream', 'unreadable-line'] satisfies readonly IntakeTrouble[],
};

/** Detections that read everything and can do without these lines, and why. */
export const acceptedBy: Readonly<Record<string, string>> = {
  'attack-tool-client': 'a hint at best, and nobody runs such a tool to renew a lease',
  'call-from-malicious-address': 'whoever holds a credential there wants more than leases and statuses',
  'call-from-tor': 'whoever holds a credential there wants more than leases and statuses',
  'identity-from-new-network':
    'people and pipelines have names of their own, which no class holds; only a mapping to a name of the cluster could',
  'masters-group-used': 'none of those identities is in the group, unless somebody binds a name of the cluster to it, which is told',
  'scripting-client': 'a hint at best; a script that only renews a lease does no harm',
  'workload-identity-from-internet': 'a stolen identity is found by the first other thing it asks for',
  'foreign-log-stream': 'what looks like an audit event passes, so that only notes of no consequence stay unread',
  'unreadable-record': 'the API server writes no broken JSON of its own; a line that was cut passes by its mark',
};

/** Detections that read everything and judge only what always passes: refusals, impersonation, and callers without a credential. */
export const untouched: readonly string[] = [
  'anonymous-probing',
  'anonymous-request-allowed',
  'failed-logins-from-internet',
  'first-impersonation',
  'forbidden-burst-from-internet',
  'privileged-identity-impersonated',
  'refused-at-many-doors',
  'refused-with-new-client',
];
