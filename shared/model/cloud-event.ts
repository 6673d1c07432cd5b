import type { Site } from './site.ts';
import { type ApiEvent, normaliseApi } from './api.ts';
import type { Scope } from './base.ts';
import { guardDutySignal } from './guardduty.ts';
import { nestsTooDeep, object, parseJson, text } from './json.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import type { SignalEvent } from './signal.ts';

/** An EventBridge event, or a bare CloudTrail record, as an event. */
export function normaliseCloudEvent(record: LogRecord, scope: Scope, site: Site): ApiEvent | SignalEvent | Reject | Skip {
  if (nestsTooDeep(record.message)) return { reject: 'nested-too-deep', record };
  const raw = object(parseJson(record.message));
  if (raw === undefined) return { reject: 'bad-json', record };
  const detail = object(raw['detail']);
  if (detail === undefined) return normaliseApi(raw, record, scope, site);
  const place: Scope = { ...scope, account: text(raw['account']) ?? scope.account, region: text(raw['region']) ?? scope.region };
  if (raw['detail-type'] === 'GuardDuty Finding') return guardDutySignal(detail, record, place);
  if (text(raw['detail-type'])?.endsWith('via CloudTrail') !== true) return { skip: 'other-event' };
  return normaliseApi(detail, record, place, site);
}
