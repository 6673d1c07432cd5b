import { api } from '../../detect/kit.ts';
import { guarddutyDeed } from '../../knowledge/guardduty-calls.ts';
import { deedText, weighed } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { text } from '../../model/json.ts';

/** GuardDuty, which reads a copy of the audit log of its own, is switched off or made to overlook. Strategy: ./ADS.md */
export const guarddutyImpaired = api.detection({
  id: 'guardduty-impaired',
  title: 'GuardDuty switched off or made to overlook',
  severity: 'high',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D116'],
  next: 'Restore it with `aws guardduty update-detector --enable` or remove the filter or list, then review the caller; it reads logs that nobody can take from it otherwise.',
  reads: [
    'guardduty:DeleteDetector',
    'guardduty:UpdateDetector',
    'guardduty:UpdateMemberDetectors',
    'guardduty:StopMonitoringMembers',
    'guardduty:DisassociateMembers',
    'guardduty:DisassociateFromAdministratorAccount',
    'guardduty:DisassociateFromMasterAccount',
    'guardduty:DeleteMembers',
    'guardduty:CreateFilter',
    'guardduty:UpdateFilter',
    'guardduty:CreateIPSet',
    'guardduty:UpdateIPSet',
    'guardduty:CreateTrustedEntitySet',
    'guardduty:UpdateTrustedEntitySet',
    'guardduty:DeleteThreatIntelSet',
    'guardduty:DeletePublishingDestination',
  ],
  judge: (event) => {
    const deed = guarddutyDeed(event);
    if (deed === undefined) return undefined;
    const detector = `detector ${shorten(text(event.parameters['detectorId']) ?? 'of unknown id')} of GuardDuty`;
    return {
      entity: event.actor,
      about: event.action,
      summary: deedText(event, deed.did, `${deed.part}${detector}`, deed.consequence),
      ...weighed(event, deed.severity),
    };
  },
});
