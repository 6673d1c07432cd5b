import { describe, expect, it } from 'vitest';
import type { Ask } from '../evasion/attack.ts';
import { deployer, developer, from, now, secretsOperator } from '../evasion/cast.ts';
import { get, list } from '../evasion/requests.ts';
import { execQuery } from '../simulation/audit.ts';
import { day } from '../simulation/clock.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import type { Identity } from '../simulation/identity.ts';
import { registry } from '../simulation/population.ts';
import { apps, core, grouped } from '../simulation/target.ts';
import { findingsIn, recordsOf, told } from './staging.ts';

/** Teams at work do much that is new: what it says about them depends on what they do all the time. */

const address = (network: number): string => `2001:db8:${network.toString(16)}::5`;
const secret = get(core('secrets', 'shop', 'registry-pull'));

/** What a caller did on the days before, once a day. */
const daysBefore = (by: (daysAgo: number) => Identity, ask: Ask, count: number): JsonObject[] =>
  Array.from({ length: count }, (_, index) => count + 1 - index).flatMap((ago) => recordsOf([ask], { by: by(ago), at: now - ago * day }));

describe('a new network', () => {
  const hosted = (ago: number): Identity => from(deployer, address(0x100 + ago));

  it('says little about a pipeline whose runners are everywhere', async () => {
    const learnt = daysBefore(hosted, secret, 6);
    const found = await findingsIn(recordsOf([secret], { by: from(deployer, address(0x200)) }), { learnt });
    expect(told(found)).toEqual(expect.arrayContaining(['identity-from-new-network low', 'secret-read-from-new-network low']));
  });

  it('says much about a pipeline that has one runner', async () => {
    const learnt = daysBefore(() => deployer, secret, 6);
    const found = await findingsIn(recordsOf([secret], { by: from(deployer, address(0x200)) }), { learnt });
    expect(told(found)).toEqual(expect.arrayContaining(['identity-from-new-network medium', 'secret-read-from-new-network high']));
  });

  it('says much about a person with an office and a home', async () => {
    const learnt = daysBefore((ago) => (ago % 2 === 0 ? developer : from(developer, address(0x300))), secret, 6);
    const found = await findingsIn(recordsOf([secret], { by: from(developer, address(0x200)) }), { learnt });
    expect(told(found)).toEqual(expect.arrayContaining(['identity-from-new-network medium', 'secret-read-from-new-network high']));
  });
});

describe('a program that enters containers where it never did', () => {
  const enters = (namespace: string, command: readonly string[]): Ask => {
    const target = core('pods', namespace, 'db-0', 'exec');
    return { verb: 'get', target, query: execQuery(command, 'db', false), code: 101, lasts: 2_000_000 };
  };
  const dump = ['pg_dump', '-U', 'postgres', '-f', '/backup/app.sql'];

  it('is one alert for the same in all of them, and another for something else', async () => {
    const learnt = daysBefore(() => developer, enters('shop', ['ps', 'aux']), 6);
    const asks = [enters('shop', dump), enters('payments', dump), enters('payments', ['id'])];
    const found = await findingsIn(recordsOf(asks, { by: secretsOperator }), { learnt });
    const alerts = found.filter(({ detection }) => detection === 'exec-new-to-caller').map(({ fingerprint }) => fingerprint);
    expect(alerts.length).toBe(3);
    expect(new Set(alerts).size).toBe(2);
    expect(alerts[0]).toBe(alerts[1]);
  });
});

describe('Helm’s releases read from a new network', () => {
  it('are worth a question, and every Secret is worth an alarm', async () => {
    const learnt = daysBefore(() => deployer, secret, 6);
    const stranger = from(deployer, address(0x200));
    const severityOf = async (query: string): Promise<string | undefined> => {
      const found = await findingsIn(recordsOf([list(core('secrets', 'shop'), query)], { by: stranger }), { learnt });
      return found.find(({ detection }) => detection === 'secret-read-from-new-network')?.severity;
    };
    expect(await severityOf('labelSelector=name%3Dapi%2Cowner%3Dhelm')).toBe('medium');
    expect(await severityOf('labelSelector=owner%21%3Dhelm')).toBe('high');
  });
});

describe('a list of Secrets', () => {
  const elsewhere = list(core('secrets', 'payments'));
  const severityOf = async (query: string): Promise<string | undefined> => {
    const learnt = daysBefore(() => deployer, elsewhere, 6);
    const found = await findingsIn(recordsOf([list(core('secrets', 'shop'), query)], { by: deployer }), { learnt });
    return found.find(({ detection }) => detection === 'secret-list-in-new-namespace')?.severity;
  };

  it('that the server narrows to Helm’s releases is a release', async () => {
    expect(await severityOf('labelSelector=name%3Dapi%2Cowner%3Dhelm')).toBe('low');
    expect(await severityOf('labelSelector=owner%3D%3Dhelm&limit=500')).toBe('low');
  });

  it('that only mentions Helm is a list of every Secret', async () => {
    const disguises = [
      'labelSelector=owner%21%3Dhelm',
      'labelSelector=owner',
      'labelSelector=&labelSelector=owner%3Dhelm',
      'fieldSelector=owner%3Dhelm',
    ];
    for (const query of disguises) expect([query, await severityOf(query)]).toEqual([query, 'medium']);
  });
});

