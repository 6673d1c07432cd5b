import type { Severity } from '../model/finding.ts';
import type { Container } from '../model/pod-spec.ts';
import { shorten } from './shorten.ts';

/** Kinds of what a pod's declaration can say about it that somebody should know. */
export type TraitKind =
  | 'privileged'
  | 'host-path'
  | 'runtime-socket'
  | 'host-network'
  | 'host-pid'
  | 'host-ipc'
  | 'capability'
  | 'host-port'
  | 'offensive-image'
  | 'offensive-command'
  | 'credential'
  | 'pinned'
  | 'controller-account';

/** One remarkable thing about one declared pod. */
export interface PodTrait {
  readonly kind: TraitKind;
  /** Equal in two versions of a template where nothing about it changed. Holds no secret: it is remembered. */
  readonly id: string;
  readonly severity: Severity;
  /** After "with". */
  readonly words: string;
  /** Another trait of the pod says as much already; remembered, so that it is not news when that other one goes. */
  readonly implied?: true;
}

/** A container for text: `init container setup`. */
export function containerText({ role, name }: Container): string {
  return `${role === 'container' ? '' : `${role} `}container ${shorten(name)}`;
}
