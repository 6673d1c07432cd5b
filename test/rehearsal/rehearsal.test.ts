import { beforeAll, describe, expect, it } from 'vitest';
import { clusterDimension, metrics } from '../../shared/contract/metrics.ts';
import { at, parseJson } from '../../shared/model/json.ts';
import { describeWithDynamoDb } from '../support/dynamodb.ts';
import { rehearsed } from './configuration.ts';
import { justified, reasons } from './justified.ts';
import { type Outcome, rehearse } from './rehearsal.ts';

describeWithDynamoDb('the template, deployed on this machine', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await rehearse(() => undefined);
  });

  it('runs every function it has', () => {
    expect(outcome.ran).toEqual(outcome.functions);
  });

  describe('from the log groups to the chat', () => {
    it.each([
      'Attack tool run in a container',
      'Command in a container asks for AWS credentials',
      'Drop and execute new binary in container',
      'Traffic with a malicious address',
      'What was not seen',
    ])('tells: %s', (title) => {
      expect(outcome.messages.filter((message) => message.includes(title))).not.toEqual([]);
    });
  });

  it('tells of a cluster that nobody watches', () => {
    expect(outcome.messages.filter((message) => message.includes('shadow'))).not.toEqual([]);
  });

  it('proves for every watched cluster that it lives, and tells nobody', () => {
    const proofs = (outcome.logs.get('notify') ?? '')
      .split('\n')
      .map((line) => parseJson(line))
      .filter((entry) => at(entry, metrics.proofsOfLife) !== undefined);
    expect(proofs.map((entry) => [at(entry, 'service'), at(entry, clusterDimension), at(entry, metrics.proofsOfLife)])).toEqual(
      expect.arrayContaining(rehearsed.clusters.map(({ name }) => ['notify', name, 1])),
    );
    expect(outcome.messages.filter((message) => /proof of life/i.test(message))).toEqual([]);
  });

  it('makes no call that its policies refuse', () => {
    expect(outcome.denials).toEqual([]);
  });

  it('makes no call that nothing here understands', () => {
    expect(outcome.troubles).toEqual([]);
  });

  it('has no permission that it never uses, but for those with a reason', () => {
    expect(outcome.unused.filter((each) => !justified(each))).toEqual([]);
  });

  it('gives no reason for a permission that is used by everybody who has it', () => {
    const unused = new Set(outcome.unused.flatMap(({ who, action }) => [`${who} ${action}`, `* ${action}`]));
    expect(reasons.filter(({ who, action }) => !unused.has(`${who} ${action}`))).toEqual([]);
  });

  it('keeps what it failed on while the tables were away, and the records that poison a stream', () => {
    const failed = new Set(outcome.failures.map(({ who }) => who));
    expect([...failed].toSorted()).toEqual([
      'analyse-api',
      'analyse-audit',
      'analyse-flow',
      'analyse-signals',
      'check-coverage',
      'notify',
      'prove-life',
      'recompute-baselines',
      'refresh-lists',
      'rollup',
      'triage',
    ]);
  });
});
