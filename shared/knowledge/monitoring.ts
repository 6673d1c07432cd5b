import { stackName } from '../contract/deployed.ts';
import { filterNames } from '../contract/logs.ts';
import type { ApiEvent } from '../model/api.ts';
import type { Scope } from '../model/base.ts';
import type { Confidence, Severity } from '../model/finding.ts';
import { type JsonObject, text } from '../model/json.ts';

/** Whether a subscription filter bears a name of this product's own. */
export function isOwnFilter(name: string): boolean {
  return Object.values(filterNames).some((own) => own === name);
}

/** Whether a function or data stream of the call's account and Region bears a name that CloudFormation made for this product. */
export function isOwnDestination(arn: string, { account, region }: Scope): boolean {
  const [, , service, itsRegion, itsAccount, ...resource] = arn.split(':');
  const name = { lambda: 'function:', kinesis: 'stream/' }[service ?? ''];
  return name !== undefined && itsRegion === region && itsAccount === account && resource.join(':').startsWith(`${name}${stackName}-`);
}

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
  const who = `${actor.name} ${isThroughCloudFormation(event) ? 'through CloudFormation' : `from ${origin.address}`}`;
  return error === '' ? `${who} ${did} ${what}: ${consequence}.` : `${who} tried to ${todo} ${what}, which failed with ${error}.`;
}

/**
 * The impact of an impairment: an attempt impaired nothing. CloudFormation calls with the credentials of whoever ordered
 * the change of a stack, or of the role that was handed to it: that such a call is part of a deployment is certain, that
 * somebody planned the deployment is not. So it is mild only for who is there to deploy, and else as grave as it is, with
 * less confidence. Source: AWS CloudTrail user guide, "userIdentity element", `invokedBy`.
 */
export function weighed(
  event: ApiEvent,
  severity: Severity,
  confidence: Confidence = 'high',
): { severity: Severity; confidence: Confidence } {
  const impact = event.error === '' ? severity : attempted[severity];
  if (!isThroughCloudFormation(event)) return { severity: impact, confidence };
  return event.hasDuty('deployer') ? { severity: 'low', confidence } : { severity: impact, confidence: doubted[confidence] };
}

/** The same for what deployers do as part of their work, in whatever way: to them nobody is woken. */
export function weighedAsPlanned(event: ApiEvent, severity: Severity, confidence: Confidence = 'high'): ReturnType<typeof weighed> {
  const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
  return planned ? { severity: 'low', confidence } : weighed(event, severity, confidence);
}

const attempted: Readonly<Record<Severity, Severity>> = { critical: 'medium', high: 'medium', medium: 'low', low: 'low' };
const doubted: Readonly<Record<Confidence, Confidence>> = { high: 'medium', medium: 'low', low: 'low' };

/** Whether CloudFormation made the call for the caller, as CloudTrail tells it. */
export function isThroughCloudFormation({ invokedBy }: ApiEvent): boolean {
  return invokedBy === 'cloudformation.amazonaws.com';
}