/** A Deployment is applied, with an image of the cluster's registry or of another. */
function version(name: string, tag: string, host = registry, namespace = 'shop', code = 200): Ask {
  const containers = [{ name, image: `${host}/shop/${name}:${tag}` }];
  const metadata = { name, namespace };
  const object = { kind: 'Deployment', apiVersion: 'apps/v1', metadata, spec: { template: { spec: { containers } } } };
  return {
    verb: 'patch',
    target: apps('deployments', namespace, name),
    query: 'fieldManager=helm&force=true',
    sent: object,
    answered: object,
    code,
  };
}

describe('a pipeline whose runners are everywhere, stolen', () => {
  const hosted = (ago: number): Identity => from(deployer, address(0x100 + ago));
  const others = from(developer, '192.0.2.14');
  const learnt = [
    ...daysBefore(hosted, secret, 6),
    ...daysBefore(hosted, list(core('secrets', 'shop'), 'labelSelector=name%3Dapi%2Cowner%3Dhelm'), 6),
    ...daysBefore(hosted, version('api', '1.42.0'), 6),
    ...daysBefore(() => others, version('cart', '3.1.0', registry, 'payments'), 6),
  ];
  const thief = from(deployer, '203.0.113.99', 'kubectl/v1.30.2 (linux/amd64) kubernetes/3968350');
  const toldOfThief = async (...asks: readonly Ask[]): Promise<string[]> =>
    told(await findingsIn(recordsOf(asks, { by: thief }), { learnt }));
  const image = 'quay.io/opsforge';

  it('is told when it grants a right, however little the right', async () => {
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const subjects = [{ kind: 'ServiceAccount', name: 'api', namespace: 'shop' }];
    const object = {
      kind: 'ClusterRoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'shop-view' },
      subjects,
      roleRef,
    };
    const target = grouped('rbac.authorization.k8s.io', 'clusterrolebindings', undefined, 'shop-view');
    expect(await toldOfThief({ verb: 'create', target, sent: object, answered: object, code: 201 })).toContain('deed-new-to-caller high');
  });

  it('is told when it lists the Secrets of others', async () => {
    expect(await toldOfThief(list(core('secrets', 'payments'), 'limit=500'))).toContain('secret-list-in-new-namespace medium');
  });

  it('is told when it lists every Secret', async () => {
    expect(await toldOfThief(list(core('secrets'), 'limit=500'))).toContain('cluster-wide-secret-list high');
  });

  it('is told when it brings images of somebody new, for where it comes from', async () => {
    expect(await toldOfThief(version('metrics', 'v2', image, 'shop', 201))).toContain('image-from-new-registry medium');
  });

  it('is told little when it does so from a runner, where it always did', async () => {
    const usual = [version('metrics', 'v2', image, 'shop', 201)];
    expect(told(await findingsIn(recordsOf(usual, { by: hosted(3) }), { learnt }))).toContain('image-from-new-registry low');
  });

  it('is told when it does so from a runner, where others deploy', async () => {
    const away = [version('metrics', 'v2', image, 'payments', 201)];
    expect(told(await findingsIn(recordsOf(away, { by: hosted(3) }), { learnt }))).toContain('image-from-new-registry medium');
  });
});

describe('another version of an image', () => {
  const severityOf = async (learnt: readonly JsonObject[], ask: Ask, by: Identity): Promise<string | undefined> => {
    const found = await findingsIn(recordsOf([ask], { by }), { learnt });
    return found.find(({ detection }) => detection === 'image-changed')?.severity;
  };
  const byDeveloper = recordsOf([version('api', '1.42.0')], { by: developer, at: now - 6 * day });
  const beside = recordsOf([version('web', '3.1.0')], { by: deployer, at: now - 5 * day });

  it('by somebody who deploys what is beside it is worth a note', async () => {
    expect(await severityOf([...byDeveloper, ...beside], version('api', '1.43.0'), deployer)).toBe('low');
  });

  it('by somebody who never deployed anything there is worth a question', async () => {
    expect(await severityOf(byDeveloper, version('api', '1.43.0'), deployer)).toBe('medium');
  });

  it('from another registry is grave by either', async () => {
    const foreign = version('api', '1.43.0', '444455556666.dkr.ecr.eu-central-1.amazonaws.com');
    expect(await severityOf([...byDeveloper, ...beside], foreign, deployer)).toBe('high');
    expect(await severityOf(byDeveloper, foreign, deployer)).toBe('high');
  });
});
