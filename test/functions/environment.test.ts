import { afterEach, expect, test, vi } from 'vitest';
import { flowFormats } from '../../functions/environment.ts';
import { environment } from '../../shared/contract/environment.ts';

/** What functions read from their environment. */

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a function that reads no flow logs knows no formats of theirs', () => {
  vi.stubEnv(environment.flowSources, undefined);
  expect(flowFormats()).toEqual([]);
});

test('each format of the enrolled flow logs is named once', () => {
  const sources = {
    '/vpc/a': { cluster: 'a', format: 'version srcaddr dstaddr' },
    '/vpc/b': { cluster: 'b', format: 'version srcaddr dstaddr' },
    '/vpc/c': { cluster: 'c', format: 'version srcaddr dstaddr bytes' },
  };
  vi.stubEnv(environment.flowSources, JSON.stringify(sources));
  expect(flowFormats()).toEqual(['version srcaddr dstaddr', 'version srcaddr dstaddr bytes']);
});
