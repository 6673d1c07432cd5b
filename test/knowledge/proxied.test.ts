import { describe, expect, it } from 'vitest';
import { debugContainerText, newDebugContainers } from '../../shared/knowledge/debug-containers.ts';
import { kubeletPower, kubeletRight } from '../../shared/knowledge/kubelet-api.ts';
import { isMetricsAccount } from '../../shared/knowledge/monitoring-accounts.ts';
import { accessQuestion, isPowerful } from '../../shared/knowledge/powerful-access.ts';
import { isProductionLike } from '../../shared/knowledge/production-namespaces.ts';
import { proxiedBy } from '../../shared/knowledge/proxied.ts';
import { AuditEvent } from '../../shared/model/audit.ts';
import { wholeBodies } from '../../shared/model/audit-bodies.ts';
import { salvagedHead } from '../../shared/model/audit-head.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import { siteOf } from '../../shared/model/site.ts';
import { recordsOf, scope } from '../support/records.ts';

const site = siteOf({});
const event = (raw: JsonObject): AuditEvent =>
  new AuditEvent(salvagedHead(raw, site), recordsOf([''])[0]!, scope, site, { bodies: wholeBodies(raw) });
const proxied = (name: string, requestURI: string) =>
  proxiedBy(event({ verb: 'get', requestURI, objectRef: { resource: 'services', subresource: 'proxy', name } }));

describe('what the API server carries', () => {
  it.each([
    ['web', '/api/v1/namespaces/a/services/web/proxy/x/y?z=1', { name: 'web', port: '', path: '/x/y' }],
    ['web:80', '/api/v1/namespaces/a/services/web:80/proxy/', { name: 'web', port: '80', path: '/' }],
    ['https:web:443', '/api/v1/namespaces/a/services/https%3Aweb%3A443/proxy', { name: 'web', port: '443', path: '/' }],
    ['https:web:', '/api/v1/namespaces/a/services/https:web:/proxy/x', { name: 'web', port: '', path: '/x' }],
    ['proxy', '/api/v1/namespaces/proxy/services/proxy/proxy/proxy', { name: 'proxy', port: '', path: '/proxy' }],
    ['proxy-x', '/api/v1/namespaces/a/services/proxy-x/proxy/run', { name: 'proxy-x', port: '', path: '/run' }],
    ['web', '/api/v1/namespaces/a/services/web/proxy//a/../%2e%2e/%2565xec', { name: 'web', port: '', path: '/exec' }],
    ['web', '/api/v1/namespaces/a/services/web/proxy/%zz', { name: 'web', port: '', path: '/%zz' }],
  ])('%s by %s', (name, uri, expected) => {
    expect(proxied(name, uri)).toEqual(expected);
  });
});

describe('the API of a kubelet', () => {
  it.each([
    ['/exec/a/b/c', 'high'],
    ['/run/a/b/c', 'high'],
    ['/runningpods', 'high'],
    ['/containerLogs/a/b/c', 'high'],
    ['/checkpoint/a/b/c', 'high'],
    ['/', 'medium'],
    ['/invented', 'medium'],
    ['/metrics/cadvisor', 'low'],
    ['/stats/summary', 'low'],
    ['/configz', 'low'],
  ])('%s is %s', (path, severity) => {
    expect(kubeletPower(path).severity).toBe(severity);
  });

  it('is the more dangerous the less is known about a right', () => {
    expect(['proxy', 'pods', 'log', 'invented', 'metrics', 'stats'].map((right) => kubeletRight(right).severity)).toEqual([
      ...['high', 'high', 'high', 'medium', 'low', 'low'],
    ]);
  });

  it('is read by collectors, which their token proves', () => {
    const accounts = [
      'monitoring:prometheus',
      'kube-system:metrics-server',
      'kube-system:default',
      'shop:metrics-server',
      'monitoring:a:b',
    ];
    expect(accounts.map((account) => isMetricsAccount(`system:serviceaccount:${account}`))).toEqual([true, true, false, false, false]);
    expect(isMetricsAccount('monitoring')).toBe(false);
  });
});

describe('questions about rights', () => {
  const asked = (attributes: JsonObject) =>
    accessQuestion(event({ verb: 'create', requestURI: '/', requestObject: { spec: { resourceAttributes: attributes } } }));

  it.each([
    [{ verb: 'get', resource: 'secrets' }, true],
    [{ verb: 'create', resource: 'pods', subresource: 'exec' }, true],
    [{ verb: 'escalate', resource: 'roles' }, true],
    [{ verb: '*', resource: 'configmaps' }, true],
    [{ verb: 'patch', resource: 'daemonsets' }, true],
    [{ verb: 'list', resource: 'pods' }, false],
    [{ verb: 'get', resource: 'clusterroles' }, false],
  ])('%j is powerful: %j', (attributes, powerful) => {
    const question = asked(attributes);
    expect(question && isPowerful(question)).toBe(powerful);
  });

  it('are none without a resource', () => {
    expect(asked({ verb: 'get', resource: 7 })).toBeUndefined();
  });
});

describe('debug containers', () => {
  const patched = (ephemeralContainers: readonly unknown[], ephemeralContainerStatuses: readonly unknown[]) =>
    event({
      verb: 'patch',
      requestURI: '/',
      objectRef: { resource: 'pods', subresource: 'ephemeralcontainers' },
      responseObject: { kind: 'Pod', spec: { ephemeralContainers }, status: { ephemeralContainerStatuses } },
    });

  it('are new until they have a status, whatever stands beside them', () => {
    const containers = [null, { name: 'old', image: 'a' }, 7, { name: 'new', image: 'b', command: ['sh', 1], targetContainerName: 'api' }];
    const fresh = newDebugContainers(patched(containers, [{ name: 'old' }, null]));
    expect(fresh.map(debugContainerText)).toEqual(['container new of image b, running `sh`, in the processes of container api']);
    expect(newDebugContainers(patched([{ name: 'a' }, { name: 'b' }], [{ name: 'a' }, { name: 'b' }])).map(({ name }) => name)).toEqual([
      'b',
    ]);
  });
});

it('knows production by its name', () => {
  expect(['prod', 'shop-prod', 'prod-eu1', 'production', 'live', 'products', 'reproduction', 'delivery'].map(isProductionLike)).toEqual([
    ...[true, true, true, true, true, false, false, false],
  ]);
});
