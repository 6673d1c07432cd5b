import { day, hour } from '../simulation/clock.ts';
import { serialise } from '../simulation/go-json.ts';
import { Random } from '../simulation/random.ts';
import { apps, core, grouped } from '../simulation/target.ts';
import type { Ask } from './attack.ts';
import { aggregator, colleague, deployer, developer, gitOps, node, now, secretsOperator, workload } from './cast.ts';
import { asked } from './records.ts';
import { rbac } from './requests.ts';

const pods = core('pods', 'shop');
const apiRole = {
  kind: 'Role',
  apiVersion: `${rbac}/v1`,
  metadata: { name: 'api', namespace: 'shop' },
  rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
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
  { by: gitOps, verb: 'patch', target: grouped(rbac, 'roles', 'shop', 'api'), sent: apiRole, answered: apiRole },
];

/** An ordinary week: everybody whose credentials are stolen later did something harmless in it, each day. */
export function weekBefore(): string[] {
  const random = new Random('evasion/week');
  return Array.from({ length: 7 }, (_, at) => asked(daily, now - (7 - at) * day - 2 * hour, random))
    .flat()
    .map(serialise);
}
