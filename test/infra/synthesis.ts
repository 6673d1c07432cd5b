/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- a template is JSON: a test fails where it is not shaped as the test says. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';

import { checkConfiguration, type Configuration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';
import { PlimsollStack } from '../../infra/stack.ts';

interface CdkJson {
  readonly context: Readonly<Record<string, unknown>>;
}

/** A resource of the template. Its properties are whatever the test says they are. */
export interface Resource {
  readonly id: string;
  readonly Type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const outdirs: string[] = [];
afterAll(() => {
  for (const outdir of outdirs) rmSync(outdir, { recursive: true, force: true });
});

/** An app with the deployment's own feature flags, and without bundling. */
export function app(): App {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as CdkJson;
  const outdir = mkdtempSync(join(tmpdir(), 'plimsoll-synthesis-'));
  outdirs.push(outdir);
  return new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
}

/** The stack of the example configuration, changed as a test needs it. */
export function stack(change: Partial<Configuration> = {}, root = app()): PlimsollStack {
  return new PlimsollStack(root, 'Plimsoll', { configuration: checkConfiguration({ ...example, ...change }) });
}

/** The synthesised template as a list of resources. */
export class Synthesis {
  readonly template: Template;
  readonly resources: readonly Resource[];

  constructor(of: Stack = stack()) {
    this.template = Template.fromStack(of);
    const { Resources } = this.template.toJSON() as { Resources: Record<string, Omit<Resource, 'id'>> };
    this.resources = Object.entries(Resources).map(([id, resource]) => ({ id, ...resource }));
  }

  all(type: string): readonly Resource[] {
    const found = this.resources.filter((resource) => resource.Type === type);
    if (found.length === 0) throw new Error(`the template has no ${type}`);
    return found;
  }

  byId(id: string): Resource {
    const found = this.resources.find((resource) => resource.id === id);
    if (found === undefined) throw new Error(`the template has no resource with the logical id ${id}`);
    return found;
  }

  /** A function of the pipeline, known by the name of its file. */
  handler(name: string): Resource {
    const found = this.all('AWS::Lambda::Function').find(
      ({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === name,
    );
    if (found === undefined) throw new Error(`the template has no function ${name}`);
    return found;
  }

  /** The statements of the role that a function runs as. */
  statementsOf(name: string): readonly Statement[] {
    const role = this.handler(name).Properties.Role['Fn::GetAtt'][0] as string;
    return this.all('AWS::IAM::Policy')
      .filter(({ Properties }) => Properties.Roles.some((attached: { Ref: string }) => attached.Ref === role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
  }

  /** What a function may do to one resource, known by its logical id. */
  actionsOn(name: string, logicalId: string): readonly string[] {
    return this.statementsOf(name)
      .filter(({ Resource: resource }) => JSON.stringify(resource).includes(`"${logicalId}"`))
      .flatMap(({ Action }) => Action)
      .toSorted();
  }
}

/** A statement of a policy. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The ARN of a log group of this account that the stack did not make. */
export const logGroupArn = (name: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:log-group:${name}:*`],
  ],
});

/** The ARN of a stream of such a log group. */
export const logStreamArn = (group: string, stream: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':logs:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:log-group:${group}:log-stream:${stream}`,
    ],
  ],
});

/** All functions of the pipeline. */
export const handlerNames = [
  'analyse-api',
  'analyse-audit',
  'analyse-flow',
  'check-coverage',
  'deliver-mail',
  'deliver-slack',
  'notify',
  'prove-life',
  'recompute-baselines',
  'rollup',
  'triage',
] as const;
