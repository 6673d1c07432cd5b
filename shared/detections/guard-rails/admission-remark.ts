import { audit, seenSet } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { declaredName, declarerOf, declaresContainers, deedText, podWrites } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** What the API server itself remarks about an admission. Sources: Kubernetes documentation, "Pod Security Admission", "Validating Admission Policy", "Audit Annotations". */
const remarks = [
  ['pod-security.kubernetes.io/audit-violations', 'violates the Pod Security that is audited'],
  ['pod-security.kubernetes.io/exempt', 'is exempt from Pod Security'],
  ['validation.policy.admission.k8s.io/validation_failure', 'fails a validating policy that is audited'],
] as const;

function remarksOn(event: AuditEvent): readonly string[] {
  return remarks.flatMap(([annotation, words]) => {
    const said = event.annotation(annotation);
    return said === '' ? [] : [`${words} (${shorten(said, 240)})`];
  });
}

/** A workload came in although a policy that only watches objects to it. Strategy: ./ADS.md */
export const admissionRemark = audit.detection({
  id: 'admission-remark',
  title: 'Workload admitted against a policy that only watches',
  severity: 'low',
  confidence: 'high',
  attack: ['T1610'],
  rows: ['D080'],
  next: 'Read which rule was broken; where nobody needs the exception, enforce the policy.',
  reads: podWrites,
  memory: {
    known: seenSet<AuditEvent>({
      id: 'admission-remarks',
      key: (event) => [declarerOf(event).id],
      member: (event) => remarksOn(event).join(' '),
      days: 90,
      warmUpDays: 0,
    }),
  },
  when: (event) => remarks.some(([annotation]) => event.annotation(annotation) !== '') && declaresContainers(event),
  judge: (event, { known }) => {
    const said = remarksOn(event);
    if (known.has(said.join(' '))) return undefined;
    return {
      entity: declarerOf(event),
      ...(event.target.resource === 'pods' ? { about: event.target.namespace } : {}),
      summary: `${callerText(event)} ${deedText(event)} ${shorten(declaredName(event))}, which ${said.join(' and ')}.`,
    };
  },
});
