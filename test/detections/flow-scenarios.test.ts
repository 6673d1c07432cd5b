import { beforeAll, describe, expect, it, test } from 'vitest';
import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { readList } from '../../shared/lists/reading.ts';
import type { KnownSite } from '../../shared/model/site.ts';
import { developer } from '../evasion/cast.ts';
import { replay } from '../evasion/replay.ts';
import { day, hour, minute, second } from '../simulation/clock.ts';
import { serviceAccount } from '../simulation/identity.ts';
import { core, grouped } from '../simulation/target.ts';
import { dawn, daysBefore, machines, partners, people, replicaOf, Village } from '../simulation/village.ts';

/**
 * Named stories, told to the whole catalogue after five ordinary days: what an intruder does is found, about the workload where the
 * packets show it and about its node where they do not; the benign twins are silent; what is missed is said, with the reason.
 */

const site: KnownSite = {
  networks: { vpc: ['10.0.0.0/16', '2001:db8:1::/56'] },
  lists: [{ name: 'relays', kind: 'tor', ...readList('tor', '2001:db8:f00::/48\n203.0.113.201') }],
};
const withSystems: KnownSite = {
  ...site,
  lists: [{ name: 'systems', kind: 'as', ...readList('as', '198.51.100.0/24,64500,A CDN\n203.0.113.0/25,64500,A CDN') }],
};

const { api, worker, web, db, prometheus, backup } = people;
const { east, west } = machines;
const midnight = dawn - (dawn % day);

const server = { address: '203.0.113.66' };
const knownPorts = [
  ...[21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 389, 443, 445, 636, 873, 993, 1433, 1521, 2049, 2375, 2379, 3306, 3389, 4369],
  ...[5000, 5601, 5672, 5900, 5985, 6379, 6443, 7000, 8080, 8443, 9000, 9042, 9092, 9200, 10250],
];
const probe = { sent: 44, lasts: 0, unanswered: true };

function every(count: number, step: number, call: (at: number, index: number) => unknown): void {
  for (let index = 0; index < count; index += 1) call(dawn + index * step, index);
}

type Story = (village: Village) => unknown;

/** A story and what it is called: chance in it follows from that. */
interface Told {
  readonly name: string;
  readonly story: Story;
}

const lessons = new Map<string, Promise<MemoryState>>();

/** What five ordinary days teach. */
function learnt(snat: boolean, known: KnownSite): Promise<MemoryState> {
  const name = `${String(snat)} ${known.lists?.map((list) => list.name).join(' ') ?? ''}`;
  const lesson = lessons.get(name) ?? study(snat, known);
  lessons.set(name, lesson);
  return lesson;
}

async function study(snat: boolean, known: KnownSite): Promise<MemoryState> {
  const { state, rejects, faults } = await replay(catalogue, { learnt: daysBefore(snat).files(), arrivals: [], site: known });
  expect([rejects, faults]).toEqual([[], []]);
  return state;
}

/** What is told of a story: `detection: about whom`, each once. */
async function toldOf({ name, story }: Told, snat: boolean, remembered: MemoryState, known: KnownSite): Promise<readonly string[]> {
  const village = new Village(snat, name);
  story(village);
  const { findings, rejects, faults } = await replay(catalogue, { learnt: [], arrivals: [village.files()], site: known, remembered });
  expect([rejects, faults]).toEqual([[], []]);
  return [...new Set(findings.map(({ detection, entity }) => `${detection}: ${entity.name}`))].sort();
}

/** What an intruder does, by what finds it. `outside` is about the node where its address hides the pod's. */
interface Deed extends Told {
  readonly outside?: readonly string[];
  readonly inside?: readonly string[];
  readonly who?: string;
}

