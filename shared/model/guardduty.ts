import type { Scope } from './base.ts';
import type { Entity } from './entity.ts';
import type { Severity } from './finding.ts';
import { digest, identifierLength } from './hash.ts';
import { type JsonObject, at, list, number, object, text, texts } from './json.ts';
import type { LogRecord, Reject } from './record.ts';
import { actorNamed, type Named, names, type SignalEvent } from './signal.ts';
import { dayOf } from './time.ts';

/**
 * A GuardDuty finding. Updates carry the same id: they are the same signal. What it is about stands in `resource`, for
 * attack sequences in the sequence's own list of resources. Source: GuardDuty user guide, finding details; API reference, Sequence.
 */
export function guardDutySignal(detail: JsonObject, record: LogRecord, scope: Scope): SignalEvent | Reject {
  const id = text(detail['id']);
  const type = text(detail['type']);
  const service = object(detail['service']);
  const time = Date.parse(text(service?.['eventLastSeen']) ?? text(detail['updatedAt']) ?? '');
  if (id === undefined || type === undefined || Number.isNaN(time)) return { reject: 'not-an-api-event', record };
  const resources = [resourceOf(object(detail['resource']) ?? {}), ...sequenceOf(service)];
  const cluster = resources.map((resource) => resource.cluster).find((name) => name !== '') ?? scope.cluster;
  const workloads = resources.flatMap((resource) => resource.workload ?? []);
  const identities = names(resources.flatMap((resource) => resource.identities));
  const nodes = names(resources.flatMap((resource) => resource.nodes));
  const pods = names(workloads.filter(({ kind }) => kind === 'pod').map(({ namespace, name }) => `${namespace}/${name}`));
  const named: Named = { pods, nodes, identities };
  return {
    source: 'signal',
    system: 'guardduty',
    key: digest(identifierLength, [id]),
    time,
    day: dayOf(time),
    scope: { ...scope, cluster, account: text(detail['accountId']) ?? scope.account },
    late: false,
    id,
    type,
    title: text(detail['title']) ?? type,
    severity: severityOf(number(detail['severity']) ?? 0),
    entity: entityOf(workloads[0], named, cluster, id),
    named,
    command: text(at(service, 'runtimeDetails', 'process', 'executablePath')) ?? '',
  };
}

/** What GuardDuty calls a workload: by its kind in the plural, or a pod where nothing else is known. */
interface Workload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

interface Resource {
  readonly cluster: string;
  readonly workload: Workload | undefined;
  readonly identities: readonly string[];
  readonly nodes: readonly string[];
}

function resourceOf(resource: JsonObject): Resource {
  const kubernetes = at(resource, 'kubernetesDetails');
  const user = text(at(kubernetes, 'kubernetesUserDetails', 'username'));
  const instance = at(resource, 'instanceDetails');
  return {
    cluster: text(at(resource, 'eksClusterDetails', 'name')) ?? clusterTagged(instance),
    workload: workloadOf(at(kubernetes, 'kubernetesWorkloadDetails')),
    identities: user === undefined ? [] : [actorNamed(user)],
    nodes: list(at(instance, 'networkInterfaces')).flatMap((each) => text(at(each, 'privateDnsName')) ?? []),
  };
}

/** A node's instance bears its cluster in a tag. Source: EKS user guide, managed node groups; Kubernetes, well-known tags of cloud providers. */
function clusterTagged(instance: unknown): string {
  const tags = list(at(instance, 'tags')).flatMap((tag) => {
    const key = text(at(tag, 'key')) ?? '';
    if (key === 'eks:cluster-name') return text(at(tag, 'value')) ?? [];
    return /^kubernetes\.io\/cluster\/(.+)$/.exec(key)?.[1] ?? [];
  });
  return tags[0] ?? '';
}

function workloadOf(workload: unknown): Workload | undefined {
  const name = text(at(workload, 'name'));
  if (name === undefined || name === '') return undefined;
  const kind = (text(at(workload, 'type')) ?? 'pod').replace(/s$/, '').toLowerCase();
  return { namespace: text(at(workload, 'namespace')) ?? '', kind, name };
}

/** Resources looked at: a sequence has few. */
const mostResources = 100;

/** What a sequence of several findings names. */
function sequenceOf(service: JsonObject | undefined): Resource[] {
  const sequence = at(service, 'detection', 'sequence');
  const users = list(at(sequence, 'actors'))
    .slice(0, mostResources)
    .flatMap((actor) => {
      const name = text(at(actor, 'user', 'name'));
      return name === undefined ? [] : [{ cluster: '', workload: undefined, identities: [actorNamed(name)], nodes: [] }];
    });
  const touched = list(at(sequence, 'resources'))
    .slice(0, mostResources)
    .map((resource) => {
      const name = text(at(resource, 'name')) ?? '';
      const data = at(resource, 'data');
      const kubernetes = object(at(data, 'kubernetesWorkload'));
      return {
        cluster: text(at(resource, 'resourceType')) === 'EKS_CLUSTER' ? name : '',
        workload: kubernetes && workloadOf({ ...kubernetes, name: text(kubernetes['name']) ?? name }),
        identities: [],
        nodes: texts([at(data, 'ec2Instance', 'privateDnsName')]),
      };
    });
  return [...touched, ...users];
}

/** GuardDuty's scale: 9 and above critical, 7 high, 4 medium. */
function severityOf(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

function entityOf(workload: Workload | undefined, { identities, nodes }: Named, cluster: string, id: string): Entity {
  if (workload !== undefined) {
    const { namespace, kind, name } = workload;
    if (kind === 'pod') return { kind: 'pod', id: `${cluster}/${namespace}/${name}`, name: `${namespace}/${name}` };
    const path = `${namespace}/${kind}/${name}`;
    return { kind: 'workload', id: `${cluster}/${path}`, name: path };
  }
  const [identity] = identities;
  if (identity !== undefined) return { kind: 'identity', id: identity, name: identity };
  const [node] = nodes;
  if (node !== undefined) return { kind: 'node', id: node, name: node };
  return { kind: 'cluster', id: cluster || id, name: cluster || id };
}
