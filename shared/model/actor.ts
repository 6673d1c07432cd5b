import { type JsonObject, at, object, text, texts } from './json.ts';
import type { Actor, ActorKind } from './entity.ts';

/**
 * Who a Kubernetes request was authenticated as.
 *
 * IAM callers carry `uid: aws-iam-authenticator:ACCOUNT:PRINCIPAL` and their ARNs in `extra`; only the API server
 * writes those. Source: kubernetes-sigs/aws-iam-authenticator, `pkg/server`.
 */
export function actorOf(user: JsonObject): Actor {
  const username = text(user['username']) ?? '';
  const uid = text(user['uid']) ?? '';
  const groups = texts(user['groups']);
  const extra = object(user['extra']);
  const type = typeOf(username, uid, groups);
  const canonicalArn = first(extra, 'canonicalArn');
  const session = first(extra, 'sessionName');
  const accessKey = first(extra, 'accessKeyId');
  const account = iamUid.exec(uid)?.[1];
  const podName = first(extra, 'authentication.kubernetes.io/pod-name');
  const podUid = first(extra, 'authentication.kubernetes.io/pod-uid');
  return {
    kind: 'identity',
    type,
    id: identifier(type, username, canonicalArn, session),
    name: nameFor(type, username, canonicalArn, session),
    username,
    principal: canonicalArn ?? username,
    groups,
    ...(account ? { account } : {}),
    ...(session ? { session } : {}),
    ...(accessKey ? { accessKey } : {}),
    ...(podName && podUid ? { pod: { name: podName, uid: podUid } } : {}),
  };
}

/** Prefixes of `uid` that the IAM authenticator writes; the second is older. */
const iamUid = /^(?:aws-iam-authenticator|heptio-authenticator-aws):(\d*)/;

/** Controllers run with the API server and use service accounts of kube-system. Source: kubernetes `cmd/kube-controller-manager`. */
const controllerAccount =
  /^system:serviceaccount:kube-system:(?:[a-z-]+-controller|generic-garbage-collector|persistent-volume-binder|root-ca-cert-publisher|pvc-protection-controller|pv-protection-controller|horizontal-pod-autoscaler)$/;

const controlPlaneNames: ReadonlySet<string> = new Set(['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler']);

function typeOf(username: string, uid: string, groups: readonly string[]): ActorKind {
  const iam = iamUid.test(uid);
  if (username === '' || username === 'system:anonymous') return 'anonymous';
  if (username.startsWith('system:node:')) return 'node';
  if (iam) return 'iam';
  if (controlPlaneNames.has(username)) return 'control-plane';
  if (username.startsWith('system:serviceaccount:')) return 'service-account';
  if (username.startsWith('eks:')) return 'eks';
  return groups.includes('system:unauthenticated') ? 'anonymous' : 'certificate';
}

/** Several people share a role, so a person is role and session; a node's session is its instance and adds nothing to its name. */
function identifier(type: ActorKind, username: string, canonicalArn?: string, session?: string): string {
  if (canonicalArn === undefined || type === 'node') return username === '' ? 'anonymous' : username;
  return session ? `${canonicalArn}/${session}` : canonicalArn;
}

function nameFor(type: ActorKind, username: string, canonicalArn?: string, session?: string): string {
  if (type === 'service-account') return username.slice('system:serviceaccount:'.length).replace(':', '/');
  if (type !== 'iam' || canonicalArn === undefined) return username === '' ? 'an unauthenticated client' : username;
  const role = canonicalArn.slice(canonicalArn.lastIndexOf('/') + 1);
  return session ? `${role} (${session})` : role;
}

function first(extra: JsonObject | undefined, key: string): string | undefined {
  return extra === undefined ? undefined : (texts(at(extra, key))[0] ?? undefined);
}

/**
 * A part of the control plane doing its work: authenticated as one of its components, and not an IAM principal
 * wearing a `system:` name. A controller's token is not bound to a pod; one that is was stolen or belongs to an add-on.
 */
export function isControlPlane(actor: Actor): boolean {
  let known = controlPlane.get(actor);
  if (known === undefined) controlPlane.set(actor, (known = isPartOfControlPlane(actor)));
  return known;
}

/** Many detections ask the same of each event, and one caller sends many. */
const controlPlane = new WeakMap<Actor, boolean>();

function isPartOfControlPlane(actor: Actor): boolean {
  if (actor.type === 'control-plane') return true;
  return actor.type === 'service-account' && actor.pod === undefined && isControllerAccount(actor.id);
}

/** Whether a username is one that controllers of the control plane have. */
export function isControllerAccount(username: string): boolean {
  return controllerAccount.test(username);
}
