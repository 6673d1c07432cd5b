import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keys } from '../../shared/contract/tables.ts';
import { at, list, number, object, text } from '../../shared/model/json.ts';

/** A resource of a template, as far as tests look into it. */
interface Resource {
  readonly Type: string;
  readonly Properties: unknown;
  readonly Metadata?: { readonly 'aws:asset:path'?: string };
}

/** A function as it would be deployed. */
export interface BuiltFunction {
  readonly name: string;
  /** The bundle, as it would be uploaded. */
  readonly bundle: string;
  /** Environment, with references by logical id put in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** How alerts come to a function that delivers them. */
interface Channel {
  readonly reader: string;
  readonly filterPolicy: string;
  readonly raw: boolean;
  readonly maxReceiveCount: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The synthesised stack. `CDK_OUTDIR` may name what was synthesised just before; otherwise it is synthesised here, which
 * takes a while.
 */
export class BuiltStack {
  private readonly resources: ReadonlyMap<string, Resource>;
  private readonly home: string;
  private readonly own: boolean;

  private constructor(home: string, own: boolean) {
    this.home = home;
    this.own = own;
    const { Resources } = JSON.parse(readFileSync(join(home, 'Plimsoll.template.json'), 'utf8')) as { Resources: Record<string, Resource> };
    this.resources = new Map(Object.entries(Resources));
  }

  static async build(): Promise<BuiltStack> {
    const given = process.env['CDK_OUTDIR'];
    if (given !== undefined && existsSync(join(given, 'Plimsoll.template.json'))) return new BuiltStack(given, false);
    const home = mkdtempSync(join(tmpdir(), 'plimsoll-cdk-'));
    const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
    await promisify(execFile)(process.execPath, [cdk, 'synth', '--quiet', '--output', home], { cwd: root, maxBuffer: 1 << 26 });
    return new BuiltStack(home, true);
  }

  /** A function, known by the name of its file. `references` says what logical ids stand for. */
  functionNamed(name: string, references: Readonly<Record<string, string>>): BuiltFunction {
    const [, { Metadata, Properties }] = this.handler(name);
    const variables = object(at(Properties, 'Environment', 'Variables')) ?? {};
    const environment = Object.entries(variables).map(([variable, value]) => [variable, resolved(value, references)] as const);
    const bundle = join(this.home, Metadata?.['aws:asset:path'] ?? 'no-asset', 'index.mjs');
    return { name, bundle, environment: Object.fromEntries(environment), seconds: number(at(Properties, 'Timeout')) ?? 3 };
  }

  /** What a function that reads a stream wants of it: patterns of Lambda's event filtering. */
  streamFilters(name: string): readonly unknown[] {
    const [logicalId] = this.handler(name);
    const [, { Properties }] = this.only('AWS::Lambda::EventSourceMapping', (mapping) => at(mapping, 'FunctionName', 'Ref') === logicalId);
    return list(at(Properties, 'FilterCriteria', 'Filters')).map((filter) => JSON.parse(text(at(filter, 'Pattern')) ?? '') as unknown);
  }

  /** The tables by logical id: what `CreateTable` needs of them. */
  tables(): { readonly name: string; readonly stream: boolean }[] {
    return this.all('AWS::DynamoDB::Table').map(([name, { Properties }]) => {
      const attributes = list(at(Properties, 'KeySchema')).map((key) => at(key, 'AttributeName'));
      if (attributes.join() !== [keys.partition, keys.sort].join()) throw new Error(`table ${name} has other keys than the contract`);
      return { name, stream: at(Properties, 'StreamSpecification') !== undefined };
    });
  }

  /** Queues of channels: how each gets its messages, which function reads it, and when it gives up. */
  channels(): readonly Channel[] {
    return this.all('AWS::SNS::Subscription')
      .filter(([, { Properties }]) => at(Properties, 'Protocol') === 'sqs')
      .map(([, { Properties }]) => {
        const queue = attributeOf(at(Properties, 'Endpoint'));
        const [, mapping] = this.only(
          'AWS::Lambda::EventSourceMapping',
          (properties) => attributeOf(at(properties, 'EventSourceArn')) === queue,
        );
        const reader = this.resources.get(text(at(mapping.Properties, 'FunctionName', 'Ref')) ?? '');
        const [, { Properties: redriven }] = this.only('AWS::SQS::Queue', (_, id) => id === queue);
        return {
          reader: text(at(reader?.Properties, 'Environment', 'Variables', 'POWERTOOLS_SERVICE_NAME')) ?? '',
          filterPolicy: JSON.stringify(at(Properties, 'FilterPolicy')),
          raw: at(Properties, 'RawMessageDelivery') === true,
          maxReceiveCount: Number(at(redriven, 'RedrivePolicy', 'maxReceiveCount')),
        };
      });
  }

  /** The logical id of the queue with the orders of a recomputation. */
  recomputeQueue(): string {
    return this.only('AWS::SQS::Queue', (_, id) => id.startsWith('PipelineRecomputationQueue'))[0];
  }

  dispose(): void {
    if (this.own) rmSync(this.home, { recursive: true, force: true });
  }

  private handler(name: string): readonly [string, Resource] {
    return this.only(
      'AWS::Lambda::Function',
      (properties) => at(properties, 'Environment', 'Variables', 'POWERTOOLS_SERVICE_NAME') === name,
    );
  }

  private only(type: string, wanted: (properties: unknown, logicalId: string) => boolean): readonly [string, Resource] {
    const [found, another] = this.all(type).filter(([id, { Properties }]) => wanted(Properties, id));
    if (found === undefined || another !== undefined)
      throw new Error(`the template has ${found === undefined ? 'no' : 'more than one'} ${type} like that`);
    return found;
  }

  private all(type: string): [string, Resource][] {
    return [...this.resources].filter(([, resource]) => resource.Type === type);
  }
}

/** The resource whose attribute a value is. */
function attributeOf(value: unknown): string | undefined {
  return text(list(at(value, 'Fn::GetAtt'))[0]);
}

function resolved(value: unknown, references: Readonly<Record<string, string>>): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join_ } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return references[Ref] ?? Ref;
  if (join_ !== undefined) return join_[1].map((part) => resolved(part, references)).join(join_[0]);
  throw new Error(`this value of a template is not understood: ${JSON.stringify(value)}`);
}
