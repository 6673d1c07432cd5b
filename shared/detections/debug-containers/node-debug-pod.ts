import { audit } from '../../detect/kit.ts';
import { choosesNode, mountsRoot } from '../../knowledge/node-shell.ts';
import { callerText } from '../../knowledge/origin.ts';
import { declaredName, declaresContainers, deedText } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { text } from '../../model/json.ts';

/** The name that `kubectl debug node/` gives. Source: kubernetes/kubectl, `pkg/cmd/debug/debug.go`. */
const debuggerName = /^node-debugger-/;

/** Somebody opens a shell on a node by way of a pod that has all of it. Strategy: ./ADS.md */
export const nodeDebugPod = audit.detection({
  id: 'node-debug-pod',
  title: 'Pod made to work on its node',
  severity: 'high',
  confidence: 'high',
  attack: ['T1611', 'T1610'],
  rows: ['D053'],
  next: 'Ask the caller what they did on the node; without a good answer, replace the node and treat the credentials of all its pods as stolen.',
  reads: { verbs: ['create', 'patch'], resources: ['pods'] },
  when: (event: AuditEvent) => declaresContainers(event),
  judge: (event) => {
    const { pod } = event;
    if (pod === undefined) return undefined;
    const shared = ['hostPID', 'hostNetwork', 'hostIPC'].filter((field) => pod.raw[field] === true);
    const whole = mountsRoot(pod) && shared.includes('hostPID') && choosesNode(pod);
    if (!whole && !debuggerName.test(event.name)) return undefined;
    const node = text(pod.raw['nodeName']);
    const has = [...(mountsRoot(pod) ? ['the root directory'] : []), ...shared];
    return {
      entity: event.actor,
      about: 'node debug pod',
      summary: `${callerText(event)} ${deedText(event)} ${shorten(declaredName(event))} for work on ${node === undefined ? 'a chosen node' : `node ${shorten(node)}`}, with ${has.length === 0 ? 'nothing' : has.join(', ')} of the node.`,
      severity: !event.allowed || !whole ? 'low' : event.hasDuty('administrator') ? 'medium' : 'high',
    };
  },
});
