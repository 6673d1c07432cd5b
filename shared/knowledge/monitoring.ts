import type { ApiEvent } from '../model/api.ts';
import type { Confidence, Severity } from '../model/finding.ts';
import { type JsonObject, text } from '../model/json.ts';

/** The name of this product's subscription filters (infra/log-subscription.ts). */
export const ownFilter = 'plimsoll';

/** The log group that a call to CloudWatch Logs names: by name, or by ARN in `logGroupIdentifier`. */
export function logGroupOf(parameters: JsonObject): string {
  const named = text(parameters['logGroupName']) ?? text(parameters['logGroupIdentifier']) ?? text(parameters['logGroupArn']) ?? '';
  return named.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

/** Whether a log group is one that EKS or a flow log writes to. Flow-log groups have no fixed name: by custom it says "flow". */
export function isMonitoringGroup(group: string): boolean {
  return isControlPlaneGroup(group) || /flow/i.test(group);
}

/** Whether a log group is a cluster's control-plane log. Source: Amazon EKS user guide, "Send control plane logs to CloudWatch Logs". */
export function isControlPlaneGroup(group: string): boolean {
  return /^\/aws\/eks\/[^/]+\/cluster$/.test(group);
}

/** A call for text: who did what and what came of it, or who tried and how it failed. */
export function deedText(event: ApiEvent, [did, todo]: readonly [did: string, todo: string], what: string, consequence: string): string {
  const { actor, origin, error } = event;
  const who = `${actor.name} ${isDeployment(event) ? 'through CloudFormation' : `from ${origin.address}`}`;
  return error === '' ? `${who} ${did} ${what}: ${consequence}.` : `${who} tried to ${todo} ${what}, which failed with ${error}.`;
}

/**
 * The impact of an impairment: an attempt impaired nothing, and a deployment is told without waking anybody. Both facts
 * are CloudTrail's, not the caller's.
 */
export function weighed(
  event: ApiEvent,
  severity: Severity,
  confidence: Confidence = 'high',
): { severity: Severity; confidence: Confidence } {
  if (isDeployment(event)) return { severity: 'low', confidence };
  return { severity: event.error === '' ? severity : attempted[severity], confidence };
}

/** The same for what deployers do as part of their work: to them, too, nobody is woken. */
export function weighedAsPlanned(event: ApiEvent, severity: Severity, confidence: Confidence = 'high'): ReturnType<typeof weighed> {
  const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
  return planned ? { severity: 'low', confidence } : weighed(event, severity, confidence);
}

const attempted: Readonly<Record<Severity, Severity>> = { critical: 'medium', high: 'medium', medium: 'low', low: 'low' };

function isDeployment({ invokedBy }: ApiEvent): boolean {
  return invokedBy === 'cloudformation.amazonaws.com';
}
