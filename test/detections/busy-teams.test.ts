import { describe, expect, it } from 'vitest';
import type { Ask } from '../evasion/attack.ts';
import { deployer, developer, from, now } from '../evasion/cast.ts';
import { get, list } from '../evasion/requests.ts';
import { day } from '../simulation/clock.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import type { Identity } from '../simulation/identity.ts';
import { registry } from '../simulation/population.ts';
import { apps, core } from '../simulation/target.ts';
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

describe('another version of an image', () => {
  const version = (name: string, tag: string, host = registry): Ask => {
    const containers = [{ name, image: `${host}/shop/${name}:${tag}` }];
    const object = {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name, namespace: 'shop' },
      spec: { template: { spec: { containers } } },
    };
    return {
      verb: 'patch',
      target: apps('deployments', 'shop', name),
      query: 'fieldManager=helm&force=true',
      sent: object,
      answered: object,
    };
  };
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
