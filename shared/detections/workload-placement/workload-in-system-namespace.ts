import { audit } from '../../detect/kit.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import {
  declaredName,
  declarerOf,
  declaresContainers,
  deedText,
  imagesOf,
  isCreation,
  podWrites,
  templates,
} from '../../knowledge/pod-changes.ts';
import { isSystemNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';

/** Somebody who neither runs nor deploys the cluster puts a workload where its own parts are. Strategy: ./ADS.md */
export const workloadInSystemNamespace = audit.detection({
  id: 'workload-in-system-namespace',
  title: 'Workload put among the parts of the cluster',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1036.005', 'T1610'],
  rows: ['D079'],
  next: 'Ask the caller which add-on this belongs to; if it belongs to none, delete it and look at what its pods did.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) =>
    isSystemNamespace(event.target.namespace) &&
    event.target.subresource === '' &&
    isCreation(event) &&
    !isEksItself(event) &&
    !(event.actor.type === 'node' && event.target.resource === 'pods') &&
    // Deployers deploy workloads: a bare pod is none, and whoever makes one with a pipeline's session is not the pipeline.
    !(event.target.resource !== 'pods' && event.hasDuty('deployer')) &&
    declaresContainers(event),
  judge: (event, { template }) => {
    // Made again under its old name: what it runs now is compared with what it ran before.
    if (template.previous !== undefined) return undefined;
    return {
      entity: declarerOf(event),
      ...(event.target.resource === 'pods' ? { about: event.target.namespace } : {}),
      summary: `${callerText(event)} ${deedText(event)} ${shorten(declaredName(event))} of ${shorten(imagesOf(event))} in a namespace of the cluster's own parts.`,
      severity: event.allowed && !event.hasDuty('administrator') ? 'medium' : 'low',
    };
  },
});
