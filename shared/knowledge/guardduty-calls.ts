import type { ApiEvent } from '../model/api.ts';
import type { Severity } from '../model/finding.ts';
import { at, list, text } from '../model/json.ts';
import { shorten } from './shorten.ts';

/** What a call does to GuardDuty. */
interface Deed {
  readonly severity: Severity;
  readonly did: readonly [did: string, todo: string];
  /** What of the detector, ending in `of `. */
  readonly part: string;
  readonly consequence: string;
}

const unfound = 'it finds nothing from now on';
const alone = 'nobody in the administrator account sees its findings from now on';

/** Calls that take something away whatever they say. Source: GuardDuty API reference. */
const always: Readonly<Record<string, Deed>> = {
  DeleteDetector: { severity: 'high', did: ['deleted', 'delete'], part: '', consequence: unfound },
  StopMonitoringMembers: {
    severity: 'high',
    did: ['stopped', 'stop'],
    part: 'member accounts of ',
    consequence: 'it finds nothing in them from now on',
  },
  DisassociateMembers: { severity: 'high', did: ['cut off', 'cut off'], part: 'member accounts of ', consequence: alone },
  DeleteMembers: { severity: 'high', did: ['removed', 'remove'], part: 'member accounts of ', consequence: alone },
  DisassociateFromAdministratorAccount: { severity: 'high', did: ['cut off', 'cut off'], part: '', consequence: alone },
  DisassociateFromMasterAccount: { severity: 'high', did: ['cut off', 'cut off'], part: '', consequence: alone },
  DeleteThreatIntelSet: {
    severity: 'medium',
    did: ['deleted', 'delete'],
    part: 'a list of bad addresses of ',
    consequence: 'calls from them are found no longer',
  },
  DeletePublishingDestination: {
    severity: 'medium',
    did: ['deleted', 'delete'],
    part: 'the export of ',
    consequence: 'its findings are kept for ninety days only',
  },
};

const trusted: Deed = {
  severity: 'medium',
  did: ['set', 'set'],
  part: 'a list of trusted addresses of ',
  consequence: 'nothing that comes from them is found any more',
};

/** How a call takes something away from what GuardDuty sees or tells; absent where it does not. */
export function guarddutyDeed(event: ApiEvent): Deed | undefined {
  const { action, parameters } = event;
  if (Object.hasOwn(always, action)) return always[action];
  if (/IPSet$|TrustedEntitySet$/.test(action)) return parameters['activate'] === false ? undefined : trusted;
  if (action.endsWith('Filter')) {
    const hides = text(parameters['action'])?.toUpperCase() === 'ARCHIVE';
    return hides
      ? {
          severity: 'high',
          did: ['set', 'set'],
          part: 'a filter that archives findings of ',
          consequence: 'whatever it matches is told to nobody',
        }
      : undefined;
  }
  const off = action === 'UpdateDetector' && parameters['enable'] === false ? ['everything'] : featuresOff(parameters);
  return off.length === 0
    ? undefined
    : {
        severity: 'high',
        did: ['switched off', 'switch off'],
        part: `${off.join(', ')} of `,
        consequence: off[0] === 'everything' ? unfound : 'it finds nothing there from now on',
      };
}

/** Features by name, and data sources as older callers name them. */
function featuresOff(parameters: ApiEvent['parameters']): readonly string[] {
  const features = list(parameters['features']).flatMap((feature) =>
    text(at(feature, 'status'))?.toUpperCase() === 'DISABLED' ? [shorten(text(at(feature, 'name')) ?? 'a feature')] : [],
  );
  const audit = at(parameters, 'dataSources', 'kubernetes', 'auditLogs', 'enable') === false ? ['the audit logs of EKS'] : [];
  return [...features, ...audit];
}
