import type { Talker } from '../model/talker.ts';

type Habit = Pick<Talker, 'who' | 'verb' | 'resource'>;

/** What can be done about a part of an audit log: EKS's audit policy is Amazon's, so that only the caller can be changed. */
interface Advice {
  readonly about: (habit: Habit) => boolean;
  readonly says: string;
}

const bySystem = ({ who }: Habit): boolean => who.startsWith('system:') && !who.startsWith('system:serviceaccount:');
const byNode = ({ who }: Habit): boolean => who === 'system:node:*';
const controller = /^system:serviceaccount:kube-system:[a-z-]+-controller$/;
const reads: ReadonlySet<string> = new Set(['get', 'list']);

/** The first that fits is given. */
const advices: readonly Advice[] = [
  {
    about: ({ resource }) => resource === 'leases',
    says: 'Leader elections: a longer lease duration and retry period in the controller halves them; nodes and the control plane cannot be changed.',
  },
  {
    about: ({ resource }) => /^(?:subject|localsubject|selfsubject)accessreviews$|^tokenreviews$/.test(resource),
    says: 'Something asks the API server who may do what at each request it gets: raise its cache (kubelets: authorization.webhook TTLs; proxies such as kube-rbac-proxy: static authorization).',
  },
  { about: byNode, says: 'Kubelets report what runs; fewer and larger nodes, and fewer pods that restart, make less of it.' },
  {
    about: ({ resource }) => resource === 'events',
    says: 'Events of restarts and failing probes: mend what restarts most (kubectl get events -A --sort-by .count).',
  },
  {
    about: ({ who, verb }) => controller.test(who) && !reads.has(verb),
    says: "The cluster's own controllers at work: fewer rollouts, autoscaling in larger steps and fewer objects make less of it.",
  },
  {
    about: ({ verb, resource }) => resource.endsWith('/status') && (verb === 'update' || verb === 'patch'),
    says: 'A controller writes a status that hardly changes: look for one that writes timestamps or counters, and lengthen its resync period.',
  },
  {
    about: ({ verb, who }) => reads.has(verb) && who.startsWith('system:serviceaccount:'),
    says: 'A workload polls: let it watch (an informer) instead of asking again and again, and narrow it to its namespace.',
  },
  {
    about: ({ verb }) => reads.has(verb),
    says: 'Somebody polls from outside (a dashboard, a pipeline, a scanner): ask less often, for less, or from a cache.',
  },
  { about: bySystem, says: 'The control plane at its own work: nothing to change.' },
  {
    about: ({ verb }) => verb === 'create' || verb === 'update' || verb === 'patch',
    says: 'A writer with large bodies: server-side apply of what changed alone, and no data in annotations, makes lines shorter.',
  },
];

/** What to do to pay less for a part of an audit log. Source of what EKS logs: shared/knowledge/audit-policy.ts. */
export function adviceOn(habit: Habit): string {
  return advices.find(({ about }) => about(habit))?.says ?? 'Ask who runs it whether it has to ask so often.';
}
