import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, list, object, text } from '../model/json.ts';
import { type SeenSet, seenSet } from '../state/seen-set.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';

/** Writes of nodes. Labels can be changed by way of the status as well; kubelets do that all day and are left out first. */
export const nodeWrites = { verbs: ['create', 'update', 'patch'], resources: ['nodes', 'nodes/status'] };

/**
 * Labels by which workloads, volumes and load balancers choose nodes. Sources: Kubernetes documentation, "Well-Known
 * Labels, Annotations and Taints"; Amazon EKS user guide, "Managed node groups"; karpenter.sh, "Well-Known Labels".
 */
const deciding =
  /^(?:(?:[\w-]+\.)*node-restriction\.kubernetes\.io\/|node-role\.kubernetes\.io\/|topology\.(?:kubernetes|k8s\.aws|ebs\.csi\.aws)[\w.]*\/|failure-domain\.beta\.kubernetes\.io\/|eks\.amazonaws\.com\/|karpenter\.sh\/)|^kubernetes\.io\/(?:role|hostname|os|arch)$|^node\.kubernetes\.io\/(?:instance-type|exclude-from-external-load-balancers|windows-build)$/;

/** Taints that the control plane sets and removes by the state of a node. */
const byState = /^(?:node\.kubernetes\.io|node\.cloudprovider\.kubernetes\.io)\//;

/** What decides which pods come to a node, by name: labels as `label NAME`, taints as `taint NAME:EFFECT`. */
export type NodeMarks = Readonly<Record<string, string>>;

/** The marks in a node, or in a patch of one: there `null` stands for what is taken away. */
export function nodeMarks(body: JsonObject | undefined): NodeMarks {
  const labels = Object.entries(object(at(body, 'metadata', 'labels')) ?? {});
  const taints = list(at(body, 'spec', 'taints')).flatMap((taint) => {
    const [key = '', effect = '', value = ''] = ['key', 'effect', 'value'].map((field) => text(at(taint, field)));
    return key === '' || byState.test(key) ? [] : [[`taint ${key}:${effect}`, value] as const];
  });
  const deciders = labels.flatMap(([name, value]) => (deciding.test(name) ? [[`label ${name}`, text(value) ?? ''] as const] : []));
  return Object.fromEntries([...deciders, ...taints]);
}

/** The newest marks of every node, whoever set them. */
export const knownMarks: Snapshot<AuditEvent> = snapshot({
  id: 'node-marks',
  key: ({ name }) => (name === '' ? undefined : [name]),
  value: (event) => (event.allowed && !event.dryRun && event.result !== undefined ? { ...nodeMarks(event.result) } : undefined),
});

/** Service accounts that keep nodes: autoscalers and upgrade operators change marks all day. */
export const nodeKeepers: SeenSet<AuditEvent> = seenSet({
  id: 'node-keepers',
  key: ({ actor }) => (actor.type === 'service-account' ? [] : undefined),
  member: ({ actor }) => actor.principal,
  days: 90,
  warmUpDays: 3,
});

/** Marks that differ, in words. */
export function changedMarks(before: NodeMarks, now: NodeMarks): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [old, fresh] = [valueOf(before, name), valueOf(now, name)];
    if (old === fresh) return [];
    if (old === undefined) return [`${name} added`];
    return [fresh === undefined ? `${name} removed` : `${name} changed from "${old}" to "${fresh}"`];
  });
}

function valueOf(marks: NodeMarks, name: string): string | undefined {
  return Object.hasOwn(marks, name) ? marks[name] : undefined;
}

/** Marks from memory. */
export function rememberedMarks(previous: JsonObject): NodeMarks {
  return Object.fromEntries(Object.entries(previous).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
