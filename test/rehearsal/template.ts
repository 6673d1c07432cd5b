import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, list, object, text } from '../../shared/model/json.ts';

/** A resource of a template, with all references in it resolved. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: unknown;
  /** Where the files of a function's code are. */
  readonly asset: string | undefined;
}

/** Where the stack would stand. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Where queues answer: the SDK goes to the host that a queue's URL names. */
  readonly queues: string;
}

interface Raw {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly Metadata?: unknown;
}

/**
 * A synthesised template as CloudFormation would see it: every resource has a physical name, and every reference stands
 * for one. A function or attribute of CloudFormation that is not known here throws: a rehearsal must not guess.
 */
export class Template {
  readonly place: Place;
  private readonly raw: ReadonlyMap<string, Raw>;
  private readonly home: string;

  constructor(file: string, home: string, place: Place) {
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Raw> };
    this.raw = new Map(Object.entries(Resources));
    this.home = home;
    this.place = place;
  }

  /** All resources of a type. */
  all(type: string): readonly Resource[] {
    return [...this.raw].filter(([, { Type }]) => Type === type).map(([id]) => this.resource(id));
  }

  /** One resource by its logical id. */
  resource(id: string): Resource {
    const { Type, Properties, Metadata } = this.rawOf(id);
    const path = text(at(Metadata, 'aws:asset:path'));
    const asset = path === undefined ? undefined : join(this.home, path);
    if (asset !== undefined && !existsSync(asset)) throw new Error(`${id}: the asset ${asset} is not there`);
    return { id, type: Type, properties: this.resolve(Properties), asset };
  }

  /** What `Ref` gives. */
  ref(id: string): string {
    const { account, region, queues } = this.place;
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::StackName': 'Plimsoll',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/Plimsoll/00000000-0000-0000-0000-000000000000`,
    };
    if (id.startsWith('AWS::')) return pseudo[id] ?? unknown(`the pseudo parameter ${id}`);
    const { Type } = this.rawOf(id);
    if (Type === 'AWS::SQS::Queue') return `${queues}/${account}/${this.nameOf(id)}`;
    return Type === 'AWS::SNS::Topic' ? this.arnOf(id) : this.nameOf(id);
  }

  /** The physical name: the one that the template gives, else one that CloudFormation would make of the logical id. */
  nameOf(id: string): string {
    const { Type, Properties } = this.rawOf(id);
    const attribute = nameAttributes[Type];
    const given = attribute === undefined ? undefined : at(Properties, attribute);
    return given === undefined ? `Plimsoll-${id}` : String(this.resolve(given));
  }

  /** The ARN of a resource. Source: service authorization reference, "Resource types". */
  arnOf(id: string): string {
    const { Type } = this.rawOf(id);
    const { account, region } = this.place;
    const name = this.nameOf(id);
    const here = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
    switch (Type) {
      case 'AWS::Lambda::Function':
        return here('lambda', `function:${name}`);
      case 'AWS::DynamoDB::Table':
        return here('dynamodb', `table/${name}`);
      case 'AWS::SNS::Topic':
        return here('sns', name);
      case 'AWS::SQS::Queue':
        return here('sqs', name);
      case 'AWS::Logs::LogGroup':
        return here('logs', `log-group:${name}:*`);
      case 'AWS::KMS::Key':
        return here('kms', `key/${name}`);
      case 'AWS::Events::Rule':
        return here('events', `rule/${name}`);
      case 'AWS::Scheduler::ScheduleGroup':
        return here('scheduler', `schedule-group/${name}`);
      case 'AWS::Scheduler::Schedule':
        return here('scheduler', `schedule/${name}`);
      case 'AWS::Kinesis::Stream':
        return here('kinesis', `stream/${name}`);
      case 'AWS::CloudWatch::Alarm':
        return here('cloudwatch', `alarm:${name}`);
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${account}:role/${name}`;
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${name}`;
      default:
        return unknown(`the ARN of a ${Type}`);
    }
  }

  /** A value with its functions of CloudFormation worked out. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((member) => this.resolve(member));
    const members = object(value);
    if (members === undefined) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(members);
    if (others.length === 0 && name === 'Ref') return this.ref(String(argument));
    if (others.length === 0 && name.startsWith('Fn::')) return this.applied(name, argument);
    return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, this.resolve(member)]));
  }

  private applied(name: string, argument: unknown): string {
    const [first, second] = list(argument);
    switch (name) {
      case 'Fn::Join':
        return list(second)
          .map((part) => String(this.resolve(part)))
          .join(String(first));
      case 'Fn::GetAtt':
        return this.attribute(String(first), String(second));
      case 'Fn::Sub':
        if (typeof argument !== 'string') return unknown('Fn::Sub with variables');
        return argument.replace(/\$\{([^}!]+)\}/g, (_, id: string) => (id.includes('.') ? unknown(`\${${id}}`) : this.ref(id)));
      default:
        return unknown(name);
    }
  }

  private attribute(id: string, attribute: string): string {
    switch (attribute) {
      case 'Arn':
        return this.arnOf(id);
      case 'StreamArn':
        return `${this.arnOf(id)}/stream/2026-01-01T00:00:00.000`;
      case 'QueueName':
      case 'TopicName':
        return this.nameOf(id);
      default:
        return unknown(`the attribute ${attribute} of ${id}`);
    }
  }

  private rawOf(id: string): Raw {
    return this.raw.get(id) ?? unknown(`the logical id ${id}`);
  }
}

/** The properties by which templates name resources. */
const nameAttributes: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Events::Rule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::S3::Bucket': 'BucketName',
};

function unknown(what: string): never {
  throw new Error(`the rehearsal does not know ${what}: teach it, rather than guess`);
}