const deeds: readonly Deed[] = [
  {
    name: 'calls home every 60 seconds, give or take six, among pushes of metrics every minute',
    story: (village) => {
      every(180, minute, (at) => village.calls(api, partners.metrics, { at, received: 300 }));
      let at = dawn + 10 * second;
      every(170, minute, () => {
        village.calls(api, server, { at, sent: 1_180, received: 840 });
        at += (54 + village.random.int(0, 12)) * second;
      });
    },
    outside: ['regular-calls-outside', 'new-external-destination'],
  },
  {
    name: 'uploads 2 GB at once',
    story: (village) => village.calls(api, server, { at: dawn, lasts: 10 * minute, sent: 2_000_000_000, received: 15_000_000 }),
    outside: ['upload-volume', 'upload-ratio'],
  },
  {
    name: 'uploads 50 MB an hour for a day',
    story: (village) => {
      every(24, hour, (at) => village.calls(api, server, { at, lasts: 5 * minute, sent: 50_000_000, received: 600_000 }));
    },
    outside: ['slow-upload'],
  },
  {
    name: 'sweeps the VPC for Redis within two minutes',
    story: (village) => {
      every(240, second / 2, (at, index) => {
        const address = `10.0.${String(32 + Math.floor(index / 120))}.${String(3 + (index % 120) * 2)}`;
        village.calls(api, { address }, { at, port: 6379, ...probe });
      });
    },
    inside: ['network-sweep'],
  },
  {
    name: 'tries one network of the VPC after the other, one address every 20 minutes for a day',
    story: (village) => {
      every(72, 20 * minute, (at, index) => village.calls(api, { address: `10.0.${String(40 + index)}.9` }, { at, port: 6379, ...probe }));
    },
    inside: ['slow-scan'],
  },
  {
    name: 'tries 60 ports of the database within a minute',
    story: (village) => {
      every(60, second, (at, index) => village.calls(api, db, { at, port: 1_000 + 47 * index, ...probe }));
    },
    inside: ['port-scan'],
  },
  {
    name: 'tries 40 ports of the database over 17 hours, and a security group refuses them',
    story: (village) => {
      every(40, 25 * minute, (at, index) => village.calls(api, db, { at, port: knownPorts[index] ?? 1, ...probe, rejected: true }));
    },
    inside: ['slow-scan'],
  },
  {
    name: 'tries 40 ports of the database over 17 hours, and nothing refuses them',
    story: (village) => {
      every(40, 25 * minute, (at, index) => village.calls(api, db, { at, port: knownPorts[index] ?? 1, ...probe }));
    },
    inside: ['slow-scan'],
  },
  {
    name: 'calls the database from a workload that never did',
    story: (village) => village.calls(worker, db, { at: dawn, port: 5432, sent: 4_000, received: 90_000 }),
    inside: ['new-edge-between-workloads'],
    who: 'shop/deployment/worker',
  },
  {
    name: 'leaves a miner in a pod',
    story: (village) =>
      village.calls(worker, { address: '203.0.113.90' }, { at: dawn, lasts: 40 * minute, port: 3333, sent: 30_000, received: 40_000 }),
    outside: ['mining-port-used'],
    who: 'shop/deployment/worker',
  },
  {
    // IPv6 is translated nowhere.
    name: 'talks to a Tor relay over IPv6',
    story: (village) => village.calls(worker, { address: '2001:db8:f00::9' }, { at: dawn, port: 9001, over6: true, sent: 5_000 }),
    inside: ['tor-traffic'],
    who: 'shop/deployment/worker',
  },
  {
    name: 'asks a foreign resolver over TCP',
    story: (village) => {
      every(5, minute, (at) => village.calls(api, { address: '203.0.113.53' }, { at, port: 53, sent: 800, received: 2_000 }));
    },
    outside: ['resolver-bypassed'],
  },
];

const agent = 'kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7';
const bound = { name: api.pod, uid: api.uid, node: east.name, nodeUid: '820d1add-6e13-486c-89d9-9e2f5eb2785d' };
const secrets = [{ verb: 'list', target: core('secrets', 'shop') }];

/** What takes both logs to be seen. */
const acrossLogs: readonly (Told & { readonly finds: readonly string[] })[] = [
  {
    name: 'deletes a NetworkPolicy, then calls what it closed',
    story: (village) => {
      const policy = grouped('networking.k8s.io', 'networkpolicies', 'shop', 'db-from-api');
      village.asks(developer, dawn, [{ verb: 'delete', target: policy }]);
      village.calls(worker, db, { at: dawn + 4 * minute, port: 5432, sent: 4_000, received: 90_000 });
    },
    finds: ['network-policy-removed: shop', 'new-edge-between-workloads: shop/deployment/worker'],
  },
  {
    name: 'uses the token of one pod from the address of another',
    story: (village) =>
      village.asks(serviceAccount({ namespace: 'shop', name: 'api', address: web.address, agent, pod: bound }), dawn, secrets),
    finds: ['token-used-away-from-pod: shop/api'],
  },
  {
    name: 'uses the credentials of a node from a pod on another',
    story: (village) => village.asks({ ...east.identity, address: web.address, agent }, dawn, secrets),
    finds: [`node-identity-off-instance: ${east.identity.username}`],
  },
];

/** What is missed, and why. */
const missed: readonly (Told & { readonly why: string; readonly by: string })[] = [
  {
    name: 'a slow sweep of one network where nobody lives',
    why: 'addresses that nobody had are one door of their network, lest dead pods make many',
    story: (village) => {
      every(72, 20 * minute, (at, index) =>
        village.calls(api, { address: `10.0.99.${String(3 + 2 * index)}` }, { at, port: 6379, ...probe }),
      );
    },
    by: 'slow-scan',
  },
];

