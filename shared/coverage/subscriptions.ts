import type { Gap, TelemetrySource } from '../model/coverage.ts';
import { at, list, object, parseJson, text, texts } from '../model/json.ts';
import type { Asked, FilterFacts, FunctionFacts, LogGroupFacts } from './facts.ts';
import { word } from './gap.ts';

/** How a log group should be subscribed to. */
export interface Subscription {
  readonly cluster: string;
  readonly source: TelemetrySource;
  readonly group: string;
  /** Filters by name, with their patterns. */
  readonly filters: readonly { readonly name: string; readonly pattern: string }[];
  /** ARN of the function that reads it, or of the data stream before that; then with the role that writes there. */
  readonly destination: string;
  readonly role?: string | undefined;
  readonly region: string;
}

/** Filters that CloudWatch Logs lets a log group have. Source: CloudWatch Logs quotas; the API reference says two, Service Quotas five. */
const mostFilters = 2;

/** What keeps a log group's lines from their function. */
export function subscriptionGaps(
  wanted: Subscription,
  group: LogGroupFacts,
  filters: readonly FilterFacts[],
  reader: Asked<FunctionFacts | undefined>,
): Gap[] {
  const { cluster, source, destination, role, region } = wanted;
  const gap = (id: string, why: string, fix: readonly string[]): Gap => ({
    id,
    cluster,
    source,
    subject: group.name,
    status: 'blind',
    why,
    fix,
    explained: '',
  });
  const gaps = wanted.filters.flatMap(({ name, pattern }): Gap[] => {
    const put =
      `aws logs put-subscription-filter --region ${region} --log-group-name ${word(group.name)} --filter-name ${name} ` +
      `--filter-pattern ${word(pattern)} --destination-arn ${word(destination)}${role === undefined ? '' : ` --role-arn ${word(role)} --distribution Random`}`;
    const found = filters.find((filter) => filter.name === name);
    if (found === undefined) {
      const strangers = filters.filter((filter) => !wanted.filters.some((own) => own.name === filter.name));
      const full = strangers.length + wanted.filters.length > mostFilters && filters.length >= mostFilters;
      const others = strangers.map((filter) => filter.name).join(', ');
      return [
        gap(
          'filter-missing',
          `log group ${group.name} has no subscription filter ${name}${full ? `, and others have its place: ${others}` : ''}: its lines reach nobody here`,
          full
            ? [
                `aws logs delete-subscription-filter --region ${region} --log-group-name ${word(group.name)} --filter-name ${word(strangers[0]?.name ?? '')}`,
                put,
              ]
            : [put],
        ),
      ];
    }
    if (found.destination !== destination)
      return [gap('filter-changed', `filter ${name} of ${group.name} sends its lines to ${found.destination}`, [put])];
    if (found.pattern !== pattern)
      return [
        gap(
          'filter-changed',
          `filter ${name} of ${group.name} forwards ${found.pattern === '' ? 'every line' : `only lines that match ${found.pattern}`}, which is not what was deployed`,
          [put],
        ),
      ];
    return [];
  });
  return [...gaps, ...invokeGap(wanted, group, reader, gap)];
}

function invokeGap(
  { destination, region }: Subscription,
  group: LogGroupFacts,
  reader: Asked<FunctionFacts | undefined>,
  gap: (id: string, why: string, fix: readonly string[]) => Gap,
): Gap[] {
  // Where the function cannot be looked at, or is gone, that is told with the stack's own parts.
  if (!('value' in reader) || reader.value === undefined || mayInvoke(reader.value.policy, group.arn)) return [];
  const account = group.arn.split(':')[4] ?? '';
  return [
    gap(
      'invoke-denied',
      `CloudWatch Logs may not invoke the function that ${group.name} is subscribed to: it drops the lines and does not send them again`,
      [
        `aws lambda add-permission --region ${region} --function-name ${word(destination)} --statement-id restored-${String(group.name.length)} ` +
          `--action lambda:InvokeFunction --principal logs.amazonaws.com --source-account ${account} --source-arn ${word(`${group.arn.replace(/:\*$/, '')}:*`)}`,
      ],
    ),
  ];
}

/** Whether a resource policy lets CloudWatch Logs invoke for a log group. Conditions that nobody here wrote are held against it. */
function mayInvoke(policy: string, groupArn: string): boolean {
  const statements = list(at(parseJson(policy), 'Statement'));
  const matching = (effect: string): boolean =>
    statements.some((statement) => {
      const services = [at(statement, 'Principal', 'Service') ?? at(statement, 'Principal')].flatMap((one) => text(one) ?? texts(one));
      const forLogs = services.some((service) => service === '*' || /^logs(?:\.[a-z0-9-]+)?\.amazonaws\.com$/.test(service));
      const actions = [at(statement, 'Action')].flatMap((one) => text(one) ?? texts(one));
      const invokes = actions.some((action) => /^(?:\*|lambda:\*|lambda:Invoke(?:\*|Function))$/.test(action));
      return at(statement, 'Effect') === effect && forLogs && invokes && holds(at(statement, 'Condition'), groupArn);
    });
  return matching('Allow') && !matching('Deny');
}

function holds(condition: unknown, groupArn: string): boolean {
  return Object.entries(object(condition) ?? {}).every(([operator, keys]) =>
    Object.entries(object(keys) ?? {}).every(([key, value]) => {
      const values = text(value) === undefined ? texts(value) : [text(value) ?? ''];
      const name = key.toLowerCase();
      if (name === 'aws:sourceaccount') return values.includes(groupArn.split(':')[4] ?? '');
      if (name !== 'aws:sourcearn') return false;
      const arn = `${groupArn.replace(/:\*$/, '')}:*`;
      return values.some((one) => (/Like$/.test(operator) ? wildcard(one).test(arn) : one === arn));
    }),
  );
}

function wildcard(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
  );
}
