import { RetentionDays } from 'aws-cdk-lib/aws-logs';

import { filterChoices } from '../shared/contract/logs.ts';
import { duties } from '../shared/contract/site.ts';
import { cidrProblem } from './cidr.ts';

/** Says what is wrong with a value and how to put it right; nothing when it is fine. */
export type FieldRule = (value: unknown) => string | undefined;

const pattern = (expression: RegExp, fix: string): FieldRule => {
  return (value) => (typeof value === 'string' && expression.test(value) ? undefined : fix);
};

const retentions = Object.values(RetentionDays)
  .map(Number)
  .filter((days) => days < 9999);

/** What each field of a configuration may hold. */
export const fields = {
  // Amazon EKS API reference, CreateCluster, `name`.
  clusterName: pattern(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, 'EKS names are 1-100 letters, digits, - and _; start with a letter or digit'),
  vpcId: pattern(/^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, 'a VPC id is vpc- and 8 or 17 hexadecimal digits'),
  flowLogGroup: (value) => {
    if (typeof value !== 'string' || !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(value))
      return 'give the name of the log group, not its ARN: 1-512 letters, digits and . - _ / #; or vpcId and create: true';
    return /^\/aws\/eks\/[^/]+\/cluster$/.test(value)
      ? "this is a cluster's control-plane log group, which is subscribed to already; give the group that the flow log writes to"
      : undefined;
  },
  flowFormat: (value) => {
    if (typeof value !== 'string' || !/^[a-z0-9-]+(?: [a-z0-9-]+)*$/.test(value))
      return 'list the field names in order, separated by single spaces, without ${}';
    const present = new Set(value.split(' '));
    const missing = ['srcaddr', 'dstaddr', 'start', 'end', 'action', 'log-status'].filter((name) => !present.has(name));
    return missing.length > 0 ? `without ${missing.join(', ')} no flow can be judged; create a flow log that has them` : undefined;
  },
  // A complete ARN ends in the six characters that Secrets Manager adds; a partial one would force a wildcard into the policy.
  secretArn: pattern(
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
    'give the complete ARN with its six-character suffix, as `aws secretsmanager describe-secret` prints it; never the webhook URL or key itself',
  ),
  channelName: pattern(/^[a-z][a-z0-9-]{0,29}$/, 'a name is 1-30 small letters, digits and -; it begins with a letter'),
  slackChannel: pattern(
    /^[CGD][A-Z0-9]{6,20}$/,
    'give the id of the channel, as its details show it at the end, for example C0123456789; not its name',
  ),
  queueArn: pattern(
    /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    'give the ARN of a standard queue, for example arn:aws:sqs:eu-central-1:111122223333:siem',
  ),
  email: pattern(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'is not an e-mail address'),
  cidr: cidrProblem,
  networkName: pattern(/^[\w .-]{1,64}$/, 'a network name is 1-64 letters, digits, spaces and . _ -'),
  principal: pattern(
    /^(?:arn:aws[a-z-]*:iam::[0-9*]{1,12}:(?:role|user)\/[\w+=,.@*/-]{1,512}|system:serviceaccount:[a-z0-9.*-]{1,63}:[a-z0-9.*-]{1,253})$/,
    'give the ARN of an IAM role or user, or system:serviceaccount:NAMESPACE:NAME; * stands for any text without slash or colon',
  ),
  duty: (value) => (duties.some((duty) => duty === value) ? undefined : `say one of: ${duties.join(', ')}`),
  imagePattern: pattern(
    /^[a-z0-9](?:[a-z0-9*-]*\.)+[a-z0-9-]+(?::\d{1,5})?(?:\/[a-z0-9*][a-z0-9._*-]*)*(?:\/[a-z0-9*][a-z0-9._*-]*|\/\*\*)$/,
    'give a repository with its registry and without tag, such as docker.io/library/nginx; * stands for text without slash, a last /** for all below',
  ),
  namespace: pattern(/^(?:\*|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/, 'give the name of a namespace, or * for all'),
  filter: (value) => (filterChoices.some((choice) => choice === value) ? undefined : `say one of: ${filterChoices.join(', ')}`),
  moment: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value))
      ? undefined
      : 'give a date or time in ISO 8601, for example "2026-12-31"',
  timeOfDay: pattern(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'give a time of day as HH:MM, for example "02:30"'),
  timeZone: (value) => (isTimeZone(value) ? undefined : 'give an IANA time zone, for example "Europe/Berlin"'),
  retentionDays: (value) =>
    retentions.some((days) => days === value) ? undefined : `CloudWatch Logs accepts ${retentions.join(', ')} days`,
  removal: (value) => (value === 'retain' || value === 'destroy' ? undefined : 'say "retain" or "destroy"'),
  url: pattern(/^https:\/\/\S+[^/\s]$/, 'give an https URL without a slash at the end'),
  tagValue: pattern(
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
    'a tag value is a string of up to 256 letters, digits, spaces and _ . : / = + - @',
  ),
  tagKey: pattern(
    /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    'a tag key is a string of 1-128 letters, digits, spaces and _ . : / = + - @, and does not begin with aws:',
  ),
  accountId: pattern(/^\d{12}$/, 'an account id is twelve digits, as a string'),
  region: pattern(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'give a Region, for example "eu-central-1"'),
  flag: (value) => (typeof value === 'boolean' ? undefined : 'say true or false'),
} satisfies Record<string, FieldRule>;

