import type { Site } from './site.ts';
import { type ApiEvent, normaliseApi } from './api.ts';
import type { Scope } from './base.ts';
import type { Entity } from './entity.ts';
import type { Severity } from './finding.ts';
import { digest, identifierLength } from './hash.ts';
import { type JsonObject, at, nestsTooDeep, number, object, parseJson, text } from './json.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import type { SignalEvent } from './signal.ts';
import { dayOf } from './time.ts';

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

/** A GuardDuty finding. Updates carry the same id: they are the same signal. Source: GuardDuty user guide, finding details. */
function guardDutySignal(detail: JsonObject, record: LogRecord, scope: Scope): SignalEvent | Reject {
  const id = text(detail['id']);
  const type = text(detail['type']);
  const service = object(detail['service']);
  const time = Date.parse(text(service?.['eventLastSeen']) ?? text(detail['updatedAt']) ?? '');
  if (id === undefined || type === undefined || Number.isNaN(time)) return { reject: 'not-an-api-event', record };
  const cluster = text(at(detail, 'resource', 'eksClusterDetails', 'name')) ?? scope.cluster;
  return {
    source: 'signal',
    system: 'guardduty',
    key: digest(identifierLength, [id]),
    time,
    day: dayOf(time),
    scope: { ...scope, cluster, account: text(detail['accountId']) ?? scope.account },
    late: false,
    id,
    type,
    title: text(detail['title']) ?? type,
    severity: severityOf(number(detail['severity']) ?? 0),
    entity: entityOf(detail, cluster, id),
  };
}

/** GuardDuty's scale: 9 and above critical, 7 high, 4 medium. */
function severityOf(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

function entityOf(detail: JsonObject, cluster: string, id: string): Entity {
  const kubernetes = at(detail, 'resource', 'kubernetesDetails');
  const workload = at(kubernetes, 'kubernetesWorkloadDetails');
  const user = text(at(kubernetes, 'kubernetesUserDetails', 'username'));
  const name = text(at(workload, 'name'));
  if (name !== undefined) {
    const path = `${text(at(workload, 'namespace')) ?? ''}/${(text(at(workload, 'type')) ?? 'pod').replace(/s$/, '').toLowerCase()}/${name}`;
    return { kind: 'workload', id: `${cluster}/${path}`, name: path };
  }
  if (user !== undefined) return { kind: 'identity', id: user, name: user };
  return { kind: 'cluster', id: cluster || id, name: cluster || id };
}
