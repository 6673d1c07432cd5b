import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it, vi } from 'vitest';

import { app, stack } from './synthesis.ts';

/** What the AwsSolutions checks object to, by resource. Synthesis throws when they do, after it has written its report. */
function objectionsTo(root: App): readonly string[] {
  Validations.of(root).addPlugins(new AwsSolutionsChecks(root));
  vi.spyOn(console, 'error').mockReturnValue();
  try {
    root.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  const { pluginReports } = reportIn(root.outdir);
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    ),
  );
}

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

const reportIn = (directory: string) => JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report;

/** What the coverage check looks at without knowing its name, or without being able to name it. */
const looking = [
  '*',
  'arn:<AWS::Partition>:cloudtrail:*:*:trail/*',
  ...Object.entries({
    cloudwatch: ['alarm:*'],
    dynamodb: ['table/Plimsoll-*'],
    eks: ['cluster/*'],
    events: ['rule/Plimsoll-*'],
    lambda: ['event-source-mapping:*', 'function:Plimsoll-*'],
    logs: ['log-group:*'],
    scheduler: ['schedule/Plimsoll*'],
    sns: ['Plimsoll-*'],
  }).flatMap(([service, resources]) => resources.map((one) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${one}`)),
];

describe('the AwsSolutions checks', () => {
  it('have nothing to object to, though they would to a bucket that takes requests without TLS', () => {
    const root = app();
    stack({}, root);
    new Bucket(new Stack(root, 'Careless'), 'Bucket');
    expect(objectionsTo(root)).toEqual(['AwsSolutions-S1 Careless/Bucket/Resource', 'AwsSolutions-S10 Careless/Bucket/Resource']);
  });

  it('have nothing to object to where lists of addresses are refreshed', () => {
    const root = app();
    stack({ networks: { lists: { threat: 's3://example-feeds/threat.txt' } } }, root);
    expect(objectionsTo(root)).toEqual([]);
  });

  it('are told a reason wherever they are overruled', () => {
    const root = app();
    const acknowledged = stack({}, root)
      .node.findAll()
      .flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY))
      .flatMap(({ data }) => Object.entries(data as Record<string, string>));
    expect(new Set(acknowledged.map(([id]) => id.replace(/^.*::(?=AwsSolutions)/, '')))).toEqual(
      new Set([
        'AwsSolutions-S1',
        'AwsSolutions-SQS3',
        'AwsSolutions-IAM5[Resource::<FailureBucket.Arn>/*]',
        'AwsSolutions-IAM5[Resource::<FindingsTable.Arn>/stream/*]',
        ...looking.map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`),
      ]),
    );
    for (const [, reason] of acknowledged) expect(reason.length).toBeGreaterThan(40);
  });
});
