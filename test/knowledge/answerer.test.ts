import { describe, expect, it } from 'vitest';
import { answererOf } from '../../shared/knowledge/answerer.ts';

describe('who answers for the API server', () => {
  it.each([
    [{ url: 'https://hooks.example.org/mutate' }, true],
    [{ url: 'https://203.0.113.7:8443/' }, true],
    [{ url: 'https://localhost.example.org/' }, true],
    [{ url: 'https://127.0.0.1.example.org/' }, true],
    [{ url: 'https://tools.svc.example.org/' }, true],
    [{ url: 'not a url' }, true],
    [{ url: 'https://127.0.0.1:23443/mutate' }, false],
    [{ url: 'https://[::1]:23443/mutate' }, false],
    [{ url: 'https://hooks.tools.svc:443/' }, false],
    [{ service: { namespace: 'tools', name: 'hooks' } }, false],
    [{ url: 7, service: null }, false],
    [null, false],
  ])('%j outside of the cluster: %s', (config, external) => {
    expect(answererOf(config).external).toBe(external);
  });
});
