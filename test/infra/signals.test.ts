/* eslint-disable @typescript-eslint/no-unsafe-member-access -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { checkConfiguration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { logGroupArn, stack, Synthesis } from './synthesis.ts';

const signals = [
  { cluster: 'production', logGroup: '/nodes/production/falco', from: 'falco' as const },
  { cluster: 'staging', logGroup: '/nodes/staging/audit', from: 'auditd' as const, keys: ['watch-'] },
];
const synthesis = new Synthesis(stack({ signals }));
const without = new Synthesis();

describe('log groups of signals', () => {
  it('are subscribed to in whole, by one function that may be invoked by them alone', () => {
    const { id } = synthesis.handler('analyse-signals');
    for (const { logGroup } of signals) {
      const filters = synthesis.all('AWS::Logs::SubscriptionFilter').filter(({ Properties }) => Properties.LogGroupName === logGroup);
      expect(filters.map(({ Properties }) => [Properties.FilterName as string, Properties.FilterPattern as string])).toEqual([
        ['plimsoll', ''],
      ]);
    }
    const permissions = synthesis
      .all('AWS::Lambda::Permission')
      .filter(({ Properties }) => Properties.FunctionName['Fn::GetAtt']?.[0] === id);
    expect(permissions.map(({ Properties }) => Properties.SourceArn as unknown)).toEqual(
      signals.map(({ logGroup }) => logGroupArn(logGroup)),
    );
  });

  it('are told to the function with their cluster and program', () => {
    const variables = synthesis.handler('analyse-signals').Properties.Environment.Variables as Record<string, string>;
    expect(JSON.parse(variables[environment.signalSources] ?? '')).toEqual({
      '/nodes/production/falco': { cluster: 'production', from: 'falco' },
      '/nodes/staging/audit': { cluster: 'staging', from: 'auditd', keys: ['watch-'] },
    });
    expect(variables).not.toHaveProperty(environment.flowSources);
  });

  it('make no function where there are none', () => {
    expect(() => without.handler('analyse-signals')).toThrow('has no function analyse-signals');
  });

  it('are judged with the rights that other judges have', () => {
    for (const table of ['StateTable', 'FindingsTable', 'SettingsTable'])
      expect(synthesis.actionsOn('analyse-signals', table)).toEqual(synthesis.actionsOn('analyse-flow', table));
  });

  it('are watched like others, but for their silence: Falco may have nothing to say', () => {
    const alarms = synthesis.all('AWS::CloudWatch::Alarm');
    const { id } = synthesis.handler('analyse-signals');
    const ofFunction = alarms.filter(({ Properties }) => JSON.stringify(Properties.Dimensions ?? []).includes(`"${id}"`));
    expect(ofFunction.map(({ Properties }) => Properties.MetricName as string).toSorted()).toEqual(
      ['AsyncEventAge', 'AsyncEventsDropped', 'DestinationDeliveryFailures', 'Errors', 'Throttles'].toSorted(),
    );
    const ofGroups = alarms.filter(({ Properties }) => JSON.stringify(Properties.Dimensions ?? []).includes('/nodes/'));
    expect([...new Set(ofGroups.map(({ Properties }) => Properties.MetricName as string))].toSorted()).toEqual([
      'DeliveryErrors',
      'DeliveryThrottling',
    ]);
    expect(ofGroups).toHaveLength(2 * signals.length);
    const own = alarms.filter(({ Properties }) => JSON.stringify(Properties).includes('analyse-signals'));
    expect(own.some(({ Properties }) => Properties.MetricName === metrics.faults)).toBe(true);
    expect(JSON.stringify(synthesis.all('AWS::CloudWatch::Dashboard'))).toContain('analyse-signals: records');
  });
});

describe('a configuration of signals', () => {
  const problemsOf = (given: unknown): string => {
    try {
      checkConfiguration({ ...example, signals: given });
      return '';
    } catch (error) {
      return String(error);
    }
  };
  const [falco, auditd] = signals;

  it('is sound', () => {
    expect(problemsOf(signals)).toBe('');
    expect(problemsOf([{ ...auditd, keys: [''] }])).toBe('');
    expect(problemsOf([])).toBe('');
  });

  it.each([
    ['no list', falco, 'signals {'],
    ['an unknown cluster', [{ ...falco, cluster: 'other' }], 'signals[0].cluster "other": no such cluster in clusters'],
    ['no program', [{ cluster: 'production', logGroup: 'x' }], 'signals[0].from is missing: say one of: falco, auditd'],
    ['a program that is not read', [{ ...falco, from: 'osquery' }], 'signals[0].from "osquery": say one of: falco, auditd'],
    [
      'an ARN',
      [{ ...falco, logGroup: 'arn:aws:logs:eu-central-1:111122223333:log-group:x' }],
      'give the name of the log group, not its ARN',
    ],
    ['a control plane', [{ ...falco, logGroup: '/aws/eks/production/cluster' }], 'which is subscribed to already'],
    ['a group twice', [falco, { ...auditd, logGroup: falco?.logGroup }], 'signals[1].logGroup "/nodes/production/falco": is listed twice'],
    ['a group of flow logs', [{ ...falco, logGroup: '/example/staging/flow' }], 'here or in flowLogs'],
    ['keys of Falco', [{ ...falco, keys: ['x'] }], 'only rules of auditd have keys'],
    ['a key that cannot be', [{ ...auditd, keys: ['a b'] }], 'signals[0].keys[0] "a b": a key begins with'],
    ['a misspelt setting', [{ ...falco, loggroup: 'x' }], 'signals[0].loggroup "x": no such setting'],
    [
      'more than the environment holds',
      Array.from({ length: 60 }, (_, at) => ({ ...falco, logGroup: `/nodes/${String(at)}` })),
      "bytes of the functions' environment",
    ],
  ])('with %s is refused, and it is said why', (_, given, says) => {
    expect(problemsOf(given)).toContain(says);
  });
});
