import { audit } from '../../detect/kit.ts';
import { type CertificateSubject, certificateSubject } from '../../knowledge/certificate-request.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isCreation } from '../../knowledge/pod-changes.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, list, text } from '../../model/json.ts';

/** Signers whose certificates the API server takes for a login. Source: Kubernetes documentation, "Certificate Signing Requests". */
const signer = /^kubernetes\.io\/(?:kube-apiserver-client(?:-kubelet)?|legacy-unknown)$/;

/** Somebody asks the cluster for a client certificate, or grants one: a login that cannot be revoked. Strategy: ./ADS.md */
export const clientCertificateRequested = audit.detection({
  id: 'client-certificate-requested',
  title: 'Client certificate for the API server requested or approved',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1098', 'T1552.004', 'T1528'],
  rows: ['D092'],
  next: 'Delete the request, see with `kubectl get csr` whether a certificate was issued, and ask the caller what it was meant for.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['certificatesigningrequests', 'certificatesigningrequests/approval'] },
  when: (event) => !event.dryRun && (event.allowed || event.outcome === 'forbidden') && !isClusterItself(event),
  judge: (event) => {
    const approval = event.target.subresource === 'approval';
    const spec = at(event.result, 'spec');
    if (!signer.test(text(at(spec, 'signerName')) ?? '')) return undefined;
    if (approval ? !isApproved(event) : !isCreation(event)) return undefined;
    const subject = certificateSubject(text(at(spec, 'request')) ?? '');
    const privileged = subject !== undefined && [...subject.names, ...subject.groups].some((name) => /^(?:system|eks):/.test(name));
    const deed = approval ? ['approved', 'approve'] : ['asked for', 'ask for'];
    return {
      entity: event.actor,
      about: subject === undefined ? 'a subject that cannot be read' : subjectText(subject),
      summary:
        `${callerText(event)} ${event.allowed ? (deed[0] ?? '') : `was refused when trying to ${deed[1] ?? ''}`} a client certificate ` +
        `${subject === undefined ? 'whose subject cannot be read' : `for ${subjectText(subject)}`} (request ${shorten(event.name || 'without a name')}); ` +
        'EKS does not sign these, so software that works on EKS does not ask for them.',
      severity: !event.allowed ? 'low' : privileged || approval ? 'high' : 'medium',
    };
  },
});

function isApproved(event: AuditEvent): boolean {
  return list(at(event.result, 'status', 'conditions')).some((condition) => at(condition, 'type') === 'Approved');
}

function subjectText({ names, groups }: CertificateSubject): string {
  const user = names.length === 0 ? 'a user without a name' : `user ${some(names, 2)}`;
  return groups.length === 0 ? user : `${user} in group ${some(groups)}`;
}
