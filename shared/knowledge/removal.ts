import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';

/** Kinds whose loss is the loss of data, or of everything below them. */
export const valuableResources = [
  ...['namespaces', 'persistentvolumes', 'persistentvolumeclaims', 'statefulsets', 'customresourcedefinitions'],
  ...['volumesnapshots', 'volumesnapshotcontents', 'backups', 'backupstoragelocations'],
] as const;

/** Kinds that applications are made of. Pods and jobs come and go, and what kills many has its own detection. */
export const applicationResources = [
  ...['deployments', 'daemonsets', 'replicasets', 'cronjobs', 'services', 'ingresses', 'configmaps', 'secrets', 'serviceaccounts'],
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings', 'networkpolicies', 'horizontalpodautoscalers', 'storageclasses'],
] as const;

/** Drivers that remove volumes when their claims are gone. Source: Amazon EKS user guide, EBS and EFS CSI drivers. */
const provisioner = /^system:serviceaccount:kube-system:(?:ebs|efs|fsx)-csi-controller-sa$/;

/** Somebody removes something, and not the cluster in consequence of a removal. */
export function isRemovalByHand(event: AuditEvent): boolean {
  const { actor, target } = event;
  if (!event.allowed || actor.type === 'node' || isControlPlane(actor)) return false;
  return target.subresource === '' && !(target.resource === 'persistentvolumes' && provisioner.test(actor.id));
}

/** What a removal takes away, for counting: an object, or all of a kind in a namespace. */
export function removedThing({ target, verb }: AuditEvent): string {
  return `${target.resource} ${target.namespace}/${verb === 'deletecollection' ? '*' : target.name}`;
}
