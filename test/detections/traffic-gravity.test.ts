import { beforeAll, describe, expect, test } from 'vitest';
import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { readList } from '../../shared/lists/reading.ts';
import type { KnownSite } from '../../shared/model/site.ts';
import { replay } from '../evasion/replay.ts';
import { dawn, daysBefore, people, type Resident, type Stranger, Village } from '../simulation/village.ts';

/** How grave it is that somebody calls whom he never called, after five ordinary days. */

const { api, worker, web, db, prometheus, backup } = people;
const nobodyKnows: Stranger = { address: '203.0.113.66' };

const bare: KnownSite = { networks: { vpc: ['10.0.0.0/16', '2001:db8:1::/56'] } };
const withSystems: KnownSite = {
  ...bare,
  lists: [{ name: 'systems', kind: 'as', ...readList('as', '198.51.100.0/24,64500,A partner\n192.0.2.0/24,64501,Another') }],
};

interface Call {
  readonly from: Resident;
  readonly to: Resident | Stranger;
  readonly port: number;
  readonly gravity: string;
}

/** What is found by a detection, each gravity once: every minute of a call is a finding. */
async function gravityOf(detection: string, { from, to, port }: Call, site: KnownSite, remembered: MemoryState): Promise<string[]> {
  const village = new Village(false, 'gravity').calls(from, to, { at: dawn, port, sent: 4_000, received: 9_000 });
  const { findings } = await replay(catalogue, { learnt: [], arrivals: [village.files()], site, remembered });
  return [...new Set(findings.filter((finding) => finding.detection === detection).map(({ severity }) => severity))];
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

describe('a new call between workloads', () => {
  test.each([
    { title: 'to an ordinary port in one namespace', from: worker, to: web, port: 8080, gravity: 'low' },
    { title: 'to a database in one namespace', from: worker, to: db, port: 5432, gravity: 'medium' },
    { title: 'to an ordinary port of another namespace', from: worker, to: prometheus, port: 9090, gravity: 'medium' },
    { title: 'to a database of another namespace', from: prometheus, to: db, port: 5432, gravity: 'high' },
  ])('$title is $gravity', async (call) => {
    expect(await gravityOf('new-edge-between-workloads', call, bare, remembered)).toEqual([call.gravity]);
  });
});

describe('a new destination outside', () => {
  test.each([
    { title: 'on an everyday port, by who calls nobody outside', from: web, to: nobodyKnows, port: 443, gravity: 'medium' },
    { title: 'on an everyday port, by who calls services of AWS alone', from: backup, to: nobodyKnows, port: 443, gravity: 'medium' },
    { title: 'on an everyday port, by who calls two networks', from: api, to: nobodyKnows, port: 443, gravity: 'low' },
    { title: 'on another port, by who calls two networks', from: api, to: nobodyKnows, port: 8443, gravity: 'high' },
  ])('$title is $gravity', async (call) => {
    expect(await gravityOf('new-external-destination', call, bare, remembered)).toEqual([call.gravity]);
  });

  test('is medium where a list tells the two systems of those networks, and nothing tells its own', async () => {
    const call = { from: api, to: nobodyKnows, port: 443, gravity: 'medium' };
    expect(await gravityOf('new-external-destination', call, withSystems, rememberedBySystem)).toEqual([call.gravity]);
  });
});
