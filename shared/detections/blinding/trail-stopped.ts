import { api } from '../../detect/kit.ts';
import { deedText, weighed } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { at, list, text } from '../../model/json.ts';

/** The trail that carries AWS API calls to their readers is stopped, deleted or narrowed. Strategy: ./ADS.md */
export const trailStopped = api.detection({
  id: 'trail-stopped',
  title: 'CloudTrail trail stopped or narrowed',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685.002'],
  rows: ['D116'],
  next: 'Switch the trail on again with `aws cloudtrail start-logging`; until a trail records management events, no AWS API call is judged.',
  reads: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors'],
  judge: (event) => {
    const deed = deedOf(event);
    if (deed === undefined) return undefined;
    const trail = shorten(text(event.parameters['name']) ?? text(event.parameters['trailName']) ?? 'of unknown name');
    return {
      entity: event.actor,
      about: trail,
      summary: deedText(event, deed.did, `trail ${trail}`, deed.consequence),
      ...weighed(event, deed.severity),
    };
  },
});

interface Deed {
  readonly severity: Severity;
  readonly did: readonly [did: string, todo: string];
  readonly consequence: string;
}

const blind = 'unless another trail records management events, no AWS API call is judged from now on';

/** What a call does to a trail. Source: AWS CloudTrail API reference. */
function deedOf({ action, parameters }: ApiEvent): Deed | undefined {
  if (action === 'StopLogging') return { severity: 'critical', did: ['stopped', 'stop'], consequence: blind };
  if (action === 'DeleteTrail') return { severity: 'critical', did: ['deleted', 'delete'], consequence: blind };
  if (action === 'PutEventSelectors') {
    return recordsWrites(parameters) ? undefined : { severity: 'critical', did: ['narrowed', 'narrow'], consequence: blind };
  }
  if (parameters['isMultiRegionTrail'] === false)
    return { severity: 'high', did: ['narrowed', 'narrow'], consequence: 'it records its own Region only' };
  if (parameters['includeGlobalServiceEvents'] === false)
    return { severity: 'high', did: ['narrowed', 'narrow'], consequence: 'calls to IAM and STS are missing from it' };
  if (parameters['enableLogFileValidation'] === false)
    return { severity: 'medium', did: ['weakened', 'weaken'], consequence: 'its files can be altered unnoticed' };
  if (text(parameters['s3BucketName']) !== undefined || text(parameters['kmsKeyId']) !== undefined)
    return { severity: 'medium', did: ['redirected', 'redirect'], consequence: 'its files have another bucket or another key from now on' };
  return undefined;
}

/** Whether some selector still records management events that write. Advanced selectors name the category in a field. */
function recordsWrites({ eventSelectors, advancedEventSelectors }: ApiEvent['parameters']): boolean {
  const basic = list(eventSelectors).some(
    (selector) => at(selector, 'includeManagementEvents') !== false && at(selector, 'readWriteType') !== 'ReadOnly',
  );
  const advanced = list(advancedEventSelectors).some((selector) => {
    const fields = list(at(selector, 'fieldSelectors'));
    const named = (name: string): readonly unknown[] => fields.filter((field) => at(field, 'field') === name);
    const management = named('eventCategory').some((field) => list(at(field, 'equals')).includes('Management'));
    return management && !named('readOnly').some((field) => list(at(field, 'equals')).includes('true'));
  });
  return basic || advanced;
}
