import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { JsonObject } from '../../model/json.ts';
import { at, list, object, text } from '../../model/json.ts';

/** What a pod is, as its creation told. */
export interface PodFact {
  readonly kind: 'pod';
  readonly uid: string;
  readonly time: number;
  readonly namespace: string;
  readonly name: string;
  /** The workload behind it: kind and name. */
  readonly owner: string;
  readonly ownerName: string;
  readonly serviceAccount: string;
  /** ARN of the IAM role whose credentials the pod is given; empty where none is written into it. */
  readonly role: string;
}

/** Labels of a pod, all of them: a selector may rest on any. */
export type Labels = Readonly<Record<string, string>>;

/** Something that the audit log tells of pods, nodes and addresses. Times are milliseconds since the epoch. */
export type Fact =
  | PodFact
  | { readonly kind: 'labels'; readonly uid: string; readonly time: number; readonly labels?: Labels }
  | { readonly kind: 'placed'; readonly uid: string; readonly time: number; readonly node: string }
  | { readonly kind: 'pod-address'; readonly uid: string; readonly time: number; readonly address: string }
  | { readonly kind: 'pod-ended'; readonly uid: string; readonly time: number }
  | { readonly kind: 'node-address'; readonly node: string; readonly time: number; readonly address: string }
  | { readonly kind: 'node-instance'; readonly node: string; readonly time: number; readonly instance: string }
  | { readonly kind: 'node-ended'; readonly node: string; readonly time: number };

/** Characters of a pod's labels that are kept: where there are more, they are unknown. */
const mostLabels = 4_000;

/** The facts in an event: they are recorded whatever was found, because they are no habits. */
export function factsOf(event: AuditEvent): Fact[] {
  const { target, verb } = event;
  if (!event.allowed || event.dryRun) return [];
  if (target.resource === 'nodes') return nodeFacts(event);
  if (target.resource !== 'pods') return [];
  const changes = verb === 'update' || verb === 'patch';
  if (target.subresource === 'status') return changes ? reported(event) : [];
  if (target.subresource !== '') return [];
  // Server-side apply makes a pod by a patch, and tells by its status.
  if (verb === 'create' || (verb === 'patch' && event.code === 201)) return podCreated(event);
  if (verb === 'delete') return podDeleted(event);
  return changes ? relabelled(event) : [];
}

function podCreated(event: AuditEvent): Fact[] {
  const uid = text(event.metadata?.['uid']);
  if (uid === undefined) return [];
  const { kind, name } = ownerOf(event);
  const spec = event.pod?.raw;
  const account = text(spec?.['serviceAccountName']) ?? 'default';
  const pod = { kind: 'pod', uid, time: event.time, namespace: event.target.namespace, name: event.name } as const;
  return [{ ...pod, owner: kind, ownerName: name, serviceAccount: account, role: roleIn(spec) }, labelled(event, uid)];
}

/** EKS writes the role that it gives a pod into the pod's environment. Source: amazon-eks-pod-identity-webhook. */
function roleIn(spec: JsonObject | undefined): string {
  for (const container of list(spec?.['containers']))
    for (const variable of list(at(container, 'env')))
      if (at(variable, 'name') === 'AWS_ROLE_ARN') return text(at(variable, 'value')) ?? '';
  return '';
}

function labelled({ time, metadata }: AuditEvent, uid: string): Fact {
  const labels = Object.entries(object(metadata?.['labels']) ?? {});
  const length = labels.reduce((sum, [key, value]) => sum + key.length + (typeof value === 'string' ? value.length : mostLabels), 0);
  if (length > mostLabels) return { kind: 'labels', uid, time };
  return { kind: 'labels', uid, time, labels: Object.fromEntries(labels) as Labels };
}

function relabelled(event: AuditEvent): Fact[] {
  if (!event.mayMention('labels')) return [];
  const uid = text(event.metadata?.['uid']);
  return uid === undefined ? [] : [labelled(event, uid)];
}

/**
 * The workload behind a pod: its controller, and for a ReplicaSet the Deployment that the template hash betrays. An owner
 * that anybody else names is one of theirs only: it neither answers for the pod nor lends it its habits.
 */
