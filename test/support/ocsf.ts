/**
 * What OCSF 1.1.0 asks of a Detection Finding (class 2004) with the profile `cloud`, as far as alerts write it: of each object
 * the attributes with their types, those that it requires, and those of which it requires one.
 * Written from memory of github.com/ocsf/ocsf-schema, tag v1.1.0 (dictionary.json, events/base_event.json, events/findings/finding.json
 * and detection_finding.json, profiles/cloud.json, objects/*.json), and not held against those files.
 */
const schema: Readonly<Record<string, Shape>> = {
  detection_finding: {
    required: ['activity_id', 'category_uid', 'class_uid', 'cloud', 'finding_info', 'metadata', 'severity_id', 'time', 'type_uid'],
    attributes: {
      activity_id: [0, 1, 2, 3, 99],
      category_uid: [2],
      class_uid: [2004],
      type_uid: [200_400, 200_401, 200_402, 200_403, 200_499],
      severity_id: [0, 1, 2, 3, 4, 5, 6, 99],
      confidence_id: [0, 1, 2, 3, 99],
      status_id: [0, 1, 2, 3, 4, 99],
      time: 'timestamp_t',
      count: 'integer_t',
      message: 'string_t',
      metadata: 'metadata',
      cloud: 'cloud',
      finding_info: 'finding_info',
      resources: ['resource_details'],
      remediation: 'remediation',
      unmapped: 'unmapped',
    },
  },
  metadata: {
    required: ['product', 'version'],
    attributes: { version: 'string_t', product: 'product', profiles: ['string_t'], labels: ['string_t'] },
  },
  product: { required: ['name', 'vendor_name'], attributes: { name: 'string_t', vendor_name: 'string_t' } },
  cloud: { required: ['provider'], attributes: { provider: 'string_t', region: 'string_t', account: 'account' } },
  account: { oneOf: ['name', 'uid'], attributes: { name: 'string_t', uid: 'string_t' } },
  finding_info: {
    required: ['title', 'uid'],
    attributes: {
      uid: 'string_t',
      title: 'string_t',
      desc: 'string_t',
      types: ['string_t'],
      first_seen_time: 'timestamp_t',
      last_seen_time: 'timestamp_t',
      analytic: 'analytic',
      attacks: ['attack'],
      related_events: ['related_event'],
    },
  },
  analytic: {
    required: ['type_id'],
    oneOf: ['name', 'uid'],
    attributes: { type_id: [0, 1, 2, 3, 4, 5, 99], name: 'string_t', uid: 'string_t' },
  },
  attack: {
    required: ['version'],
    oneOf: ['sub_technique', 'tactic', 'technique'],
    attributes: { version: 'string_t', tactic: 'technique', technique: 'technique', sub_technique: 'technique' },
  },
  technique: { required: ['uid'], attributes: { uid: 'string_t', name: 'string_t' } },
  related_event: { required: ['uid'], attributes: { uid: 'string_t' } },
  resource_details: { oneOf: ['name', 'uid'], attributes: { name: 'string_t', uid: 'string_t', type: 'string_t', region: 'string_t' } },
  remediation: { required: ['desc'], attributes: { desc: 'string_t', references: ['string_t'] } },
};

interface Shape {
  readonly required?: readonly string[];
  readonly oneOf?: readonly string[];
  /** A type, a list of one type, or the values of an enumeration. */
  readonly attributes: Readonly<Record<string, string | readonly [string] | readonly number[]>>;
}

/** What is wrong with an event as an OCSF Detection Finding: nothing, it is to be hoped. */
export function ocsfFaults(event: Readonly<Record<string, unknown>>): string[] {
  const faults = faultsOf(event, 'detection_finding', 'event');
  const [type, activity] = [event['type_uid'], event['activity_id']];
  return type === 200_400 + Number(activity) ? faults : [...faults, `event.type_uid: ${String(type)} of activity ${String(activity)}`];
}

function faultsOf(value: unknown, type: string, path: string): string[] {
  if (type === 'unmapped') return isObject(value) ? [] : [`${path}: no object`];
  if (type === 'string_t') return typeof value === 'string' && value !== '' ? [] : [`${path}: no text`];
  if (type === 'timestamp_t' || type === 'integer_t')
    return Number.isSafeInteger(value) && Number(value) >= 0 ? [] : [`${path}: no number`];
  const shape = schema[type];
  if (shape === undefined || !isObject(value)) return [`${path}: no ${type}`];
  const { required = [], oneOf = [], attributes } = shape;
  return [
    ...required.filter((name) => value[name] === undefined).map((name) => `${path}.${name}: missing`),
    ...(oneOf.length === 0 || oneOf.some((name) => value[name] !== undefined) ? [] : [`${path}: none of ${oneOf.join(', ')}`]),
    ...Object.entries(value).flatMap(([name, member]) => memberFaults(member, attributes[name], `${path}.${name}`)),
  ];
}

function memberFaults(member: unknown, type: Shape['attributes'][string] | undefined, path: string): string[] {
  if (type === undefined) return [`${path}: unknown`];
  if (typeof type === 'string') return faultsOf(member, type, path);
  const [first] = type;
  if (typeof first === 'number') return (type as readonly unknown[]).includes(member) ? [] : [`${path}: ${String(member)}`];
  if (!Array.isArray(member)) return [`${path}: no list`];
  return member.flatMap((each, index) => faultsOf(each, first, `${path}[${String(index)}]`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
