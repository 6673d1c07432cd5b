import type { ApiEvent } from '../model/api.ts';
import type { Confidence, Severity } from '../model/finding.ts';
import { isServiceLinkedRole } from './exclusions.ts';
import { weighed } from './monitoring.ts';

/** EKS calling on its own behalf, with a role that customers cannot make: for the nodes it manages. */
export function isEksCalling({ actor }: ApiEvent): boolean {
  return isServiceLinkedRole(actor.principal);
}

/** The impact of a call that lets somebody in: told without waking anybody where the caller is there to deploy. */
export function accessWeight(
  event: ApiEvent,
  severity: Severity,
  confidence: Confidence = 'medium',
): { severity: Severity; confidence: Confidence } {
  return weighed(event, event.hasDuty('deployer') ? 'low' : severity, confidence);
}

/** A principal as a call names it: in a path it is percent-encoded. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Whether an ARN belongs to an account other than the cluster's. */
export function isForeign(arn: string, { scope }: ApiEvent): boolean {
  const owner = /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1];
  return owner !== undefined && scope.account !== '' && owner !== scope.account;
}
