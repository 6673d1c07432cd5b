import { beforeAll, describe, expect, test } from 'vitest';
import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { readList } from '../../shared/lists/reading.ts';
import type { KnownSite } from '../../shared/model/site.ts';
import { replay } from '../evasion/replay.ts';
import { dawn, daysBefore, people, replicaOf, type Resident, type Stranger, Village } from '../simulation/village.ts';

/** How grave it is that somebody calls whom he never called, after five ordinary days. */

const { api, worker, web, db, prometheus, backup } = people;
const unborn = replicaOf(api, 1);
const stranger: Stranger = { address: '203.0.113.66' };

const bare: KnownSite = { networks: { vpc: ['10.0.0.0/16', '2001:db8:1::/56'] } };
const withSystems: KnownSite = {
  ...bare,
  lists: [{ name: 'systems', kind: 'as', ...readList('as', '198.51.100.0/24,64500,A partner\n192.0.2.0/24,64501,Another') }],
};

interface Call {
  readonly from: Resident;
  readonly to: Resident | Stranger;
  readonly port: number;
  /** What tells of it. */
  readonly by: string;
}

/** How grave what is found is, each gravity once: every minute of a call is a finding. */
async function gravityOf({ by, from, to, port }: Call, site: KnownSite, remembered: MemoryState): Promise<string[]> {
  const village = new Village(false, 'gravity').calls(from, to, { at: dawn, port, sent: 4_000, received: 9_000 });
  const { findings } = await replay(catalogue, { learnt: [], arrivals: [village.files()], site, remembered });
  return [...new Set(findings.filter(({ detection }) => detection === by).map(({ severity }) => severity))];
}

async function learnt(site: KnownSite): Promise<MemoryState> {
  return (await replay(catalogue, { learnt: daysBefore(false).files(), arrivals: [], site })).state;
}

let remembered: MemoryState;
let rememberedBySystem: MemoryState;
beforeAll(async () => {
  remembered = await learnt(bare);
  rememberedBySystem = await learnt(withSystems);
});

describe('what is new', () => {
  const edge = 'new-edge-between-workloads';
  const destination = 'new-external-destination';
  test.each([
    { title: 'a call to an ordinary port in one namespace', by: edge, from: worker, to: web, port: 8080, gravity: 'low' },
    { title: 'a call to a database in one namespace', by: edge, from: worker, to: db, port: 5432, gravity: 'medium' },
    { title: 'a call to an ordinary port of another namespace', by: edge, from: worker, to: prometheus, port: 9090, gravity: 'medium' },
    { title: 'a call to a database of another namespace', by: edge, from: prometheus, to: db, port: 5432, gravity: 'high' },
    {
      title: 'an everyday port outside, for who calls nobody there',
      by: destination,
      from: web,
      to: stranger,
      port: 443,
      gravity: 'medium',
    },
    { title: 'the same, for who calls services of AWS alone', by: destination, from: backup, to: stranger, port: 443, gravity: 'medium' },
    { title: 'the same, for who calls two networks', by: destination, from: api, to: stranger, port: 443, gravity: 'low' },
    { title: 'another port outside, for who calls two networks', by: destination, from: api, to: stranger, port: 8443, gravity: 'high' },
    { title: 'mail', by: 'mail-sent', from: web, to: stranger, port: 587, gravity: 'medium' },
    {
      title: 'mail, by an address that nobody is known to have had',
      by: 'mail-sent',
      from: unborn,
      to: stranger,
      port: 25,
      gravity: 'low',
    },
  ])('$title, is $gravity', async (call) => {
    expect(await gravityOf(call, bare, remembered)).toEqual([call.gravity]);
  });

  test('an everyday port outside is medium where a list tells the systems of the two networks, and not its own', async () => {
    expect(await gravityOf({ by: destination, from: api, to: stranger, port: 443 }, withSystems, rememberedBySystem)).toEqual(['medium']);
  });
});
