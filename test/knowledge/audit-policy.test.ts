import { describe, expect, it, test } from 'vitest';
import { type AuditLevel, type AuditedRequest, auditLevel } from '../../shared/knowledge/audit-policy.ts';

/** What the published policy comes to, request by request: written from its text, and not from its model. */

const people = { user: 'jane', groups: ['system:authenticated'] };
const node = { user: 'system:node:ip-10-0-1-7.eu-central-1.compute.internal', groups: ['system:nodes', 'system:authenticated'] };
const as = (user: string): Pick<AuditedRequest, 'user' | 'groups'> => ({ user, groups: ['system:authenticated'] });
const account = (namespace: string, name: string): typeof people => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

/** `get kube-system/configmaps/aws-auth`, with `resource.group` and `resource/subresource`; a path begins with a slash. */
function request(who: Pick<AuditedRequest, 'user' | 'groups'>, words: string): AuditedRequest {
  const [verb = '', what = '', object = ''] = words.split(' ');
  const [namespace = '', name = ''] = object.split('/');
  const nothing = { group: '', resource: '', subresource: '', namespace: '', name: '', path: what };
  if (what.startsWith('/')) return { ...who, ...nothing, verb };
  const [, resource = '', , subresource = '', , group = ''] = /^([a-z]+)(\/([a-z]+))?(\.(.+))?$/.exec(what) ?? [];
  return { ...who, verb, group, resource, subresource, namespace, name, path: `/${group === '' ? 'api' : 'apis'}` };
}

const table: readonly [AuditLevel, Pick<AuditedRequest, 'user' | 'groups'>, string][] = [
  // The map of IAM to Kubernetes: changes in full, but neither its creation nor a namesake.
  ['RequestResponse', people, 'update configmaps kube-system/aws-auth'],
  ['RequestResponse', people, 'patch configmaps kube-system/aws-auth'],
  ['RequestResponse', people, 'delete configmaps kube-system/aws-auth'],
  ['Metadata', people, 'create configmaps kube-system/aws-auth'],
  ['Metadata', people, 'get configmaps kube-system/aws-auth'],
  ['Metadata', people, 'update configmaps payments/aws-auth'],
  ['Metadata', people, 'update configmaps kube-system/coredns'],
  // What the cluster's own parts do all day.
  ['None', as('system:kube-proxy'), 'watch endpoints'],
  ['None', as('system:kube-proxy'), 'watch services'],
  ['Request', as('system:kube-proxy'), 'list services'],
  ['Metadata', as('system:kube-proxy'), 'watch endpointslices.discovery.k8s.io'],
  ['None', as('kubelet'), 'get nodes /worker'],
  ['None', node, 'get nodes /worker'],
  ['None', node, 'get nodes/status /worker'],
  ['Request', node, 'get nodes/proxy /worker'],
  ['Request', node, 'list nodes'],
  ['Request', node, 'get pods payments/api'],
  ['None', as('system:kube-controller-manager'), 'get endpoints kube-system/kube-dns'],
  ['None', as('system:kube-scheduler'), 'update endpoints kube-system/kube-scheduler'],
  ['None', account('kube-system', 'endpoint-controller'), 'update endpoints kube-system/kube-dns'],
  ['RequestResponse', account('kube-system', 'endpoint-controller'), 'update endpoints payments/api'],
  ['RequestResponse', as('system:kube-scheduler'), 'patch endpoints kube-system/kube-scheduler'],
  ['None', as('system:apiserver'), 'get namespaces payments/payments'],
  ['None', as('system:apiserver'), 'get namespaces/finalize payments/payments'],
  ['Request', as('system:apiserver'), 'list namespaces'],
  ['Request', people, 'get namespaces payments/payments'],
  ['None', as('system:kube-controller-manager'), 'list pods.metrics.k8s.io'],
  ['Request', account('kube-system', 'horizontal-pod-autoscaler'), 'list pods.metrics.k8s.io'],
  // Paths that are no resource.
  ['None', people, 'get /healthz'],
  ['None', people, 'get /healthz/etcd'],
  ['None', people, 'get /version'],
  ['Metadata', people, 'get /version/'],
  ['None', people, 'get /swagger.json'],
  ['Metadata', people, 'get /readyz'],
  ['Metadata', people, 'get /livez'],
  ['Metadata', people, 'get /api'],
  ['Metadata', people, 'get /openapi/v2'],
  ['Metadata', people, 'post /metrics'],
  // Events of the core group are nowhere, those of their own group are seen.
  ['None', people, 'delete events payments/api.17'],
  ['None', people, 'list events'],
  ['None', node, 'create events payments/api.17'],
  ['Metadata', people, 'delete events.events.k8s.io payments/api.17'],
  // Reports of nodes: what they send, not what comes of it.
  ['Request', node, 'patch pods/status payments/api'],
  ['Request', node, 'update nodes/status /worker'],
  ['Request', as('kubelet'), 'patch nodes/status /worker'],
  ['Request', account('kube-system', 'node-problem-detector'), 'patch nodes/status /worker'],
  ['RequestResponse', people, 'patch pods/status payments/api'],
  ['RequestResponse', node, 'patch nodes /worker'],
  // A namespace goes: even of Secrets, the options of the deletion.
  ['Request', account('kube-system', 'namespace-controller'), 'deletecollection pods payments/'],
  ['Request', account('kube-system', 'namespace-controller'), 'deletecollection secrets payments/'],
  ['Request', account('kube-system', 'namespace-controller'), 'deletecollection ciliumnetworkpolicies.cilium.io payments/'],
  ['RequestResponse', people, 'deletecollection pods payments/'],
  // What may hold secrets.
  ['Metadata', people, 'get secrets payments/db'],
  ['Metadata', people, 'create secrets payments/'],
  ['Metadata', people, 'deletecollection secrets payments/'],
  ['Metadata', node, 'watch secrets payments/db'],
  ['Metadata', as('system:apiserver'), 'create tokenreviews.authentication.k8s.io'],
  ['Request', node, 'create serviceaccounts/token payments/api'],
  ['Request', people, 'create serviceaccounts/token payments/api'],
  ['RequestResponse', people, 'create serviceaccounts payments/api'],
  // Reads of what Kubernetes serves itself, streams over WebSocket among them.
  ['Request', people, 'list pods'],
  ['Request', people, 'get pods/exec payments/api'],
  ['Request', people, 'get pods/log payments/api'],
  ['Request', people, 'watch deployments.apps'],
  ['Request', people, 'list clusterrolebindings.rbac.authorization.k8s.io'],
  ['Request', people, 'get volumeattachments.storage.k8s.io /pv'],
  // Writes of it.
  ['RequestResponse', people, 'create pods payments/api'],
  ['RequestResponse', people, 'create pods/exec payments/api'],
  ['RequestResponse', people, 'create pods/eviction payments/api'],
  ['RequestResponse', people, 'patch pods/ephemeralcontainers payments/api'],
  ['RequestResponse', people, 'delete namespaces payments/payments'],
  ['RequestResponse', people, 'patch daemonsets.apps kube-system/aws-node'],
  ['RequestResponse', people, 'create cronjobs.batch payments/report'],
  ['RequestResponse', people, 'update horizontalpodautoscalers.autoscaling payments/api'],
  ['RequestResponse', people, 'create ingresses.extensions payments/api'],
  ['RequestResponse', people, 'delete networkpolicies.networking.k8s.io payments/deny'],
  ['RequestResponse', people, 'create poddisruptionbudgets.policy payments/api'],
  ['RequestResponse', people, 'create rolebindings.rbac.authorization.k8s.io payments/admin'],
  ['RequestResponse', people, 'update certificatesigningrequests/approval.certificates.k8s.io /node'],
  ['RequestResponse', people, 'create selfsubjectaccessreviews.authorization.k8s.io'],
  ['RequestResponse', people, 'create selfsubjectreviews.authentication.k8s.io'],
  ['RequestResponse', people, 'delete apiservices.apiregistration.k8s.io /v1'],
  ['RequestResponse', people, 'create customresourcedefinitions.apiextensions.k8s.io /x'],
  ['RequestResponse', people, 'patch mutatingwebhookconfigurations.admissionregistration.k8s.io /x'],
  ['RequestResponse', people, 'create priorityclasses.scheduling.k8s.io /x'],
  ['RequestResponse', people, 'create podpresets.settings.k8s.io payments/x'],
  ['RequestResponse', people, 'create storageclasses.storage.k8s.io /x'],
  // All the rest: that it was done, by whom and when.
  ['Metadata', people, 'delete ciliumnetworkpolicies.cilium.io payments/deny'],
  ['Metadata', people, 'patch applications.argoproj.io argocd/api'],
  ['Metadata', node, 'update leases.coordination.k8s.io kube-node-lease/worker'],
  ['Metadata', people, 'create runtimeclasses.node.k8s.io /x'],
  ['Metadata', people, 'delete flowschemas.flowcontrol.apiserver.k8s.io /x'],
];

