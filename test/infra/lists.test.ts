/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment -- a template is JSON: a test fails where it is not shaped as the test says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { checkConfiguration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { stack, Synthesis } from './synthesis.ts';

const lists = {
  threat: 's3://example-feeds/threat.txt',
  'pools of the week': { kind: 'mining', from: 's3://example-feeds/lists/pools (all).txt.gz' },
  as: 's3://example-routes/ip2asn-combined.tsv.gz',
} as const;
const synthesis = new Synthesis(stack({ networks: { vpc: ['10.0.0.0/16'], lists } }));
const objectArn = (path: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${path}`]] });
const compiled = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['ListBucket', 'Arn'] }, '/address-lists.bin']] };
/** Objects that a function may read; CDK joins statements that agree in their action. */
const readBy = (name: string) =>
  synthesis
    .statementsOf(name)
    .filter(({ Action }) => [Action].flat().includes('s3:GetObject'))
    .flatMap(({ Resource }) => Resource);

describe('lists from S3', () => {
  it('are fetched by a function that may read exactly them, and write what it makes of them', () => {
    expect(new Set(readBy('refresh-lists'))).toEqual(
      new Set([
        objectArn('example-feeds/threat.txt'),
        objectArn('example-feeds/lists/pools (all).txt.gz'),
        objectArn('example-routes/ip2asn-combined.tsv.gz'),
        compiled,
      ]),
    );
    expect(synthesis.actionsOn('refresh-lists', 'ListBucket')).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
    expect(synthesis.actionsOn('refresh-lists', 'StateTable')).toEqual([]);
    expect(synthesis.actionsOn('refresh-lists', 'FindingsTable')).toEqual([]);
  });

  it('are told to it by name, kind and place', () => {
    const { Variables } = synthesis.handler('refresh-lists').Properties.Environment as { Variables: Record<string, string> };
    expect(JSON.parse(Variables[environment.listSources]!)).toEqual([
      { name: 'threat', kind: 'threat', bucket: 'example-feeds', key: 'threat.txt' },
      { name: 'pools of the week', kind: 'mining', bucket: 'example-feeds', key: 'lists/pools (all).txt.gz' },
      { name: 'as', kind: 'as', bucket: 'example-routes', key: 'ip2asn-combined.tsv.gz' },
    ]);
  });

  it.each(['analyse-audit', 'analyse-flow', 'analyse-api', 'rollup'])('are read compiled by %s, which waits for none of them', (name) => {
    expect(readBy(name)).toEqual([compiled]);
    expect(synthesis.actionsOn(name, 'ListBucket')).toEqual(['s3:GetObject', 's3:ListBucket']);
    const { Variables } = synthesis.handler(name).Properties.Environment as { Variables: Record<string, string> };
    expect(Variables[environment.listBucket]).toEqual({ Ref: 'ListBucket' });
    expect(JSON.parse(Variables[environment.site]!)).toMatchObject({ awaited: ['threat', 'mining', 'as'] });
    expect(synthesis.handler(name).Properties).not.toHaveProperty('Layers');
  });

  it('are looked at every hour', () => {
    const schedules = synthesis.all('AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
    const refresh = schedules.find(({ Target }) => JSON.stringify(Target).includes(synthesis.handler('refresh-lists').id));
    expect(refresh).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
  });

  it('are kept in a bucket of their own, for nobody else', () => {
    expect(synthesis.byId('ListBucket').Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it('that cannot be refreshed raise an alarm', () => {
    const alarms = synthesis.all('AWS::CloudWatch::Alarm').filter(({ Properties }) => Properties.MetricName === metrics.listsNotRefreshed);
    expect(alarms.map(({ Properties }) => Properties.AlarmDescription as string)).toEqual([
      'A list of addresses could not be fetched or read; its last good version holds, if there was one. docs/runbooks/list-not-refreshed.md',
    ]);
    for (const metricName of ['Errors', 'Throttles', metrics.faults])
      expect(
        synthesis
          .all('AWS::CloudWatch::Alarm')
          .filter(
            ({ Properties }) =>
              Properties.MetricName === metricName && JSON.stringify(Properties.AlarmDescription).includes('refresh-lists'),
          ),
      ).toHaveLength(1);
  });

  it('have no wildcard in a role', () => {
    const wild = synthesis.statementsOf('refresh-lists').filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    expect(wild.map(({ Action }) => Action)).toEqual(['s3:PutObject']);
    expect([wild[0]!.Resource].flat().filter((each) => JSON.stringify(each).includes('*'))).toEqual([
      { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['FailureBucket', 'Arn'] }, '/*']] },
    ]);
  });

  it('cost nothing where there are none', () => {
    const none = new Synthesis();
    expect(none.resources.map(({ id }) => id)).not.toContain('ListBucket');
    expect(() => none.handler('refresh-lists')).toThrow('no function refresh-lists');
    expect(none.handler('analyse-flow').Properties.Environment.Variables).not.toHaveProperty(environment.listBucket);
  });
});

describe('a list in the configuration', () => {
  const problem = (given: unknown): string => {
    try {
      checkConfiguration({ ...example, networks: { lists: given } });
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('may be an object of S3, of any name', () => {
    expect(problem(lists)).toBe('');
  });

  it.each([
    [{ threat: 's3://example-feeds' }, 'give s3://BUCKET/KEY'],
    [{ threat: 's3://example-feeds/*' }, 'give s3://BUCKET/KEY'],
    [{ threat: 's3://example-feeds/${aws:username}' }, 'give s3://BUCKET/KEY'],
    [{ feed: 's3://example-feeds/threat.txt' }, 'known are tor, threat, mining, as; under a name of your own give { kind, from }'],
    [{ feed: { kind: 'good', from: 's3://example-feeds/x' } }, 'networks.lists.feed.kind "good": say one of: tor, threat, mining, as'],
    [{ feed: { kind: 'tor' } }, 'networks.lists.feed.from is missing: give the name of a file'],
    [{ feed: { kind: 'tor', from: 's3://example-feeds/x', every: '1h' } }, 'networks.lists.feed.every "1h": no such setting'],
    [{ 'a/b': { kind: 'tor', from: 's3://example-feeds/x' } }, 'a network name is'],
    [{ as: './config.ts' }, 'is no range with the number of an autonomous system'],
    [{ tor: null }, 'networks.lists.tor null'],
    [
      Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`feed ${String(index)}`, { kind: 'tor', from: `s3://example-feeds/${'x'.repeat(60)}` }]),
      ),
      'name fewer lists',
    ],
  ])('%j is wrong', (given, fix) => {
    expect(problem(given)).toContain(fix);
  });
});

describe('the runbook', () => {
  it('is there', () => {
    const page = readFileSync(new URL('../../docs/runbooks/list-not-refreshed.md', import.meta.url), 'utf8');
    expect(page).toMatch(/^# .+\n\n## Description\n[^]+\n## Investigation\n[^]+\n## Resolution\n/);
  });
});
