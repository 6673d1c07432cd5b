import type { Source } from '../../model/finding.ts';
import { cordon, limitBurst, quarantineHolder, quarantinePod, restoreLogs, restrictEndpoint, stopWorkload, undoChange } from './contain.ts';
import type { Facts } from './facts.ts';
import {
  awsCalls,
  fromAddress,
  keepPod,
  lostLog,
  recentlyMade,
  traffic,
  whatElse,
  whoMayWhat,
  whoseAddress,
  whoTouched,
} from './investigate.ts';
import {
  closeDoor,
  revokeAnonymous,
  revokeNode,
  revokePodIdentity,
  revokeSessions,
  revokeTokens,
  revokeWho,
  rotateSecrets,
  takeGrant,
} from './revoke.ts';
import type { Phase, Step } from './step.ts';
import { askWho, readRecord, seeAccess, seeLogging, seeTarget } from './verify.ts';

/** A step, as far as the facts of a case allow one. */
export type Maker = (facts: Facts) => Step | undefined;

/** What to do about one kind of case. */
export interface Playbook {
  readonly makers: readonly Maker[];
  /** What to find out at last, so that it does not happen again. */
  readonly rootCause: string;
}

const say =
  (phase: Phase, text: string, caveat?: string): Maker =>
  () => ({ phase, text, ...(caveat === undefined ? {} : { caveat }) });

const door: Maker = (facts) => closeDoor(facts);
const doorFirst: Maker = (facts) => closeDoor(facts, 'contain');
const verify: readonly Maker[] = [askWho, readRecord, seeTarget];

/** A pod or workload does, or is made to do, what it should not. */
const pod: Playbook = {
  makers: [
    ...verify,
    quarantinePod,
    cordon,
    keepPod,
    whoTouched,
    whatElse,
    recentlyMade,
    awsCalls,
    revokeWho,
    door,
    revokePodIdentity,
    rotateSecrets,
  ],
  rootCause:
    'Find the entrance: the image, an exposed service, an exec, a stolen token or a pipeline; and take the right away that made it possible.',
};

/** Pods or workloads are made in number. */
const burst: Playbook = {
  makers: [...verify, stopWorkload, limitBurst, quarantinePod, whatElse, recentlyMade, awsCalls, revokeWho, door],
  rootCause:
    'Find out what made them and why it could: a fault of a pipeline or a script of somebody; quotas per namespace keep the next one small.',
};

/** A credential of a person or role is in other hands, or its owner does what they never did. */
const identity: Playbook = {
  makers: [...verify, doorFirst, whatElse, awsCalls, fromAddress, whoMayWhat, revokeSessions, revokeWho],
  rootCause:
    'Find out how the credential got out: a laptop, the log of a pipeline, a repository, a pod with the role; and who else is in reach of that.',
};

/** The token of a service account is used by somebody else. */
const token: Playbook = {
  makers: [...verify, quarantineHolder, whatElse, whoTouched, fromAddress, whoMayWhat, revokeTokens, revokePodIdentity, rotateSecrets],
  rootCause: 'Find out how the token left its pod: an exec, a flaw of the application, a volume; mount no token where none is needed.',
};

/** Somebody got rights. */
const grant: Playbook = {
  makers: [...verify, seeAccess, takeGrant, door, whatElse, whoMayWhat, awsCalls, revokeWho, revokePodIdentity],
  rootCause: 'Find out who may give such rights and who needs to; search for what was done with them from the moment they were given.',
};

/** Secrets were read. */
const secrets: Playbook = {
  makers: [...verify, quarantineHolder, doorFirst, whatElse, awsCalls, whoMayWhat, revokeWho, rotateSecrets],
  rootCause: 'Find out why this caller may read these Secrets, and by whom they were used afterwards, outside the cluster too.',
};

/** Somebody is on a node, or nearly. */
const node: Playbook = {
  makers: [...verify, cordon, stopWorkload, whatElse, whoTouched, recentlyMade, awsCalls, revokeWho, door, revokeNode],
  rootCause: 'Find out who may run what reaches the host, and refuse it at the namespace (pod-security.kubernetes.io/enforce=baseline).',
};

/** Traffic that should not be. */
const network: Playbook = {
  makers: [...verify, quarantinePod, cordon, whoseAddress, traffic, keepPod, whoTouched, revokeTokens, revokePodIdentity, rotateSecrets],
  rootCause: 'Find the entrance into the sender, and forbid what nobody needs: a default-deny NetworkPolicy in each namespace.',
};

/** Something was opened to the outside, or answers there. */
const exposure: Playbook = {
  makers: [...verify, undoChange, restrictEndpoint, quarantinePod, whoTouched, whatElse, traffic, revokeWho],
  rootCause: 'Find out who came while it was open: the access log of the load balancer, and flow-log lines since the change.',
};

