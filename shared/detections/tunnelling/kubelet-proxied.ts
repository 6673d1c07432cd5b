import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { isExecAttempt } from '../../knowledge/exec.ts';
import { kubeletPower, type KubeletPower } from '../../knowledge/kubelet-api.ts';
import { isMetricsCollector } from '../../knowledge/monitoring-accounts.ts';
import { callerText } from '../../knowledge/origin.ts';
import { proxiedBy } from '../../knowledge/proxied.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** The kubelet listens on one port; another one is some other service of the node. Source: Kubernetes documentation, "Ports and Protocols". */
const elsewhere: KubeletPower = { gives: 'reaches a port of the node that is not the kubelet’s', severity: 'high' };

function powerOf(event: AuditEvent): KubeletPower {
  const { port, path } = proxiedBy(event);
  return port === '' || port === '10250' ? kubeletPower(path) : elsewhere;
}

/** Somebody uses the API of a node's kubelet by way of the API server. Strategy: ./ADS.md */
export const kubeletProxied = audit.detection({
  id: 'kubelet-proxied',
  title: 'Kubelet commanded through the API server',
  severity: 'high',
  confidence: 'high',
  attack: ['T1613', 'T1609', 'T1611'],
  rows: ['D035'],
  next: 'Revoke the caller unless it is a known tool of the platform team, and remove the right to `nodes/proxy` from its role.',
  reads: { verbs: ['*'], resources: ['nodes/proxy'] },
  when: (event: AuditEvent) => isExecAttempt(event) && !isClusterItself(event),
  memory: {
    known: seenSet({
      id: 'kubelet-proxy-users',
      key: ({ actor }: AuditEvent) => [callerId(actor)],
      member: (event: AuditEvent) => powerOf(event).gives,
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { known }) => {
    const { gives, severity } = powerOf(event);
    const harmless = severity === 'low' && (event.verb === 'get' || event.verb === 'list');
    if (harmless && (isMetricsCollector(event.actor) || event.hasDuty('scanner') || known.has(gives))) return undefined;
    const { name, path } = proxiedBy(event);
    const deed = event.allowed ? 'sent' : 'was refused when trying to send';
    return {
      entity: event.actor,
      about: gives,
      summary: `${callerText(event)} ${deed} ${event.verb} ${shorten(path)} to the kubelet of node ${shorten(name)}, which ${gives}.`,
      severity: event.allowed ? (severity === 'low' && !harmless ? 'medium' : severity) : 'low',
    };
  },
});
