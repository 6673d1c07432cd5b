/* eslint-disable @typescript-eslint/no-unsafe-member-access -- a template is JSON: a test fails where it is not shaped as the test says. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Match } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';

import { configuration as example } from '../../infra/plimsoll.config.ts';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { compiledLists } from '../../shared/contract/site.ts';
import { decodeLists } from '../../shared/lists/compiled.ts';
import { app, handlerNames, stack, Synthesis } from './synthesis.ts';

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
    const asynchronous = ['analyse-api', 'analyse-audit', 'analyse-flow', 'check-coverage', 'prove-life', 'recompute-baselines', 'rollup'];
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

describe('lists of addresses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lists-test-'));
  const file = join(folder, 'tor.txt');
  writeFileSync(file, '# exit nodes\n203.0.113.9\n2001:db8::/32 ; a range\n\n203.0.113.9\n');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const root = app();
  const listed = new Synthesis(stack({ networks: { vpc: ['10.0.0.0/16'], lists: { tor: file } } }, root));

  it('reach every judge in a layer, and none of its environment', () => {
    const [layer] = listed.all('AWS::Lambda::LayerVersion');
    for (const name of ['analyse-audit', 'analyse-flow', 'analyse-api', 'rollup']) {
      const judge = listed.handler(name);
      expect(judge.Properties.Layers).toEqual([{ Ref: layer!.id }]);
      expect(judge.Properties.Environment.Variables[environment.lists]).toBe(compiledLists.mounted);
      expect(JSON.parse(judge.Properties.Environment.Variables[environment.site] as string)).toEqual({
        networks: { vpc: ['10.0.0.0/16'] },
        identities: example.identities,
      });
    }
    expect(listed.handler('triage').Properties).not.toHaveProperty('Layers');
  });

  it('are what the files hold, each address once', () => {
    const found = readdirSync(root.outdir, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(compiledLists.file));
    const lists = found.flatMap((path) => decodeLists(readFileSync(join(root.outdir, path))));
    expect(lists.map(({ name, kind, asOf, ranges }) => ({ name, kind, asOf, size: ranges.size }))).toEqual([
      { name: 'tor', kind: 'tor', asOf: undefined, size: 2 },
    ]);
    expect(lists[0]!.ranges.find('203.0.113.9')).toBe(0);
    expect(lists[0]!.ranges.find('2001:db8:7::1')).toBe(0);
    expect(lists[0]!.ranges.find('203.0.113.10')).toBe(-1);
  });
});

describe('the environment of', () => {
  const { stateTable, findingsTable, settingsTable, alertTopic, channel, channelSecret, channelTopic, recomputeQueue, flowSources, site } =
    environment;
  const judging = [stateTable, findingsTable, site];

  it.each([
    ['analyse-audit', [...judging, settingsTable]],
    ['analyse-flow', [...judging, settingsTable, flowSources]],
    ['analyse-api', [...judging, settingsTable]],
    ['rollup', judging],
    ['check-coverage', [stateTable, findingsTable]],
    ['recompute-baselines', [stateTable, findingsTable, settingsTable, recomputeQueue]],
    ['triage', [stateTable, findingsTable, settingsTable]],
    ['notify', [findingsTable, stateTable, alertTopic]],
    ['prove-life', [environment.provedGroups]],
    ['deliver-slack', [channel, channelSecret]],
    ['deliver-mail', [channel, channelTopic]],
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
      identities: example.identities,
    });
  });
});
