import { type Micros, hour, minute, second } from '../simulation/clock.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import { type Identity, component } from '../simulation/identity.ts';
import { rollOut } from '../simulation/rollout.ts';
import { type Target, apps, core, grouped } from '../simulation/target.ts';
import { drain } from '../simulation/upkeep.ts';
import { agents, type Fleet } from './fleet.ts';
import type { Person } from './people.ts';
import { platformPipeline } from './projects.ts';
import type { Town } from './town.ts';
import { helmRelease, rbac, read, write } from './writing.ts';

/** EKS's own role in its own account. Source: exclusions of published detection rules for EKS. */
const addonRole = 'AWSWesleyClusterManagerLambda-AddonManagerRole-1EXAMPLE';
const addonExtra = {
  arn: [`arn:aws:sts::444455556666:assumed-role/${addonRole}/1767225600`],
  canonicalArn: [`arn:aws:iam::444455556666:role/${addonRole}`],
  principalId: ['AROAADDONMANAGEREXAMP'],
  sessionName: ['1767225600'],
};
const addonManager: Identity = {
  ...component('eks:addon-manager', '172.16.60.181', 'eks-addon-manager/v1.0.0 (linux/amd64)'),
  user: () => ({
    username: 'eks:addon-manager',
    uid: 'aws-iam-authenticator:444455556666:AROAADDONMANAGEREXAMP',
    groups: ['system:authenticated'],
    extra: addonExtra,
  }),
};

/** A night in which nodes are emptied by hand, a node group is replaced and add-ons are brought up to date. */
export function planMaintenance(town: Town, fleet: Fleet, platform: Person, midnight: Micros): void {
  const { timeline, random } = town;
  const start = midnight + 20 * hour;
  const story = (at: Micros, action: (now: Micros) => void): void => {
    timeline.at(at, (now) => {
      town.tell('maintenance window', () => {
        action(now);
      });
    });
  };
  story(start, (now) => {
    awsCall(town, platform, 'UpdateClusterConfig', { name: 'town', logging: undefined, deletionProtection: true }, now);
    random
      .shuffled(town.nodes)
      .slice(0, 4)
      .forEach((node, index) => {
        drain(town, node, platform.identity, now + index * 12 * minute);
      });
  });
  for (const [index, addonName] of ['vpc-cni', 'kube-proxy', 'aws-ebs-csi-driver'].entries()) {
    story(start + hour + index * 10 * minute, (now) => {
      awsCall(town, platform, 'UpdateAddon', { name: 'town', addonName, addonVersion: 'v1.20.1-eksbuild.1' }, now);
      const agent = { 'vpc-cni': 'aws-node', 'kube-proxy': 'kube-proxy', 'aws-ebs-csi-driver': 'ebs-csi-node' }[addonName] ?? '';
      upgradeAddon(town, fleet, agent, now + 30 * second);
    });
  }
  story(start + 2 * hour, (now) => {
    awsCall(
      town,
      platform,
      'CreateNodegroup',
      { clusterName: 'town', nodegroupName: 'general-v2', amiType: 'AL2023_x86_64_STANDARD' },
      now,
    );
    for (let index = 0; index < 4; index++) fleet.join(now + (3 + index) * minute);
    const old = random.shuffled(town.nodes.filter(({ cordoned }) => !cordoned)).slice(0, 4);
    old.forEach((node, index) => {
      timeline.at(now + (20 + index * 8) * minute, (later) => {
        fleet.leave(node, later);
      });
    });
    timeline.at(now + 70 * minute, (later) => {
      awsCall(town, platform, 'DeleteNodegroup', { name: 'town', clusterName: 'town', nodegroupName: 'general-v1' }, later);
    });
  });
}

function awsCall(town: Town, { identity }: Person, name: string, parameters: JsonObject, at: Micros): void {
  const { aws, address } = identity;
  if (aws !== undefined) town.call({ by: aws, at, service: 'eks', name, address, agent: 'aws-cli/2.22.35', parameters });
}

/** EKS applies a new version of an add-on, and the DaemonSet controller rolls it out. */
function upgradeAddon(town: Town, fleet: Fleet, name: string, at: Micros): void {
  const agent = agents.find((one) => one.name === name);
  if (agent === undefined) return;
  const image = `${agent.repository}:v1.20.1`;
  const template = {
    metadata: { labels: { 'k8s-app': name } },
    spec: { containers: [{ name, image, ...agent.container }], ...agent.spec },
  };
  const object = { spec: { selector: { matchLabels: { 'k8s-app': name } }, template } };
  write(town, { by: addonManager, at, verb: 'patch', target: apps('daemonsets', agent.namespace, name), object, manager: 'eks' });
  fleet.upgradeAgent(name, 'v1.20.1', at + 5 * second);
}

interface Operator {
  readonly key: string;
  readonly resources: readonly string[];
  readonly group: string;
  readonly hooks: 'validatingwebhookconfigurations' | 'mutatingwebhookconfigurations' | undefined;
}

