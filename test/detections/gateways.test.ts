import { beforeAll, describe, expect, it } from 'vitest';
import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { KnownSite } from '../../shared/model/site.ts';
import { replay } from '../evasion/replay.ts';
import { minute, second } from '../simulation/clock.ts';
import { dawn, daysBefore, machines, people, Village } from '../simulation/village.ts';

/**
 * What passes a NAT gateway is in the flow log twice: as it came, and as the gateway sent it on under its own address. It is told
 * once, of whoever sent it, without anybody having said where the gateways are.
 */

const site: KnownSite = { networks: { vpc: ['10.0.0.0/16', '2001:db8:1::/56'] } };
const { api, worker } = people;
const { east, gateway } = machines;
const server = { address: '203.0.113.66' };

let remembered: MemoryState;
beforeAll(async () => {
  remembered = (await replay(catalogue, { learnt: daysBefore(false).files(), arrivals: [], site })).state;
});

/** What is told of a story, and of whom. */
async function toldOf(village: Village): Promise<readonly string[]> {
  const { findings, rejects, faults } = await replay(catalogue, { learnt: [], arrivals: [village.files()], site, remembered });
  expect([rejects, faults]).toEqual([[], []]);
  return [...new Set(findings.map(({ detection, entity }) => `${detection}: ${entity.name}`))].sort();
}

describe('by way of a NAT gateway', () => {
  it('an upload is told of the pod alone', async () => {
    const village = new Village(false, 'upload').passes(api, server, {
      ...{ at: dawn, lasts: 10 * minute, sent: 2_000_000_000, received: 15_000_000 },
    });
    const told = await toldOf(village);
    expect(told).toContain('upload-volume: shop/deployment/api');
    expect(told.filter((line) => line.endsWith(gateway.address))).toEqual([]);
  });

  it('two pods that call home do not look like three', async () => {
    const village = new Village(false, 'beacons');
    for (let beat = 0; beat < 170; beat += 1)
      for (const who of [api, worker])
        village.passes(who, server, { at: dawn + beat * minute + village.random.int(0, 12) * second, sent: 1_180, received: 840 });
    const told = await toldOf(village);
    for (const who of [api, worker]) expect(told).toContain(`regular-calls-outside: shop/deployment/${who.workload}`);
    expect(told.filter((line) => line.endsWith(gateway.address))).toEqual([]);
  });

  it('a node that sends on what others sent still answers for what it sends', async () => {
    const upload = { at: dawn, lasts: 10 * minute, sent: 2_000_000_000, received: 15_000_000 };
    const village = new Village(true, 'node').passes(api, server, { at: dawn - minute }, east).calls(east, server, upload);
    expect(await toldOf(village)).toContain(`upload-volume: ${east.name}`);
  });
});