test.each(table)('%s is what EKS logs for %j: %s', (level, who, words) => {
  expect(auditLevel(request(who, words)).level).toBe(level);
});

describe('stages', () => {
  const stages = (who: Pick<AuditedRequest, 'user' | 'groups'>, words: string): readonly string[] => auditLevel(request(who, words)).stages;

  it('are the end of a request, whatever the end', () => {
    expect(stages(people, 'create pods payments/api')).toEqual(['ResponseComplete', 'Panic']);
    expect(stages(people, 'get secrets payments/db')).toEqual(['ResponseComplete', 'Panic']);
    expect(stages(people, 'get /livez')).toEqual(['ResponseComplete', 'Panic']);
  });

  it.each([
    'get pods/exec',
    'create pods/exec',
    'get pods/attach',
    'create pods/portforward',
    'get pods/log',
    'get nodes/proxy',
    'watch secrets',
  ])('have a start for %s, which lasts', (words) => {
    expect(stages(people, words)).toEqual(['ResponseStarted', 'ResponseComplete', 'Panic']);
  });

  it('begin with the arrival for tokens alone', () => {
    expect(stages(node, 'create serviceaccounts/token payments/api')).toEqual(['RequestReceived', 'ResponseComplete', 'Panic']);
  });

  it('are but the start where nobody could be authenticated', () => {
    expect(stages({ user: '', groups: [] }, 'list pods')).toEqual(['ResponseStarted']);
    expect(auditLevel(request({ user: '', groups: [] }, 'list pods')).level).toBe('Request');
  });

  it('are none of what is not logged', () => {
    expect(stages(people, 'list events')).toEqual([]);
  });
});
