/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { changes, reads } from '../../infra/api-calls.ts';
import { checkConfiguration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';
import { spoke as exampleSpoke } from '../../infra/plimsoll.spoke.ts';
import { checkSpoke, GlobalSpokeStack, SpokeStack } from '../../infra/spoke.ts';
import { controlPlaneFilters } from '../../shared/detect/derive.ts';
import { app, stack, type Statement, Synthesis } from './synthesis.ts';

const spokes = ['444455556666', '777788889999'];
const hub = new Synthesis(stack({ highVolume: true, spokes }));
const alone = new Synthesis(stack({ highVolume: true }));
const configuration = checkSpoke({ ...exampleSpoke, clusters: [{ name: 'production' }, { name: 'staging' }] });
const spoke = new Synthesis(new SpokeStack(app(), 'PlimsollSpoke', { configuration }));
const globalSpoke = new Synthesis(new GlobalSpokeStack(app(), 'PlimsollSpokeGlobal', { configuration }));
/** What a value will be in one account and Region of one partition. */
const resolved = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': joined } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (joined !== undefined) return joined[1].map(resolved).join(joined[0]);
  return { 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1', 'AWS::AccountId': '111122223333' }[Ref ?? ''] ?? JSON.stringify(value);
};
/** Rules whose events are judged; one more in the hub has its own coverage checked. */
const patterns = (of: Synthesis) =>
  of
    .all('AWS::Events::Rule')
    .filter(({ Properties }) => !JSON.stringify(Properties.Targets).includes('CheckCoverage'))
    .map(({ Properties: { EventPattern, State } }) => JSON.stringify([EventPattern, State]))
    .toSorted();

describe('the hub', () => {
  it('takes lines of the spokes, and of no others, by a destination before the stream of control planes', () => {
    const [destination] = hub.all('AWS::Logs::Destination');
    const { DestinationName, TargetArn, RoleArn, DestinationPolicy } = destination!.Properties;
    expect(DestinationName).toBe('Plimsoll');
    expect(TargetArn['Fn::GetAtt'][0]).toContain('AuditRelayStream');
    expect(JSON.parse(resolved(DestinationPolicy))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: spokes },
          Action: 'logs:PutSubscriptionFilter',
          Resource: 'arn:aws:logs:eu-central-1:111122223333:destination:Plimsoll',
        },
      ],
    });
    const [trust] = hub.byId(RoleArn['Fn::GetAtt'][0] as string).Properties.AssumeRolePolicyDocument.Statement as Statement[];
    expect((trust!.Condition!['StringLike']!['aws:SourceArn'] as unknown[]).map(resolved)).toEqual(
      ['111122223333', ...spokes].map((account) => `arn:aws:logs:eu-central-1:${account}:*`),
    );
  });

  it('hears their events on its bus', () => {
    expect(hub.all('AWS::Events::EventBusPolicy').map(({ Properties }) => [Properties.StatementId, Properties.Statement])).toEqual(
      spokes.map((account) => [
        `Plimsoll-${account}`,
        {
          Effect: 'Allow',
          Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] } },
          Action: 'events:PutEvents',
          Resource: expect.anything() as unknown,
        },
      ]),
    );
  });

  it('without spokes hears nobody', () => {
    expect(() => alone.all('AWS::Logs::Destination')).toThrow('has no');
    expect(() => alone.all('AWS::Events::EventBusPolicy')).toThrow('has no');
  });

  it.each([
    [{ spokes }, 'spokes ["444455556666","777788889999"]: other accounts can send to a data stream alone; set highVolume: true'],
    [{ spokes: ['4444'], highVolume: true }, 'spokes[0] "4444": an account id is twelve digits'],
    [{ spokes: [spokes[0], spokes[0]], highVolume: true }, 'is listed twice'],
  ])('%j is wrong', (change, fix) => {
    expect(() => checkConfiguration({ ...example, ...change })).toThrow(fix);
  });
});

describe('a spoke', () => {
  it('puts the same filters on its log groups, one after the other, to the destination of the hub', () => {
    const filters = spoke.all('AWS::Logs::SubscriptionFilter');
    expect(filters.map(({ Properties }) => ({ ...Properties, DestinationArn: resolved(Properties.DestinationArn) }))).toEqual(
      ['production', 'staging'].flatMap((cluster) =>
        controlPlaneFilters('derived').map(({ name, pattern }) => ({
          LogGroupName: `/aws/eks/${cluster}/cluster`,
          FilterName: name,
          FilterPattern: pattern,
          DestinationArn: 'arn:aws:logs:eu-central-1:111122223333:destination:Plimsoll',
          Distribution: 'Random',
        })),
      ),
    );
    expect(filters.map(({ DependsOn }) => DependsOn?.length ?? 0)).toEqual([0, 1, 0, 1]);
  });

  it('forwards the very events that the hub judges of its own account', () => {
    expect(patterns(spoke)).toEqual(patterns(alone));
  });

  it('forwards them to the bus of the hub, with a role that may do nothing else', () => {
    for (const of of [spoke, globalSpoke]) {
      for (const { Properties } of of.all('AWS::Events::Rule'))
        expect((Properties.Targets as { Arn: unknown }[]).map(({ Arn }) => resolved(Arn))).toEqual([
          'arn:aws:events:eu-central-1:111122223333:event-bus/default',
        ]);
      const statements = of.all('AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
      expect(statements.map(({ Action, Resource }) => [Action, resolved(Resource)])).toEqual([
        ['events:PutEvents', 'arn:aws:events:eu-central-1:111122223333:event-bus/default'],
      ]);
    }
  });

  it('forwards from us-east-1 what is recorded only there', () => {
    const names = [...changes, ...reads].filter(({ source }) => source === 'aws.iam' || source === 'aws.sts');
    expect(names).toHaveLength(2);
    expect(globalSpoke.all('AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern.source)).toEqual([
      ['aws.iam'],
      ['aws.sts'],
    ]);
    for (const pattern of patterns(globalSpoke)) expect(patterns(spoke)).toContain(pattern);
  });

  it('is told what is wrong with its configuration', () => {
    expect(() => checkSpoke({ hub: { account: 'hub', region: 'here' }, clusters: [{}], filters: 'all' })).toThrow(
      /filters "all": no such setting[^]*hub\.account[^]*hub\.region[^]*clusters\[0\]\.name is missing/,
    );
  });
});