/** The logs themselves were touched. */
const telemetry: Playbook = {
  makers: [
    ...verify,
    seeLogging,
    restoreLogs,
    lostLog,
    whatElse,
    awsCalls,
    say('investigate', 'Look at what other eyes saw meanwhile: GuardDuty reads its own copy of the audit log.'),
    revokeWho,
    door,
  ],
  rootCause: 'Find out who may switch logs off, and deny it to all but the deployment role with a service control policy.',
};

/** Somebody tries doors. */
const denial: Playbook = {
  makers: [...verify, restrictEndpoint, fromAddress, whatElse, whoMayWhat, awsCalls, revokeWho, revokeAnonymous],
  rootCause: 'Find out how the endpoint is reached from there, and how the caller came by its credential, if it has one.',
};

/** A guard, a limit or a policy of the cluster was changed, or things were deleted. */
const change: Playbook = {
  makers: [...verify, undoChange, whatElse, whoTouched, recentlyMade, awsCalls, revokeWho, door],
  rootCause: 'Find out what came in or went out while the guard was down, and who may change it.',
};

/** Steps that add up to an intrusion. */
const incident: Playbook = {
  makers: [
    say('verify', 'Read the timeline first: who came in where, and what followed.'),
    ...verify,
    quarantinePod,
    quarantineHolder,
    doorFirst,
    cordon,
    keepPod,
    whatElse,
    whoTouched,
    awsCalls,
    traffic,
    revokeWho,
    revokePodIdentity,
    rotateSecrets,
    say(
      'investigate',
      'Look for the same caller, command and destination in the whole cluster, and in other clusters that the credential opens.',
    ),
  ],
  rootCause: 'Find the first step: what let the caller in, and what let each step lead to the next.',
};

/** Where a case differs by what it is about or which log tells it. */
interface Choice {
  readonly playbook: Playbook;
  readonly when?: Condition;
}

type Condition = (facts: Facts) => boolean;

const by =
  (...sources: Source[]): Condition =>
  ({ source }) =>
    source !== undefined && sources.includes(source);
const about =
  (...kinds: string[]): Condition =>
  ({ entity }) =>
    kinds.includes(entity);
const ofAccount: Condition = ({ serviceAccount }) => serviceAccount !== undefined;
const ofNobody: Condition = ({ who }) => who === '';
const ofNode: Condition = ({ who }) => who === 'node';

const whoever: readonly Choice[] = [
  { playbook: denial, when: ofNobody },
  { playbook: node, when: ofNode },
  { playbook: token, when: ofAccount },
  { playbook: identity },
];
const always = (playbook: Playbook): readonly Choice[] => [{ playbook }];

/** The playbook of a strategy: the first whose condition holds. */
const choices: Readonly<Record<string, readonly Choice[]>> = {
  'admission-control': always(change),
  'anonymous-access': always(denial),
  'attack-chain': always(incident),
  blinding: always(telemetry),
  'cluster-credentials': always(grant),
  'cluster-infrastructure': whoever,
  'container-spraying': always(burst),
  'debug-containers': always(pod),
  destruction: always(change),
  discovery: [{ playbook: network, when: by('flow') }, ...whoever],
  'exec-in-container': always(pod),
  exposure: always(exposure),
  'external-signals': [{ playbook: pod, when: about('pod', 'workload') }, { playbook: node, when: about('node') }, ...whoever],
  'forbidden-requests': always(denial),
  'guard-rails': always(change),
  'host-access': always(node),
  'iam-mapping': always(grant),
  imitation: always(pod),
  impersonation: whoever,
  'lateral-movement': always(network),
  'listed-addresses': [{ playbook: network, when: by('flow') }, ...whoever],
  'log-integrity': always(telemetry),
  'malicious-workload': always(pod),
  'network-policy': [{ playbook: network, when: by('flow') }, { playbook: change }],
  'offensive-client': whoever,
  'reserved-identities': always(grant),
  'resource-manipulation': always(change),
  'role-bindings': always(grant),
  roles: always(grant),
  'secret-access': always(secrets),
  'stolen-credentials': whoever,
  'traffic-over-time': [{ playbook: telemetry, when: about('log-source') }, { playbook: network }],
  tunnelling: always(pod),
  'unusual-traffic': always(network),
  'workload-placement': [{ playbook: node, when: about('node') }, { playbook: node, when: ofNode }, { playbook: pod }],
  'workload-tampering': always(pod),
};

/** For a strategy that is not listed: what the alert is about decides. */
const otherwise: readonly Choice[] = [
  { playbook: telemetry, when: about('log-source') },
  { playbook: network, when: by('flow') },
  { playbook: pod, when: about('pod', 'workload', 'namespace') },
  { playbook: node, when: about('node') },
  ...whoever,
];

/** The playbook of a case. */
export function playbookFor(facts: Facts): Playbook {
  const listed = Object.hasOwn(choices, facts.strategy) ? choices[facts.strategy] : undefined;
  return (listed ?? otherwise).find(({ when }) => when === undefined || when(facts))?.playbook ?? identity;
}
