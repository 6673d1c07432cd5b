import { type Micros, day, hour, minute } from './clock.ts';
import type { Json, JsonObject } from './go-json.ts';
import { Random } from './random.ts';

export const account = '111122223333';

export type IdentityKind = 'node' | 'service-account' | 'component' | 'person' | 'pipeline' | 'nobody';

/** What AWS knows of an IAM caller: the half of the identity that CloudTrail records share with audit events. */
export interface RoleSession {
  readonly role: string;
  readonly session: string;
  readonly principal: string;
  accessKey(time: Micros): string;
  /** When the session that is used at a time began. */
  since(time: Micros): Micros;
}

/** A caller of the Kubernetes API with the address and the agent it calls from. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly username: string;
  readonly groups: readonly string[];
  readonly address: string;
  readonly agent: string;
  /** The authorizer's reason: which binding allows this caller. Empty for the node authorizer. */
  readonly reason: string;
  readonly aws?: RoleSession;
  /** The `user` of an audit event at a time; credentials rotate, so its bytes do too. */
  user(time: Micros): JsonObject;
}

export interface BoundPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly nodeUid: string;
}

/** Sessions of instance roles are renewed about every six hours, those of people once a working day. */
const keyLifetime: Readonly<Record<'node' | 'person' | 'pipeline', Micros>> = {
  node: 6 * hour,
  person: day,
  pipeline: hour,
};

/** The kubelet renews a bound token at 80 % of its hour. Source: kubernetes `pkg/kubelet/token`. */
const tokenLifetime: Micros = 48 * minute;

const idLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function roleSession(kind: 'node' | 'person' | 'pipeline', role: string, session: string): RoleSession {
  const principal = `AROA${new Random(`role/${role}`).text(idLetters, 10)}EXAMPLE`;
  let era = -1;
  let key = '';
  return {
    role,
    session,
    principal,
    accessKey(time) {
      const now = Math.floor(time / keyLifetime[kind]);
      if (now !== era) key = `ASIA${new Random(`key/${role}/${session}/${String(now)}`).text(idLetters, 9)}EXAMPLE`;
      era = now;
      return key;
    },
    since: (time) => time - (time % keyLifetime[kind]),
  };
}

/** `user` as the IAM authenticator fills it. Source: kubernetes-sigs/aws-iam-authenticator, `pkg/server`. */
function iamUser(username: string, groups: readonly string[], aws: RoleSession, time: Micros): JsonObject {
  return {
    username,
    uid: `aws-iam-authenticator:${account}:${aws.principal}`,
    groups,
    extra: {
      accessKeyId: [aws.accessKey(time)],
      arn: [`arn:aws:sts::${account}:assumed-role/${aws.role}/${aws.session}`],
      canonicalArn: [`arn:aws:iam::${account}:role/${aws.role}`],
      principalId: [aws.principal],
      sessionName: [aws.session],
      'sigs.k8s.io/aws-iam-authenticator/principalId': [aws.principal],
    },
  };
}

export function nodeIdentity(node: { name: string; instance: string; address: string }, role: string, version: string): Identity {
  const aws = roleSession('node', role, node.instance);
  const username = `system:node:${node.name}`;
  const groups = ['system:nodes', 'system:authenticated'];
  return {
    kind: 'node',
    username,
    groups,
    address: node.address,
    agent: `kubelet/v${version} (linux/amd64) kubernetes/3c3f1c9`,
    reason: '',
    aws,
    user: (time) => iamUser(username, groups, aws, time),
  };
}

export interface RolePlan {
  readonly role: string;
  readonly session: string;
  readonly address: string;
  readonly agent: string;
  readonly group: string;
}

export function roleIdentity(kind: 'person' | 'pipeline', plan: RolePlan): Identity {
  const aws = roleSession(kind, plan.role, plan.session);
  const username = `arn:aws:sts::${account}:assumed-role/${plan.role}/${plan.session}`;
  const groups = [plan.group, 'system:authenticated'];
  return {
    kind,
    username,
    groups,
    address: plan.address,
    agent: plan.agent,
    reason: `RBAC: allowed by ClusterRoleBinding "${plan.group}" of ClusterRole "${plan.group}" to Group "${plan.group}"`,
    aws,
    user: (time) => iamUser(username, groups, aws, time),
  };
}

export interface AccountPlan {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  readonly agent: string;
  /** Absent for controllers of the control plane and for long-lived tokens, whose tokens are not bound to a pod. */
  readonly pod?: BoundPod;
  /** A token from a Secret: no credential id. */
  readonly legacy?: boolean;
}

export function serviceAccount(plan: AccountPlan): Identity {
  const username = `system:serviceaccount:${plan.namespace}:${plan.name}`;
  const uid = new Random(`account/${plan.namespace}/${plan.name}`).uuid();
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${plan.namespace}`, 'system:authenticated'];
  const role = plan.namespace === 'kube-system' ? `system:controller:${plan.name}` : `${plan.namespace}-${plan.name}`;
  let era = -1;
  let extra: Json | undefined;
  return {
    kind: 'service-account',
    username,
    groups,
    address: plan.address,
    agent: plan.agent,
    reason: `RBAC: allowed by ClusterRoleBinding "${role}" of ClusterRole "${role}" to ServiceAccount "${plan.name}/${plan.namespace}"`,
    user(time) {
      const now = Math.floor(time / tokenLifetime);
      if (now !== era) extra = plan.legacy === true ? undefined : tokenExtra(username, plan.pod, time);
      era = now;
      return { username, uid, groups, extra };
    },
  };
}

/** The id of the token that an account has at a time: told when it is issued and in each request that uses it. */
export function credentialId(username: string, pod: string, time: Micros): string {
  return new Random(`token/${username}/${pod}/${String(Math.floor(time / tokenLifetime))}`).uuid();
}

function tokenExtra(username: string, pod: BoundPod | undefined, time: Micros): JsonObject {
  const credential = credentialId(username, pod?.uid ?? '', time);
  return {
    'authentication.kubernetes.io/credential-id': [`JTI=${credential}`],
    'authentication.kubernetes.io/node-name': pod && [pod.node],
    'authentication.kubernetes.io/node-uid': pod && [pod.nodeUid],
    'authentication.kubernetes.io/pod-name': pod && [pod.name],
    'authentication.kubernetes.io/pod-uid': pod && [pod.uid],
  };
}

export function component(username: string, address: string, agent: string): Identity {
  const groups = ['system:authenticated'];
  return {
    kind: 'component',
    username,
    groups,
    address,
    agent,
    reason: `RBAC: allowed by ClusterRoleBinding "${username}" of ClusterRole "${username}" to User "${username}"`,
    user: () => ({ username, groups }),
  };
}

/** A client whose credentials were refused: the event has an empty user. */
export function nobody(address: string, agent: string): Identity {
  return { kind: 'nobody', username: '', groups: [], address, agent, reason: '', user: () => ({}) };
}

/** Credentials as they were at a time, in other hands: another address and another agent, and no renewal. */
export function stolen(identity: Identity, at: Micros, address: string, agent: string): Identity {
  const { aws } = identity;
  const key = aws?.accessKey(at) ?? '';
  const user = identity.user(at);
  const session = aws && { ...aws, accessKey: () => key, since: () => aws.since(at) };
  return { ...identity, address, agent, user: () => user, ...(session === undefined ? {} : { aws: session }) };
}