function ownerOf(event: AuditEvent): { kind: string; name: string } {
  const { actor, metadata } = event;
  const owner = object(list(metadata?.['ownerReferences']).find((reference) => at(reference, 'controller') === true));
  const kind = text(owner?.['kind']);
  const name = text(owner?.['name']);
  if (kind === undefined || name === undefined) return { kind: 'Pod', name: event.name };
  if (!isControlPlane(actor)) return { kind, name: `${name} of ${actor.name}` };
  const hash = text(at(metadata, 'labels', 'pod-template-hash'));
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  // CronJobs name their Jobs NAME-MINUTES. Source: kubernetes, pkg/controller/cronjob.
  if (kind === 'Job' && /-\d{8,10}$/.test(name)) return { kind: 'CronJob', name: name.slice(0, name.lastIndexOf('-')) };
  return { kind, name };
}

const reportsWorthReading = ['IP', 'Succeeded', 'Failed'];

/** A kubelet's status patch is a delta: it holds addresses only when it sets them. Nobody else knows what it says. */
function reported(event: AuditEvent): Fact[] {
  // Of a pod's many status reports, few say anything about addresses.
  if (event.actor.type !== 'node' || !reportsWorthReading.some((word) => event.mayMention(word))) return [];
  const body = event.report;
  const uid = text(at(body, 'metadata', 'uid')) ?? text(event.metadata?.['uid']);
  const status = object(at(body, 'status'));
  if (uid === undefined || status === undefined) return [];
  const { time } = event;
  const node = event.actor.username.slice('system:node:'.length);
  const host = text(status['hostIP']);
  const hosts = new Set([host, ...list(status['hostIPs']).map((entry) => text(at(entry, 'ip')))]);
  const addresses = new Set([text(status['podIP']), ...list(status['podIPs']).map((entry) => text(at(entry, 'ip')))]);
  const facts: Fact[] = [];
  for (const address of hosts) if (address !== undefined) facts.push({ kind: 'node-address', node, time, address });
  // A session of a node's role is named after its instance. Source: Amazon EC2 user guide, "Retrieve security credentials".
  const instance = event.actor.session ?? '';
  if (facts.length > 0 && instance.startsWith('i-')) facts.push({ kind: 'node-instance', node, time, instance });
  for (const address of addresses) {
    // A pod on the host network has the node's address: the node answers for it.
    if (address !== undefined && !hosts.has(address)) facts.push({ kind: 'pod-address', uid, time, address });
  }
  if (facts.some(({ kind }) => kind === 'pod-address')) facts.push({ kind: 'placed', uid, time, node });
  if (status['phase'] === 'Succeeded' || status['phase'] === 'Failed') facts.push({ kind: 'pod-ended', uid, time });
  return facts;
}

function podDeleted(event: AuditEvent): Fact[] {
  const uid = text(event.metadata?.['uid']);
  // Answered with the pod still there, the deletion only begins: the pod keeps its address for its grace period.
  const grace = Number(event.metadata?.['deletionGracePeriodSeconds'] ?? 0);
  return uid === undefined ? [] : [{ kind: 'pod-ended', uid, time: event.time + (Number.isFinite(grace) ? grace : 0) * 1000 }];
}

/** Node objects name their instance as `aws:///ZONE/INSTANCE`. Source: Kubernetes cloud-provider-aws, provider id. */
function nodeFacts(event: AuditEvent): Fact[] {
  const { target, verb } = event;
  // Whoever asks for more than that makes each report of a node one to be read.
  if (target.subresource !== '' || (verb !== 'create' && verb !== 'delete')) return [];
  const { time, name } = event;
  if (name === '') return [];
  if (verb === 'delete') return [{ kind: 'node-ended', node: name, time }];
  const node = text(at(event.result, 'metadata', 'name')) ?? name;
  const instance = (text(at(event.result, 'spec', 'providerID')) ?? '').split('/').at(-1) ?? '';
  const addresses = list(at(event.result, 'status', 'addresses')).flatMap((entry): Fact[] => {
    const address = text(at(entry, 'address'));
    return address === undefined || at(entry, 'type') !== 'InternalIP' ? [] : [{ kind: 'node-address', node, time, address }];
  });
  return instance.startsWith('i-') ? [{ kind: 'node-instance', node, time, instance }, ...addresses] : addresses;
}