const upgradable: readonly Operator[] = [
  {
    key: 'cert-manager/cert-manager',
    resources: ['certificates', 'issuers'],
    group: 'cert-manager.io',
    hooks: 'validatingwebhookconfigurations',
  },
  {
    key: 'external-secrets/external-secrets',
    resources: ['externalsecrets', 'secretstores'],
    group: 'external-secrets.io',
    hooks: 'validatingwebhookconfigurations',
  },
  { key: 'keda/keda-operator', resources: ['scaledobjects', 'scaledjobs'], group: 'keda.sh', hooks: 'validatingwebhookconfigurations' },
  {
    key: 'monitoring/prometheus',
    resources: ['servicemonitors', 'podmonitors'],
    group: 'monitoring.coreos.com',
    hooks: 'mutatingwebhookconfigurations',
  },
  { key: 'argocd/argocd-application-controller', resources: ['applications', 'appprojects'], group: 'argoproj.io', hooks: undefined },
  { key: 'karpenter/karpenter', resources: ['nodepools', 'nodeclaims'], group: 'karpenter.sh', hooks: undefined },
];

/** The platform's pipeline upgrades some operators with their charts. */
export function planUpgrades(town: Town, midnight: Micros): void {
  const { random, timeline } = town;
  const chosen = random.shuffled(upgradable).slice(0, 3);
  chosen.forEach((operator, index) => {
    timeline.at(midnight + (9 + index * 1.5) * hour, (now) => {
      town.tell('operator upgrades', () => {
        upgrade(town, operator, now);
      });
    });
  });
}

function upgrade(town: Town, { key, resources, group, hooks }: Operator, at: Micros): void {
  const by = platformPipeline(town);
  const workload = town.workload(key);
  const { namespace, name } = workload.plan;
  helmRelease(town, by, at, namespace, name, workload.generation + 1);
  const patch = (target: Target, object: JsonObject, after: number): void => {
    write(town, { by, at: at + after * second, verb: 'patch', target, object });
  };
  resources.forEach((resource, index) => {
    const crd = grouped('apiextensions.k8s.io', 'customresourcedefinitions', undefined, `${resource}.${group}`);
    const names = { plural: resource, kind: resource };
    patch(crd, { spec: { group, names, scope: 'Namespaced', versions: [{ name: 'v1', served: true, storage: true }] } }, 2 + index);
  });
  const rules = [
    { apiGroups: [group], resources: ['*'], verbs: ['get', 'list', 'watch', 'update', 'patch'] },
    { apiGroups: [''], resources: ['secrets', 'events', 'services', 'pods'], verbs: ['get', 'list', 'watch', 'create', 'update', 'patch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  ];
  patch(rbac('clusterroles', undefined, `${name}-controller`), { rules }, 5);
  // Helm sends no patch for what stays the same.
  read(town, by, at + 6 * second, rbac('clusterrolebindings', undefined, `${name}-controller`));
  read(town, by, at + 7 * second, core('serviceaccounts', namespace, name));
  if (hooks !== undefined)
    patch(grouped('admissionregistration.k8s.io', hooks, undefined, `${name}-webhook`), webhook(namespace, name, group), 8);
  rollOut(town, workload, `${workload.plan.image}:v1.15.${String(workload.generation)}`, { by, style: 'apply' }, at + 10 * second);
  town.timeline.at(at + 2 * minute, (now) => {
    newWatches(town, key, resources, group, now);
    if (hooks !== undefined)
      injectBundle(
        town,
        grouped('admissionregistration.k8s.io', hooks, undefined, `${name}-webhook`),
        webhook(namespace, name, group),
        now,
      );
  });
}

function webhook(namespace: string, name: string, group: string): JsonObject {
  const rule = { apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['*'] };
  const clientConfig = { service: { name: `${name}-webhook`, namespace, path: '/validate', port: 443 } };
  return {
    webhooks: [
      {
        name: `webhook.${group}`,
        clientConfig,
        rules: [rule],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

/** The upgraded operator has another agent, and looks at what it never looked at; KEDA at Secrets, where others always did. */
function newWatches(town: Town, key: string, resources: readonly string[], group: string, at: Micros): void {
  const account = town.workload(key).identity;
  if (account === undefined) return;
  const by = { ...account, agent: account.agent.replace('v1.14.0', 'v1.15.0') };
  for (const target of [
    ...resources.map((resource) => grouped(group, resource)),
    core('configmaps'),
    core('events'),
    ...(key.startsWith('keda/') ? [core('secrets')] : []),
  ]) {
    town.request({ by, at, verb: 'list', target, query: 'limit=500&resourceVersion=0' });
    town.request({ by, at: at + second, verb: 'watch', target, query: 'watch=true&timeoutSeconds=400', lasts: 6 * minute });
  }
}

/** The injector of cert-manager puts the certificate of the authority into webhooks. */
function injectBundle(town: Town, target: Target, object: JsonObject, at: Micros): void {
  const by = town.workload('cert-manager/cert-manager-cainjector').identity;
  if (by !== undefined) write(town, { by, at: at + 20 * second, verb: 'patch', target, object, manager: 'cainjector' });
}
