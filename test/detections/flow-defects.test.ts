import { describe, expect, test } from 'vitest';
import { flowFormat } from '../../shared/contract/logs.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { defaultFlowFormat } from '../../shared/model/flow-line.ts';
import { developer, image, node, now } from '../evasion/cast.ts';
import { replay } from '../evasion/replay.ts';
import { day } from '../simulation/clock.ts';
import { flowRecords } from '../simulation/flow.ts';
import { type Json, type JsonObject, serialise } from '../simulation/go-json.ts';
import { type Identity, serviceAccount } from '../simulation/identity.ts';
import { Random } from '../simulation/random.ts';
import { core } from '../simulation/target.ts';
import { recordsOf } from './staging.ts';

/** Mistakes that detections on flow logs are known to make. Each test shows that ours do not. */

describe('flows', () => {
  const name = 'api-6f9d8c7b54-kq2xm';
  const stranger = 'api-6f9d8c7b54-x7k2p';
  const nodeAddress = '10.0.31.7';
  const through = {
    id: 'eni-0a1b2c3d4e5f60718',
    address: nodeAddress,
    instance: 'i-0a1b2c3d4e5f60718',
    subnet: 'subnet-0c08b4d0e8cc7df39',
    vpc: 'vpc-038faba71b3a6cfc9',
    zone: 'euc1-az1',
  };
  const controller = serviceAccount({ namespace: 'kube-system', name: 'replicaset-controller', address: '10.0.200.17', agent: 'kcm' });

  /** A pod of a Deployment, as its maker says, and the address that its node gives it. */
  function podAt(maker: Identity, pod: string, address: string, at: number): JsonObject[] {
    const uid = new Random(pod).uuid();
    const owner: Json = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'api-6f9d8c7b54',
      uid: new Random('rs').uuid(),
      controller: true,
    };
    const metadata = {
      name: pod,
      namespace: 'shop',
      uid,
      labels: { app: 'api', 'pod-template-hash': '6f9d8c7b54' },
      ownerReferences: [owner],
    };
    const object = { kind: 'Pod', apiVersion: 'v1', metadata, spec: { containers: [{ name: 'api', image }] } };
    return [
      ...recordsOf([{ verb: 'create', target: core('pods', 'shop', pod), sent: object, answered: object }], { by: maker, at }),
      ...recordsOf(
        [
          {
            verb: 'patch',
            target: core('pods', 'shop', pod, 'status'),
            sent: { metadata: { uid }, status: { hostIP: nodeAddress, podIP: address, podIPs: [{ ip: address }] } },
          },
        ],
        { by: node, at: at + 1_000_000 },
      ),
    ];
  }

  const sent = (address: string, to: string, port: number, at: number): string =>
    flowRecords({ from: { address, port: 40_000, through }, to: { address: to, port }, at, lasts: 1_000_000, sent: 5_000, received: 100 })
      .map(({ line }) => line)
      .join('\n');

  /** Fields of the default format, from a record of ours. */
  const inDefaultFormat = (lines: string): string =>
    lines
      .split('\n')
      .map((line) => ['2', ...line.split(' ').slice(1, 14)].join(' '))
      .join('\n');

  async function destinationsOf(maker: Identity, form: (lines: string) => string = (lines) => lines): Promise<string[]> {
    const header = form === inDefaultFormat ? defaultFlowFormat : flowFormat;
    const days = [6, 5, 4, 3, 2, 1].map((ago) => now - ago * day);
    const file = (lines: readonly string[]): string => [header, ...lines.map(form)].join('\n');
    const { findings } = await replay(catalogue, {
      learnt: [
        {
          path: 'audit',
          text: podAt(controller, name, '10.0.31.112', now - 7 * day)
            .map(serialise)
            .join('\n'),
        },
        { path: 'flow', text: file(days.map((at) => sent('10.0.31.112', '198.51.100.7', 443, at))) },
      ],
      arrivals: [
        [
          { path: 'audit', text: podAt(maker, stranger, '10.0.31.113', now).map(serialise).join('\n') },
          { path: 'flow', text: file([sent('10.0.31.113', '203.0.113.66', 4444, now + 120_000_000)]) },
        ],
      ],
    });
    return findings.filter(({ detection }) => detection === 'new-external-destination').map(({ entity }) => entity.name);
  }

  test('a pod is known by the address in the packet, not by that of the interface it leaves through', async () => {
    expect(await destinationsOf(controller)).toEqual(['shop/deployment/api']);
  });

  test('where a log shows the address of the interface only, no pod is blamed', async () => {
    expect(await destinationsOf(controller, inDefaultFormat)).toEqual([node.username.slice('system:node:'.length)]);
  });

  test('a pod that says it belongs to a workload is not taken for it', async () => {
    expect(await destinationsOf(developer)).toEqual([
      'shop/replicaset/api-6f9d8c7b54 of AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864 (shop-oncall)',
    ]);
  });
});
