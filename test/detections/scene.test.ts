import { expect, it } from 'vitest';
import { sceneOf } from '../../shared/detect/scene.ts';
import { Replay } from '../../cli/replaying.ts';
import type { Deed, Thing } from '../../shared/model/deed.ts';
import type { Finding, Where, Who } from '../../shared/model/finding.ts';
import { intakeEvent } from '../../shared/model/intake.ts';
import { quietScreen, replayOptionsFor, samplesIn } from '../support/samples.ts';

async function firstOf(strategy: string, detection: string): Promise<Finding> {
  for (const sample of samplesIn(strategy, detection).filter(({ fires }) => fires)) {
    const { alerts } = await new Replay(replayOptionsFor(sample)).run(quietScreen);
    const finding = alerts.map(({ speaker }) => speaker).find((each) => each.detection === detection);
    if (finding !== undefined) return finding;
  }
  throw new Error(`no sample of ${detection} fires`);
}

function deedText(deed: Deed | undefined): string {
  if (deed === undefined) return '';
  const { who, from, did, to, bytes } = deed;
  const end = ({ kind, name, pod, address }: Thing): string => [kind, name, pod, address].filter((part) => part !== undefined).join(' ');
  return [end(who), ...(from === undefined ? [] : [`from ${from}`]), did, ...(bytes === undefined ? [] : [bytes]), end(to)].join(' > ');
}

interface Said {
  readonly source: string;
  readonly strategy: string;
  readonly detection: string;
  readonly who: Partial<Who>;
  readonly where: Where | undefined;
  readonly deed: string;
}

const said: readonly Said[] = [
  {
    source: 'the audit log tells session, access key, address and whom the caller impersonates',
    strategy: 'impersonation',
    detection: 'first-impersonation',
    who: { kind: 'iam', session: 'shop-oncall', accessKey: 'ASIADSCMZMVJGEXAMPLE', address: '198.51.100.23', as: 'shop-lead' },
    where: { namespace: 'shop' },
    deed: 'identity AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864 (shop-oncall) > from 198.51.100.23 > list > object shop/pods',
  },
  {
    source: 'a token bound to a pod tells its service account and the pod',
    strategy: 'tunnelling',
    detection: 'port-forward',
    who: { kind: 'service-account', serviceAccount: 'shop/api', pod: 'api-7d9f6c5b4-x2x8q' },
    where: { namespace: 'shop', pod: 'shop-db-0' },
    deed: 'identity shop/api > from 10.0.22.31 > portforward > pod shop/shop-db-0',
  },
  {
    source: 'a deed that a controller carried out is told of whom the verdict is about, without the controller’s address',
    strategy: 'cluster-credentials',
    detection: 'token-secret-made',
    who: {
      kind: 'identity',
      principal: 'arn:aws:iam::111122223333:role/AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864',
      session: 'shop-oncall',
    },
    where: { namespace: 'kube-system', object: 'secrets/node-helper-token' },
    deed: 'identity system:kube-controller-manager > from 172.16.38.129 > update > object kube-system/secrets/node-helper-token',
  },
  {
    source: 'the authenticator tells the principal and nothing of the cluster',
    strategy: 'stolen-credentials',
    detection: 'unmapped-principal',
    who: { kind: 'iam', principal: 'arn:aws:iam::111122223333:role/BuildAgent' },
    where: undefined,
    deed: 'identity arn:aws:iam::111122223333:role/BuildAgent > denied > object cluster access',
  },
  {
    source: 'an AWS call tells what it names',
    strategy: 'blinding',
    detection: 'log-group-deleted',
    who: { kind: 'iam', session: 'on-call-1', address: '198.51.100.20' },
    where: { object: 'log-group//aws/eks/production/cluster' },
    deed: 'identity platform-admin (on-call-1) > from 198.51.100.20 > DeleteLogGroup > object AWS logs',
  },
  {
    source: 'of traffic it is whom the sending address belonged to',
    strategy: 'unusual-traffic',
    detection: 'mail-sent',
    who: { kind: 'workload', serviceAccount: 'payments/default', address: '10.0.1.31' },
    where: {
      namespace: 'payments',
      workload: 'payments/deployment/ledger',
      pod: 'ledger-77cc02d3c-szj6h',
      node: 'ip-10-0-1-10.eu-central-1.compute.internal',
    },
    deed: 'workload payments/deployment/ledger payments/ledger-77cc02d3c-szj6h 10.0.1.31 > port 25 > outside 203.0.113.25',
  },
  {
    source: 'of an hour of traffic, the sender and its pod where it is one',
    strategy: 'traffic-over-time',
    detection: 'slow-upload',
    who: { kind: 'workload', name: 'payments/deployment/ledger' },
    where: { namespace: 'payments', workload: 'payments/deployment/ledger', pod: 'ledger-f0c3afa9d-szj6h' },
    deed: 'workload payments/deployment/ledger payments/ledger-f0c3afa9d-szj6h > sent > 50000000 > outside 198.51.100.0/24',
  },
  {
    source: 'several events tell what they agree on: one role, and not the sessions',
    strategy: 'stolen-credentials',
    detection: 'many-sessions-of-role',
    who: { name: 'arn:aws:iam::111122223333:role/deploy', principal: 'arn:aws:iam::111122223333:role/deploy' },
    where: { namespace: 'shop' },
    deed: 'identity deploy (x0199) > from 203.0.113.66 > list, refused > object shop/secrets',
  },
];

for (const { source, strategy, detection, who, where, deed } of said)
  it(source, async () => {
    const finding = await firstOf(strategy, detection);
    expect(finding.who).toMatchObject(who);
    expect(finding.where).toEqual(where);
    expect(deedText(finding.evidence.at(-1)?.deed)).toBe(deed);
  });

it('a controller’s address is nobody else’s', async () => {
  expect(await firstOf('cluster-credentials', 'token-secret-made').then(({ who }) => who?.address)).toBeUndefined();
});

const scope = { cluster: 'harbour', account: '111122223333', region: 'eu-central-1' };
const trouble = intakeEvent('unreadable-line', 'group', { id: 'r', message: '' }, scope, 'note');

it('nothing is said where nothing is known', () => {
  expect(sceneOf([trouble], { kind: 'log-source', id: 'x', name: 'x' })).toEqual({});
  expect(sceneOf([], { kind: 'cluster', id: 'x', name: 'x' })).toEqual({});
});

it('texts are bounded, and what was cut shows it', () => {
  const { where } = sceneOf([trouble], { kind: 'namespace', id: 'x', name: 'n'.repeat(9_000) });
  expect(where?.namespace).toHaveLength(640);
  expect(where?.namespace).toMatch(/n…$/);
});
