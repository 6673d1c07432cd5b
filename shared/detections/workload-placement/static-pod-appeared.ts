import { audit, seenSet } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { imagesOf } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { text } from '../../model/json.ts';

/** A static pod as nodes show it, without the node's name at the end: alike on every node of an image. */
function staticPod(event: AuditEvent): string {
  const node = text(event.pod?.raw['nodeName']) ?? '';
  const name = node !== '' && event.name.endsWith(`-${node}`) ? event.name.slice(0, -node.length - 1) : event.name;
  return `${event.target.namespace}/${name}`;
}

/** A node shows a pod that no request made: its kubelet found a manifest on disk. Strategy: ./ADS.md */
export const staticPodAppeared = audit.detection({
  id: 'static-pod-appeared',
  title: 'Static pod that no node showed before',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1543.005', 'T1610'],
  rows: ['D067'],
  next: 'Look into the static pod directory of the node for the manifest and its date, and replace the node: whoever put it there was root on it.',
  reads: { verbs: ['create'], resources: ['pods'] },
  memory: {
    known: seenSet<AuditEvent>({
      id: 'static-pods',
      key: () => [],
      member: (event) => `${staticPod(event)} ${imagesOf(event)}`,
      days: 90,
      warmUpDays: 0,
    }),
  },
  when: (event) => event.actor.type === 'node' && !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { known }) => {
    const pod = staticPod(event);
    const images = imagesOf(event);
    if (known.has(`${pod} ${images}`)) return undefined;
    const deed = event.allowed ? 'showed' : 'was refused when trying to show';
    return {
      // Every node of an image shows its own: by the pod they are one alert.
      entity: { kind: 'workload', id: `static ${pod}`, name: `static pod ${pod}` },
      about: images,
      summary: `${callerText(event)} ${deed} static pod ${shorten(pod)} of ${images === '' ? 'an unknown image' : shorten(images)}, which no node showed before: its manifest lies on the node.`,
      severity: event.allowed ? 'high' : 'low',
      baseline: { 'static pods known': known.size },
    };
  },
});