const twins: readonly Told[] = [
  { name: 'the rest of an ordinary day', story: (village) => village.ordinaryDay(midnight) },
  {
    name: 'the backup in its window, a little larger than usual',
    story: (village) =>
      village.calls(backup, partners.bucket, {
        at: midnight + day + 2 * hour,
        lasts: 25 * minute,
        sent: 3_100_000_000,
        received: 20_000_000,
      }),
  },
  {
    name: 'nodes pulling images from another address of the registry',
    story: (village) => {
      every(12, 5 * second, (at) => {
        for (const on of [east, west])
          village.calls(on, { address: '192.0.2.191', service: 'AMAZON' }, { at, sent: 60_000, received: 70_000_000 });
      });
    },
  },
  {
    name: 'Prometheus scraping replicas that are new',
    story: (village) => {
      const all = [api, worker, replicaOf(api, 1), replicaOf(api, 2)];
      for (const who of all.slice(2)) village.born(who, dawn);
      every(48, 15 * minute, (at) => {
        for (const who of all) village.calls(prometheus, who, { at: at + minute, port: 9100, sent: 600, received: 45_000 });
      });
    },
  },
  {
    name: 'a rolling deployment with new addresses',
    story: (village) => {
      every(5, 2 * minute, (at, index) => {
        const next = replicaOf(api, index);
        village.born(next, at);
        village.calls(next, db, { at: at + minute, port: 5432, sent: 3_000, received: 60_000 });
        village.calls(next, partners.saas, { at: at + minute, sent: 9_000, received: 14_000 });
        village.calls(web, next, { at: at + minute, port: 8080, sent: 4_000, received: 20_000 });
      });
    },
  },
  {
    name: 'a service outside that answers from many addresses of its network',
    story: (village) => {
      every(60, 10 * minute, (at, index) =>
        village.calls(api, { address: `198.51.100.${String(10 + 4 * index)}` }, { at, sent: 9_000, received: 14_000 }),
      );
    },
  },
  {
    name: 'the internet knocking at the door, and not let in',
    story: (village) => {
      const ports = [22, 80, 443, 3389, 8080, 10250, 30080, 6379];
      every(400, second, (at, index) =>
        village.knocks({ address: `203.0.113.${String(index % 250)}` }, west, { at, port: ports[index % 8] ?? 22, rejected: true }),
      );
    },
  },
];

describe.each([
  { where: 'where packets keep the addresses of pods', snat: false },
  { where: 'where nodes translate them', snat: true },
])('$where', ({ snat }) => {
  let remembered: MemoryState;
  beforeAll(async () => {
    remembered = await learnt(snat, site);
  });

  describe('an intruder who', () => {
    test.each(deeds)('$name', async ({ outside = [], inside = [], who = 'shop/deployment/api', ...told }) => {
      const findings = await toldOf(told, snat, remembered, site);
      for (const detection of outside) expect(findings).toContain(`${detection}: ${snat ? east.name : who}`);
      for (const detection of inside) expect(findings).toContain(`${detection}: ${who}`);
    });

    test.each(acrossLogs)('$name', async ({ finds, ...told }) => {
      expect(await toldOf(told, snat, remembered, site)).toEqual(expect.arrayContaining([...finds]));
    });
  });

  describe('nobody is told of', () => {
    test.each(twins)('$name', async (told) => {
      expect(await toldOf(told, snat, remembered, site)).toEqual([]);
    });
  });

  describe('missed is', () => {
    test.each(missed)('$name: $why', async ({ by, ...told }) => {
      expect((await toldOf(told, snat, remembered, site)).filter((line) => line.startsWith(`${by}:`))).toEqual([]);
    });
  });
});

describe('a service that answers from other networks of its system', () => {
  const churn: Told = {
    name: 'churn',
    story: (village) => {
      const { random } = village;
      every(40, 10 * minute, (start, index) => {
        const at = start + random.int(0, 540) * second;
        village.calls(
          api,
          { address: `203.0.113.${String(3 * index)}` },
          { at, sent: random.amount(9_000), received: random.amount(14_000) },
        );
      });
    },
  };

  it('is known by its system where a list of them is given, and new where none is', async () => {
    expect(await toldOf(churn, false, await learnt(false, withSystems), withSystems)).toEqual([]);
    expect(await toldOf(churn, false, await learnt(false, site), site)).toEqual(['new-external-destination: shop/deployment/api']);
  });
});
