/** Attacks whose rows no detection claims yet. A claim takes the attack from here. */
export const unclaimed: readonly string[] = [];

const applied = 'A pod that server-side apply creates is logged as a patch of pods, which is not read.';
const computed = 'The shell puts the command together from two variables; what a shell would compute is not computed.';
const entered = 'The folder is entered first and the file named alone; folder and file are not put together.';
const completed = 'The shell completes the name of the file; patterns are only completed where they are known.';

/**
 * Variants that are missed, and why that is so. A key is a variant, a form in every disguise (`attack / form`), a
 * disguise of every form (`attack, disguise`), or a whole attack. What is found after all must leave.
 */
export const blind: Readonly<Record<string, string>> = {
  'privileged-container / Pod apply-new': applied,
  'host-root-mounted / Pod apply-new': applied,
  'kubelet-folder-mounted / Pod apply-new': applied,
  'etc-mounted / Pod apply-new': applied,
  'containerd-socket-mounted / Pod apply-new': applied,
  'runtime-folder-mounted / Pod apply-new': applied,
  'docker-socket-mounted / Pod apply-new': applied,
  'host-network / Pod apply-new': applied,
  'host-pid / Pod apply-new': applied,
  'host-ipc / Pod apply-new': applied,
  'everything-at-once / Pod apply-new': applied,
  'shadow-read / halves put together': computed,
  'aws-credentials-read / halves put together': computed,
  'environment-of-process-read / halves put together': computed,
  'pod-identity-agent-asked / halves put together': computed,
  'host-chroot / halves put together': computed,
  'shadow-read / path relative': entered,
  'aws-credentials-read / path relative': entered,
  'environment-of-process-read / path relative': entered,
  'host-chroot / path through its own root': 'The folder of the host is reached through the root of the process itself.',
  'host-chroot / path a letter left to the shell': completed,
  'host-chroot / path the end left to the shell': completed,
  'pspy-run / path a letter left to the shell': completed,
  'pspy-run / path the end left to the shell': completed,
};

const emptyRule = 'A null rule is an empty one to the API server, and an empty rule lets everything through.';

/** Look-alikes that are rightly found, and why: `detection sample, change`. */
export const apt: Readonly<Record<string, string>> = {
  'network-policy-opened silent/almost-names-only-egress, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/almost-public-port-of-one-application, odd neighbours in lists': emptyRule,
  'network-policy-opened silent/own-namespace, odd neighbours in lists': emptyRule,
};
