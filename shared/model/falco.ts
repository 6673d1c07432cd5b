import { lateness, type Scope } from './base.ts';
import type { Entity } from './entity.ts';
import type { Severity } from './finding.ts';
import { digest, identifierLength } from './hash.ts';
import { type JsonObject, object, text } from './json.ts';
import type { LogRecord, Reject, Skip } from './record.ts';
import { hostOfStream, shipped } from './shipped.ts';
import { actorNamed, names, nodeNamed, type SignalEvent } from './signal.ts';
import { day, dayOf } from './time.ts';

/**
 * Falco's priorities. One of its three highest is `high` and no more: whoever owns a node can write such a line. The two lowest
 * say of themselves that nothing is wrong. Source: Falco documentation, "Rule priorities".
 */
const severities: ReadonlyMap<string, Severity | 'below'> = new Map([
  ['emergency', 'high'],
  ['alert', 'high'],
  ['critical', 'high'],
  ['error', 'medium'],
  ['warning', 'medium'],
  ['notice', 'low'],
  ['informational', 'below'],
  ['info', 'below'],
  ['debug', 'below'],
]);

/** An alert of Falco, one JSON object a line with `json_output` on. Source: Falco documentation, "Falco alerts", "Formatting". */
export function normaliseFalco(record: LogRecord, scope: Scope, place: string): SignalEvent | Reject | Skip {
  const line = shipped(record);
  if (typeof line === 'string') return { reject: line, record };
  const { fields } = line;
  // What Falco says of itself is text; JSON that was cut, as containerd cuts at 16 KB, is something lost.
  if (fields === undefined) return line.line.startsWith('{') ? { reject: 'bad-json', record } : { skip: 'other-event' };
  if (!('rule' in fields) && !('priority' in fields)) return { skip: 'other-event' };
  const rule = text(fields['rule']);
  const severity = severities.get((text(fields['priority']) ?? '').toLowerCase());
  const time = timeOf(fields, record);
  if (rule === undefined || rule === '' || severity === undefined || time === undefined) return { reject: 'not-a-signal', record };
  if (severity === 'below') return { skip: 'signal-below-notice' };
  const told = object(fields['output_fields']) ?? {};
  const node = nodeNamed(text(fields['hostname']) ?? (line.host || hostOfStream(place)), scope.region);
  const id = digest(identifierLength, [scope.account, scope.cluster, 'falco', record.message]);
  const { entity, pod, user } = whomItNames(told, node, scope);
  return {
    source: 'signal',
    system: 'falco',
    key: id,
    time,
    day: dayOf(time),
    scope,
    late: record.ingested !== undefined && record.ingested - time > lateness.falco,
    id,
    type: rule,
    title: text(fields['output']) ?? rule,
    severity,
    entity,
    named: { pods: names([pod]), nodes: names([node]), identities: names([user]) },
    command: text(told['proc.cmdline']) ?? '',
  };
}

/** A time that is a day off is no time: it would put an alert where nobody looks. */
function timeOf(fields: JsonObject, { ingested }: LogRecord): number | undefined {
  const time = Date.parse(text(fields['time']) ?? '');
  if (Number.isNaN(time)) return ingested;
  return ingested !== undefined && Math.abs(time - ingested) > day ? ingested : time;
}

/** Its rules on containers name the pod, those on the audit log the caller and what was touched. Source: Falco documentation, "Supported fields". */
function whomItNames(
  told: JsonObject,
  node: string,
  scope: Scope,
): { readonly entity: Entity; readonly pod?: string; readonly user?: string } {
  const word = (name: string): string => {
    const value = text(told[name]) ?? '';
    return value === '<NA>' ? '' : value;
  };
  const caller = word('ka.user.name');
  const user = caller === '' ? undefined : actorNamed(caller);
  const own = word('k8s.pod.name') !== '';
  const touched = /^pods?$/.test(word('ka.target.resource')) && word('ka.target.name') !== '';
  const namespace = own ? word('k8s.ns.name') : word('ka.target.namespace');
  const pod = own || touched ? `${namespace}/${own ? word('k8s.pod.name') : word('ka.target.name')}` : undefined;
  if (user !== undefined) return { entity: { kind: 'identity', id: user, name: user }, user, ...(pod === undefined ? {} : { pod }) };
  if (pod !== undefined) return { entity: { kind: 'pod', id: `${scope.cluster}/${pod}`, name: pod }, pod };
  if (node !== '') return { entity: { kind: 'node', id: node, name: node } };
  return { entity: { kind: 'cluster', id: scope.cluster, name: scope.cluster } };
}