function isTimeZone(value: unknown): boolean {
  try {
    return typeof value === 'string' && Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

/** Everything that is wrong with a configuration, gathered so that one synth reports it all. */
export class Problems {
  readonly #found: string[] = [];

  add(path: string, value: unknown, fix: string): void {
    this.#found.push(`${path === '' ? 'configuration' : path} ${value === undefined ? 'is missing' : JSON.stringify(value)}: ${fix}`);
  }

  /** Checks an optional field. */
  field(path: string, value: unknown, rule: FieldRule): void {
    if (value !== undefined) this.#check(path, value, rule);
  }

  /** Checks a field that must be there; true means that it is a sound string. */
  required(path: string, value: unknown, rule: FieldRule): value is string {
    return this.#check(path, value, rule);
  }

  each(path: string, values: readonly unknown[], rule: FieldRule): void {
    for (const [index, value] of values.entries()) {
      this.#check(`${path}[${String(index)}]`, value, rule);
      if (values.indexOf(value) < index) this.add(`${path}[${String(index)}]`, value, 'is listed twice; remove one');
    }
  }

  list(path: string, value: unknown): readonly unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.add(path, value, 'must be a list: [ … ]');
    return [];
  }

  /** The members of an object; a member that is not known is a problem, since it is most likely a misspelt one. */
  object(path: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
    const members = this.#members(path, value);
    for (const name of Object.keys(members)) {
      if (!known.includes(name))
        this.add(path === '' ? name : `${path}.${name}`, members[name], `no such setting; known are ${known.join(', ')}`);
    }
    return members;
  }

  /** The members of an object whose names the user chooses. */
  entries(path: string, value: unknown): readonly (readonly [string, unknown])[] {
    return value === undefined ? [] : Object.entries(this.#members(path, value));
  }

  throwIfAny(file: string): void {
    if (this.#found.length > 0) throw new Error([`${file}: ${String(this.#found.length)} to put right`, ...this.#found].join('\n  - '));
  }

  #members(path: string, value: unknown): Readonly<Record<string, unknown>> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
    this.add(path, value, 'must be an object: { … }');
    return {};
  }

  #check(path: string, value: unknown, rule: FieldRule): boolean {
    const fix = rule(value);
    if (fix !== undefined) this.add(path, value, fix);
    return fix === undefined;
  }
}
