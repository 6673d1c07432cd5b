import { component, type Identity, nodeIdentity, type RoleSession, roleIdentity, serviceAccount } from '../simulation/identity.ts';
import { type Micros, instant } from '../simulation/clock.ts';

/** When attacks begin; what is learnt happened in the week before. */
export const now: Micros = instant('2026-03-11T09:14:22Z');

/** Whose session the attacker stole. He calls from its network with its agent, so that nothing is new about the caller. */
export const developer = roleIdentity('person', {
  role: 'AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864',
  session: 'shop-oncall',
  address: '198.51.100.23',
  agent: 'kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7',
  group: 'shop-developers',
});

/** Who did, in another role, a little of everything in the week before. */
export const colleague = roleIdentity('person', {
  role: 'AWSReservedSSO_Support_1b2c3d4e5f607182',
  session: 'support',
  address: '198.51.100.40',
  agent: developer.agent,
  group: 'support',
});

/** Who deploys what was there before. */
export const deployer = roleIdentity('pipeline', {
  role: 'shop-deployer',
  session: 'GitHubActions-4127',
  address: '10.0.12.40',
  agent: 'Helm/3.18.4',
  group: 'deployers',
});

export const node = nodeIdentity(
  { name: 'ip-10-0-31-7.eu-central-1.compute.internal', instance: 'i-0a1b2c3d4e5f60718', address: '10.0.31.7' },
  'harbour-node',
  '1.33.1',
);

const boundPod = {
  name: 'api-6f9d8c7b54-kq2xm',
  uid: '1597f658-a966-40db-8679-94edc3e1cdb9',
  node: 'ip-10-0-31-7.eu-central-1.compute.internal',
  nodeUid: '820d1add-6e13-486c-89d9-9e2f5eb2785d',
};

/** The account of a workload whose pod was taken over. */
export const workload = serviceAccount({
  namespace: 'shop',
  name: 'api',
  address: '10.0.31.112',
  agent: 'kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7',
  pod: boundPod,
});

export const secretsOperator = serviceAccount({
  namespace: 'external-secrets',
  name: 'external-secrets',
  address: '10.0.31.90',
  agent: 'external-secrets/v0.14.2',
  pod: { ...boundPod, name: 'external-secrets-7d9c5b6f4-xk2lp', uid: '26a48c32-f17d-47d3-becc-f5f9dc8b70eb' },
});

/** The controller that keeps aggregated roles, as every cluster has it. */
export const aggregator = serviceAccount({
  namespace: 'kube-system',
  name: 'clusterrole-aggregation-controller',
  address: '172.16.38.129',
  agent:
    'kube-controller-manager/v1.33.1 (linux/amd64) kubernetes/3c3f1c9/system:serviceaccount:kube-system:clusterrole-aggregation-controller',
});

const controller = (name: string): Identity =>
  serviceAccount({
    namespace: 'kube-system',
    name,
    address: '172.16.38.129',
    agent: `kube-controller-manager/v1.33.1 (linux/amd64) kubernetes/3c3f1c9/system:serviceaccount:kube-system:${name}`,
  });

export const replicaSets = controller('replicaset-controller');

export const cronJobs = controller('cronjob-controller');

export const gitOps = serviceAccount({
  namespace: 'argocd',
  name: 'argocd-application-controller',
  address: '10.0.31.77',
  agent: 'argocd-application-controller/v3.0.6',
  pod: { ...boundPod, name: 'argocd-application-controller-0', uid: '7d0c9c66-4f35-4a3c-93f5-6d1a52a0b1e8' },
});

export const anonymous: Identity = {
  ...component('system:anonymous', '203.0.113.66', 'Mozilla/5.0 (X11; Linux x86_64)'),
  kind: 'nobody',
  groups: ['system:unauthenticated'],
  user: () => ({ username: 'system:anonymous', groups: ['system:unauthenticated'] }),
};

/** An identity with other groups, or another name, than its own. */
export function wearing(identity: Identity, changes: { readonly username?: string; readonly groups?: readonly string[] }): Identity {
  const username = changes.username ?? identity.username;
  const groups = changes.groups ?? identity.groups;
  return { ...identity, username, groups, user: (time) => ({ ...identity.user(time), username, groups }) };
}

export function from(identity: Identity, address: string, agent = identity.agent): Identity {
  return { ...identity, address, agent };
}

function awsOf(identity: Identity): RoleSession {
  if (identity.aws === undefined) throw new Error(`${identity.username} has no session`);
  return identity.aws;
}

/** The stolen session on the AWS side. */
export const session = awsOf(developer);

export const deployerSession = awsOf(deployer);

export const image = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop/api:1.42.0';
