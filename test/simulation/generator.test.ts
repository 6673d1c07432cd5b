import { describe, expect, it } from 'vitest';
import { benchmarkAudit, benchmarkFlow, benchmarkAuditPayloads } from './benchmark.ts';
import { serialise } from './go-json.ts';
import { Random } from './random.ts';

describe('the random source', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: string): number[] => Array.from({ length: 50 }, (_, at) => new Random(seed).int(0, at + 1));
    expect(draw('a')).toEqual(draw('a'));
    expect(new Random('a').uuid()).not.toBe(new Random('b').uuid());
  });

  it('forks without being disturbed', () => {
    const one = new Random('a');
    const other = new Random('a');
    one.fork('x').uuid();
    expect(one.uuid()).toBe(other.uuid());
  });

  it('makes ids shaped like version 4 UUIDs', () => {
    expect(new Random('a').uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('the serialiser', () => {
  it('escapes what Go escapes', () => {
    expect(serialise({ uri: '/x?a=1&b=<c>', gone: undefined })).toBe('{"uri":"/x?a=1\\u0026b=\\u003cc\\u003e"}');
  });
});

describe('the benchmark', () => {
  it('is the same twice', () => {
    expect(benchmarkAudit(7, 3_000)).toEqual(benchmarkAudit(7, 3_000));
    expect(benchmarkFlow(7, 3_000)).toEqual(benchmarkFlow(7, 3_000));
    expect(benchmarkAuditPayloads(7, 500, 60)).toEqual(benchmarkAuditPayloads(7, 500, 60));
  });

  it('differs between seeds', () => {
    expect(benchmarkAudit(7, 100)).not.toEqual(benchmarkAudit(8, 100));
  });
});
