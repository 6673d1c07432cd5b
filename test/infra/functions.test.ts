/* eslint-disable @typescript-eslint/no-unsafe-member-access -- a template is JSON: a test fails where it is not shaped as the test says. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';

import { environment, metrics } from '../../shared/contract.ts';
import { handlerNames, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const functions = synthesis.all('AWS::Lambda::Function');

describe('every function', () => {
  it('is one of the pipeline: CDK adds none of its own', () => {
    expect(functions.map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string).toSorted()).toEqual(
      handlerNames,
    );
  });

  it('runs on arm64 and the current runtime', () => {
    synthesis.template.allResourcesProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
    });
  });

  it('has a log group of its own, encrypted and with an end', () => {
    const groups = functions.map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref as string);
    expect(new Set(groups).size).toBe(functions.length);
    for (const group of groups) {
      expect(synthesis.byId(group).Properties).toMatchObject({ RetentionInDays: 30, KmsKeyId: { 'Fn::GetAtt': ['DataKey', 'Arn'] } });
    }
  });

  it('has a role of its own', () => {
    const roles = functions.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0] as string);
    expect(new Set(roles).size).toBe(functions.length);
  });

  it('emits metrics where the alarms look for them', () => {
    synthesis.template.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_METRICS_NAMESPACE: metrics.namespace }) },
    });
  });

  it('may use all the concurrency there is: a burst is what we are here for', () => {
    synthesis.template.allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });
});

describe('a function that is invoked asynchronously', () => {
  it('is tried twice more within six hours, and what fails then is kept whole', () => {
    const asynchronous = ['analyse-api', 'analyse-audit', 'analyse-flow', 'recompute-baselines', 'rollup'];
    const configs = synthesis.all('AWS::Lambda::EventInvokeConfig');
    expect(configs.map(({ Properties }) => Properties.FunctionName.Ref as string).toSorted()).toEqual(
      asynchronous.map((name) => synthesis.handler(name).id).toSorted(),
    );
    synthesis.template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailureBucket', 'Arn'] } } },
    });
  });
});

describe('the environment of', () => {
  const { stateTable, findingsTable, settingsTable, alertTopic, slackSecret, flowSources, site } = environment;
  const judging = [stateTable, findingsTable, site];

  it.each([
    ['analyse-audit', judging],
    ['analyse-flow', [...judging, flowSources]],
    ['analyse-api', judging],
    ['rollup', judging],
    ['recompute-baselines', [stateTable]],
    ['triage', [stateTable, findingsTable, settingsTable]],
    ['notify', [findingsTable, alertTopic]],
    ['slack', [slackSecret]],
  ])('%s is what it needs and no more', (name, expected) => {
    const variables = Object.keys(synthesis.handler(name).Properties.Environment.Variables as object);
    expect(variables.filter((variable) => !variable.startsWith('POWERTOOLS_')).toSorted()).toEqual(expected.toSorted());
  });

  it('a judge says what is known about the site', () => {
    expect(JSON.parse(synthesis.handler('analyse-audit').Properties.Environment.Variables[site] as string)).toEqual({
      networks: {
        vpc: ['10.0.0.0/16', '100.64.0.0/16', '2001:db8:1::/56'],
        named: { office: '192.0.2.0/24', vpn: '198.51.100.0/25' },
      },
      identities: [],
    });
  });
});
