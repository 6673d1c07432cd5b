import { describe, expect, test } from 'vitest';
import { flowFormat } from '../../shared/contract/logs.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { now } from '../evasion/cast.ts';
import { replay } from '../evasion/replay.ts';
import { second } from '../simulation/clock.ts';
import { flowRecords } from '../simulation/flow.ts';

/** Guesses at a login within one minute come as one event: each is counted all the same, however the log was cut. */

const through = {
  id: 'eni-0a1b2c3d4e5f60718',
  address: '10.0.31.7',
  instance: 'i-0a1b2c3d4e5f60718',
  subnet: 'subnet-0c08b4d0e8cc7df39',
  vpc: 'vpc-038faba71b3a6cfc9',
  zone: 'euc1-az1',
};

const guesses = Array.from(
  { length: 210 },
  (_, index) =>
    flowRecords({
      from: { address: '10.0.31.112', port: 33_000 + index, through },
      to: { address: '10.0.9.5', port: 22 },
      at: now + index * 2 * second,
      lasts: second,
      sent: 2_300,
      received: 2_900,
    })[0]?.line ?? '',
);

async function told(arrivals: readonly (readonly string[])[]): Promise<readonly string[]> {
  const { findings } = await replay(catalogue, {
    learnt: [],
    arrivals: arrivals.map((lines, at) => [{ path: `flow-${String(at)}`, text: [flowFormat, ...lines].join('\n') }]),
  });
  return [...new Set(findings.filter(({ detection }) => detection === 'machine-logins-tried').map(({ id }) => id))];
}

describe('guesses at a login', () => {
  test('are counted one by one within a minute', async () => {
    expect(await told([guesses])).toHaveLength(1);
    expect(await told([guesses.slice(0, 199)])).toEqual([]);
  });

  test('are found alike in one payload, in many, in any order, and delivered twice', async () => {
    const whole = await told([guesses]);
    const cut = Array.from({ length: 21 }, (_, at) => guesses.slice(at * 10, at * 10 + 10));
    expect(await told(cut)).toEqual(whole);
    expect(await told([...cut].reverse())).toEqual(whole);
    expect(await told([...cut, ...cut])).toEqual(whole);
  });

  test('delivered twice are no more than they were', async () => {
    const some = guesses.slice(0, 150);
    expect(await told([some, some])).toEqual([]);
  });
});
