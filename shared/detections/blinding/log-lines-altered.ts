import { api } from '../../detect/kit.ts';
import { deedText, isMonitoringGroup, logGroupOf, weighed } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { text } from '../../model/json.ts';

/** Monitored lines are masked, rewritten or sent to others on their way, for a log group or a whole account. Strategy: ./ADS.md */
export const logLinesAltered = api.detection({
  id: 'log-lines-altered',
  title: 'Monitored log masked, rewritten or forwarded on its way',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1685.002'],
  rows: ['D116'],
  next: 'See with `aws logs describe-account-policies` and `aws logs get-data-protection-policy` what happens to lines, remove what is not yours, and replay the time in between.',
  reads: [
    'logs:PutAccountPolicy',
    'logs:DeleteAccountPolicy',
    'logs:PutTransformer',
    'logs:PutDataProtectionPolicy',
    'logs:PutLogGroupDeletionProtection',
    'logs:PutDestination',
    'logs:DeleteDestination',
  ],
  judge: (event) => {
    const deed = event.action.endsWith('AccountPolicy')
      ? ofAccount(event)
      : event.action.endsWith('Destination')
        ? ofDestination(event)
        : ofGroup(event);
    if (deed === undefined) return undefined;
    return {
      entity: event.actor,
      about: deed.what,
      summary: deedText(event, deed.did, deed.what, deed.consequence),
      ...weighed(event, deed.severity, 'medium'),
    };
  },
});

interface Deed {
  readonly severity: Severity;
  readonly did: readonly [did: string, todo: string];
  readonly what: string;
  readonly consequence: string;
}

const masked = 'what it masks is masked in what is read of the log, too';
const rewritten = 'lines may be read in another shape than they were written in';

/** By kind of policy. Source: CloudWatch Logs API reference, `PutAccountPolicy`, `policyType`. */
const ofAccounts: Readonly<Record<string, Pick<Deed, 'severity' | 'consequence'>>> = {
  DATA_PROTECTION_POLICY: { severity: 'high', consequence: masked },
  TRANSFORMER_POLICY: { severity: 'high', consequence: rewritten },
  SUBSCRIPTION_FILTER_POLICY: { severity: 'medium', consequence: 'lines of every log group may go to somebody else' },
};

function ofAccount({ action, parameters }: ApiEvent): Deed | undefined {
  const type = text(parameters['policyType']) ?? '';
  const effect = Object.hasOwn(ofAccounts, type) ? ofAccounts[type] : undefined;
  if (effect === undefined) return undefined;
  const what = `the ${type} ${shorten(text(parameters['policyName']) ?? 'of unknown name')} of the account`;
  // To take away what masks or forwards takes no line from anybody here.
  if (action === 'DeleteAccountPolicy')
    return {
      severity: 'low',
      did: ['deleted', 'delete'],
      what,
      consequence: 'lines arrive as they were written, to those who read the groups themselves',
    };
  return { ...effect, did: ['set', 'set'], what };
}

function ofDestination({ action, parameters }: ApiEvent): Deed {
  const what = `log destination ${shorten(text(parameters['destinationName']) ?? 'of unknown name')}`;
  if (action === 'DeleteDestination')
    return { severity: 'high', did: ['deleted', 'delete'], what, consequence: 'what other accounts send there is lost' };
  const target = shorten(text(parameters['targetArn']) ?? 'an unknown target');
  return { severity: 'medium', did: ['put', 'put'], what, consequence: `what other accounts send there goes to ${target}` };
}

function ofGroup({ action, parameters }: ApiEvent): Deed | undefined {
  const group = logGroupOf(parameters);
  if (!isMonitoringGroup(group)) return undefined;
  if (action === 'PutTransformer')
    return { severity: 'high', did: ['put', 'put'], what: `a transformer on ${group}`, consequence: rewritten };
  if (action === 'PutDataProtectionPolicy')
    return { severity: 'high', did: ['put', 'put'], what: `a data protection policy on ${group}`, consequence: masked };
  if (parameters['deletionProtectionEnabled'] !== false) return undefined;
  return {
    severity: 'medium',
    did: ['unprotected', 'unprotect'],
    what: `log group ${group}`,
    consequence: 'it can be deleted with one call',
  };
}
