/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { clusterDimension, metrics } from '../../shared/contract/metrics.ts';
import { handlerNames, type Resource, stack, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const alarms = synthesis.all('AWS::CloudWatch::Alarm');
const ofLists = new Synthesis(stack({ networks: { lists: { threat: 's3://example-feeds/threat.txt' } } })).all('AWS::CloudWatch::Alarm');
const ofEnrolment = new Synthesis(stack({ enrolment: { all: true } })).all('AWS::CloudWatch::Alarm');
const runbooks = new URL('../../docs/runbooks/', import.meta.url);
const pageOf = ({ Properties }: Resource) => (/([^/]+)\.md$/.exec(Properties.AlarmDescription as string) ?? [])[1];
const watching = (metricName: string) => alarms.filter(({ Properties }) => Properties.MetricName === metricName);
const dimension = ({ Properties }: Resource, name: string) =>
  (Properties.Dimensions as { Name: string; Value: unknown }[]).find(({ Name }) => Name === name)?.Value;

describe('an alarm', () => {
  it('says what is wrong and where it is written what to do', () => {
    for (const { Properties } of alarms) expect(Properties.AlarmDescription).toMatch(/^\S.* docs\/runbooks\/[a-z-]+\.md$/);
  });

  it('has a runbook, and every runbook an alarm', () => {
    const pages = readdirSync(runbooks)
      .map((file) => file.replace(/\.md$/, ''))
      .filter((page) => page !== 'README' && page !== 'redrive');
    expect([...new Set([...alarms, ...ofLists, ...ofEnrolment].map(pageOf))].toSorted()).toEqual(pages.toSorted());
    for (const page of pages) {
      const text = readFileSync(new URL(`${page}.md`, runbooks), 'utf8');
      expect(text).toMatch(/^# .+\n\n## Description\n[^]+\n## Investigation\n[^]+\n## Resolution\n/);
      expect(readFileSync(new URL('README.md', runbooks), 'utf8')).toContain(`(${page}.md)`);
    }
  });

  it('links to where runbooks are published', () => {
    const published = new Synthesis(stack({ runbookUrl: 'https://wiki.example.com/plimsoll' }));
    for (const { Properties } of published.all('AWS::CloudWatch::Alarm'))
      expect(Properties.AlarmDescription).toMatch(/ https:\/\/wiki\.example\.com\/plimsoll\/[a-z-]+\.md$/);
  });

  it('tells operations, which the pipeline does not use, the alert topic, and whom alerts are mailed to', () => {
    for (const { Properties } of alarms.filter((alarm) => pageOf(alarm) !== 'proof-of-life-missing')) {
      expect(Properties.AlarmActions).toEqual([{ Ref: 'OperationsTopic' }, { Ref: 'AlertTopic' }, { Ref: 'MailTopic' }]);
      expect(Properties.OKActions).toEqual(Properties.AlarmActions);
    }
  });

  it('tells operations alone that nothing comes through: the alert topic may be what does not work', () => {
    const missing = alarms.filter((alarm) => pageOf(alarm) === 'proof-of-life-missing');
    expect(missing).not.toEqual([]);
    for (const { Properties } of missing) {
      expect(Properties.AlarmActions).toEqual([{ Ref: 'OperationsTopic' }]);
      expect(Properties.OKActions).toEqual(Properties.AlarmActions);
    }
  });

  it('tells operations only where the configuration says so', () => {
    const separate = new Synthesis(stack({ operations: { emails: ['platform@example.com'], alertTopicToo: false } }));
    for (const { Properties } of separate.all('AWS::CloudWatch::Alarm'))
      expect(Properties.AlarmActions).toEqual([{ Ref: 'OperationsTopic' }]);
  });
});

describe('alarms watch', () => {
  it.each(['Errors', 'Throttles'])('%s of every function', (metricName) => {
    const watched = watching(metricName).map((alarm) => dimension(alarm, 'FunctionName'));
    expect(watched).toEqual(expect.arrayContaining(handlerNames.map((name) => ({ Ref: synthesis.handler(name).id }))));
    expect(watched).toHaveLength(handlerNames.length);
  });

  it('faults that a function goes on after, in every function', () => {
    const watched = watching(metrics.faults).map((alarm) => dimension(alarm, 'service'));
    expect((watched as string[]).toSorted()).toEqual(handlerNames);
  });

  it.each(['AsyncEventsDropped', 'AsyncEventAge', 'DestinationDeliveryFailures'])('%s of every asynchronous function', (metricName) => {
    expect(watching(metricName)).toHaveLength(synthesis.all('AWS::Lambda::EventInvokeConfig').length);
  });

  it.each(['IteratorAge', 'OnFailureDestinationDeliveredEventCount'])('%s of both readers of the stream', (metricName) => {
    expect(watching(metricName)).toHaveLength(2);
  });

  it.each([
    ['DeliveryErrors', 'filter', ['plimsoll', 'plimsoll-text']],
    ['DeliveryThrottling', 'filter', ['plimsoll', 'plimsoll-text']],
    // Cut lines and answers of the authenticator are rare: only the filter of every log group that always has lines can be silent.
    ['ForwardedLogEvents', 'log group', ['plimsoll']],
  ])('%s of every %s', (metricName, _, names) => {
    const filters = synthesis
      .all('AWS::Logs::SubscriptionFilter')
      .map(({ Properties }) => Properties)
      .filter(({ FilterName }) => names.includes(FilterName as string));
    expect(new Set(filters.map(({ FilterName }) => FilterName as string))).toEqual(new Set(names));
    const watched = watching(metricName);
    expect(watched.map((alarm) => dimension(alarm, 'LogGroupName'))).toEqual(filters.map(({ LogGroupName }) => LogGroupName as unknown));
    expect(watched.map((alarm) => dimension(alarm, 'FilterName'))).toEqual(filters.map(({ FilterName }) => FilterName as unknown));
    for (const alarm of watched) expect(dimension(alarm, 'DestinationType')).toBe('Lambda');
  });

  it('silence: no line and no tick is as bad as an error', () => {
    const silence = alarms.filter(({ Properties }) => Properties.TreatMissingData === 'breaching');
    expect(silence.map(({ Properties }) => Properties.MetricName as string).toSorted()).toEqual([
      ...Array<string>(4).fill('ForwardedLogEvents'),
      // Ticks, and checks of coverage.
      ...Array<string>(2).fill('Invocations'),
      ...Array<string>(2).fill(metrics.proofsOfLife),
    ]);
    for (const { Properties } of silence) expect(Properties.ComparisonOperator).toBe('LessThanThreshold');
  });

  it('that a control plane is silent although lines of our own come from it', () => {
    const thresholds = watching('ForwardedLogEvents').map(
      (alarm) => [dimension(alarm, 'LogGroupName'), alarm.Properties.Threshold] as const,
    );
    for (const [group, threshold] of thresholds) expect(threshold).toBe(/^\/aws\/eks\//.test(JSON.stringify(group).slice(1)) ? 2 : 1);
  });

  it('proofs of life of every watched cluster: none within three quarters of an hour', () => {
    const proofs = watching(metrics.proofsOfLife);
    expect(proofs.map((alarm) => [dimension(alarm, 'service'), dimension(alarm, clusterDimension)])).toEqual([
      ['notify', 'production'],
      ['notify', 'staging'],
    ]);
    for (const { Properties } of proofs)
      expect(Properties).toMatchObject({
        Period: 300,
        EvaluationPeriods: 9,
        Threshold: 1,
        Statistic: 'Sum',
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
  });

  it('queues of dead letters', () => {
    expect(watching('ApproximateNumberOfMessagesVisible')).toHaveLength(4);
  });

  it('the share of records that each judge rejects', () => {
    const shares = alarms.filter((alarm) => pageOf(alarm) === 'records-rejected');
    expect(shares).toHaveLength(3);
    const emitted = (
      shares[0]!.Properties.Metrics as { MetricStat?: { Metric: { MetricName: string; Namespace: string; Dimensions: unknown } } }[]
    ).flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
    expect(emitted.map(({ MetricName }) => MetricName).toSorted()).toEqual(
      [metrics.judged, metrics.rejected, metrics.repeated, metrics.skipped].toSorted(),
    );
    for (const { Namespace, Dimensions } of emitted) {
      expect(Namespace).toBe(metrics.namespace);
      expect(Dimensions).toEqual([{ Name: 'service', Value: 'analyse-audit' }]);
    }
  });

  it('schedules and tables', () => {
    expect(alarms.filter((alarm) => pageOf(alarm) === 'schedule-failed')).toHaveLength(4);
    expect(alarms.filter((alarm) => pageOf(alarm) === 'table-throttled')).toHaveLength(3);
  });
});

describe('the dashboard', () => {
  it('shows every alarm', () => {
    const [dashboard] = synthesis.all('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard!.Properties.DashboardBody);
    for (const { id } of alarms) expect(body).toContain(`["${id}","Arn"]`);
  });
});
