import { intake } from '../../detect/kit.ts';
import { logSourceOf } from '../../knowledge/log-source.ts';
import { podBearing } from '../../model/pod-spec.ts';

const judgedBodies = [
  ...podBearing,
  'roles',
  'clusterroles',
  'rolebindings',
  'clusterrolebindings',
  'networkpolicies',
  '[a-z]+webhookconfigurations',
];

/** Requests whose bodies other detections judge: padding one past the limit hides it. */
const hidesABody = new RegExp(String.raw` sent a (?:create|update|patch) to /\S*/(?:${judgedBodies.join('|')})(?:[/ ]|$)`);

/** An audit record was cut at the size limit, and with it the body that detections judge. Strategy: ./ADS.md */
export const truncatedRecord = intake.detection({
  id: 'truncated-record',
  title: 'Audit record cut at the size limit',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1685.002'],
  rows: ['D117'],
  next: 'Read the object with `kubectl get -o yaml` and see what makes it this large: an annotation of hundreds of kilobytes is padding.',
  reads: ['truncated-line'],
  judge: (event) => {
    const hidden = hidesABody.test(event.note.slice(-1_000));
    return {
      entity: logSourceOf(event),
      summary: `${event.note}; ${hidden ? 'what it created or changed could not be judged' : 'its head was judged, its body was not'}.`,
      ...(hidden ? { severity: 'medium' } : {}),
    };
  },
});
