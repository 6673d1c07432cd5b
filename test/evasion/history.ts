import { day, hour } from '../simulation/clock.ts';
import { serialise } from '../simulation/go-json.ts';
import { Random } from '../simulation/random.ts';
import { apps, core, grouped } from '../simulation/target.ts';
import type { Ask } from './attack.ts';
import {
  aggregator,
  colleague,
  cronJobs,
  deployer,
  developer,
  gitOps,
  image,
  node,
  now,
  replicaSets,
  secretsOperator,
  workload,
} from './cast.ts';
import { asked } from './records.ts';
import { rbac } from './requests.ts';

const pods = core('pods', 'shop');
const apiRole = {
  kind: 'Role',
  apiVersion: `${rbac}/v1`,
  metadata: { name: 'api', namespace: 'shop' },
  rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
};
const cartPod = { containers: [{ name: 'cart', image: image.replace('api', 'cart') }], restartPolicy: 'Always' };
const cart = {
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { replicas: 3, selector: { matchLabels: { app: 'cart' } }, template: { metadata: { labels: { app: 'cart' } }, spec: cartPod } },
};
const replica = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: 'cart-5c8f7d9b64-x2w4z',
    namespace: 'shop',
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-5c8f7d9b64', uid: '0f9d2c1b-6c1e-4b4e-9a55-3f1f2b8f9d10', controller: true },
    ],
  },
  spec: cartPod,
};
const report = {
  kind: 'Job',
  apiVersion: 'batch/v1',
  metadata: {
    name: 'report-29471520',
    namespace: 'shop',
    ownerReferences: [
      { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid: '5a0e7b3c-0d3f-4f3e-8f43-7a6d6a0c9b21', controller: true },
    ],
  },
  spec: { template: { spec: { ...cartPod, restartPolicy: 'Never' } } },
};
const token = {
  kind: 'TokenRequest',
  apiVersion: 'authentication.k8s.io/v1',
  metadata: {},
  spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: 3607 },
};
const daily: readonly Ask[] = [
  { by: developer, verb: 'list', target: pods, query: 'limit=500' },
  { by: developer, verb: 'get', target: core('pods', 'shop', 'api-6f9d8c7b54-kq2xm') },
  { by: developer, verb: 'get', target: core('configmaps', 'shop', 'conf') },
  { by: deployer, verb: 'get', target: apps('deployments', 'shop', 'api') },
  { by: deployer, verb: 'get', target: core('secrets', 'shop', 'sh.helm.release.v1.api.v7') },
  { by: secretsOperator, verb: 'get', target: core('secrets', 'shop', 'db') },
  { by: workload, verb: 'get', target: core('configmaps', 'shop', 'conf') },
  { by: node, verb: 'get', target: pods },
  // What every cluster does all day: without it, memories of readers and writers would have no age.
  { by: node, verb: 'get', target: core('configmaps', 'kube-system', 'coredns') },
  { by: aggregator, verb: 'watch', target: grouped(rbac, 'clusterroles'), lasts: 5_000_000 },
  { by: deployer, verb: 'list', target: core('secrets', 'shop'), query: 'labelSelector=owner%3Dhelm' },
  { by: colleague, verb: 'list', target: core('nodes'), code: 403 },
  { by: colleague, verb: 'get', target: core('pods', 'shop', 'web-5d8c7f6b9d-2xkzq', 'log'), query: 'container=web' },
  {
    by: colleague,
    verb: 'get',
    target: core('pods', 'shop', 'web-5d8c7f6b9d-2xkzq', 'exec'),
    query: 'command=ls&container=web&stdout=true',
    code: 101,
  },
  // Deployments, schedules and tokens as they come every day.
  { by: deployer, verb: 'update', target: apps('deployments', 'shop', 'cart'), sent: cart, answered: cart },
  { by: replicaSets, verb: 'create', target: core('pods', 'shop', 'cart-5c8f7d9b64-x2w4z'), sent: replica, answered: replica },
  { by: cronJobs, verb: 'create', target: grouped('batch', 'jobs', 'shop', 'report-29471520'), sent: report, answered: report },
  { by: node, verb: 'create', target: core('serviceaccounts', 'shop', 'api', 'token'), sent: token, answered: token },
  { by: node, verb: 'delete', target: core('pods', 'shop', 'cart-5c8f7d9b64-kq2xm'), sent: { kind: 'DeleteOptions', apiVersion: 'v1' } },
  { by: deployer, verb: 'create', target: core('secrets', 'shop', 'sh.helm.release.v1.cart.v7') },
  { by: secretsOperator, verb: 'watch', target: core('namespaces'), query: 'watch=true', lasts: 5_000_000 },
  { by: gitOps, verb: 'patch', target: grouped(rbac, 'roles', 'shop', 'api'), sent: apiRole, answered: apiRole },
];

/** An ordinary week: everybody whose credentials are stolen later did something harmless in it, each day. */
export function weekBefore(): string[] {
  const random = new Random('evasion/week');
  return Array.from({ length: 7 }, (_, at) => asked(daily, now - (7 - at) * day - 2 * hour, random))
    .flat()
    .map(serialise);
}
