import type { Entity } from '../model/entity.ts';
import type { Severity } from '../model/finding.ts';
import type { SignalEvent } from '../model/signal.ts';
import { withoutPodSuffix } from './pod-names.ts';
import { shorten } from './shorten.ts';

/**
 * What is told of a Falco alert: in Falco's words and as grave as Falco has it. Pods of one workload come and go and would
 * each be an alert of their own, so that their common name stands for them; which pod it was is in the text.
 */
export function falcoVerdict(event: SignalEvent): {
  readonly entity: Entity;
  readonly about: string;
  readonly summary: string;
  readonly severity: Severity;
} {
  const { entity, type, title, severity } = event;
  return {
    entity: entity.kind === 'pod' ? { kind: 'workload', id: withoutPodSuffix(entity.id), name: withoutPodSuffix(entity.name) } : entity,
    about: type,
    summary: `Falco reports about ${shorten(entity.name)}: ${shorten(type)}: ${shorten(title, 400)}.`,
    severity,
  };
}

/** The machine that a signal comes from, for a sentence. */
export function machineText({ entity }: SignalEvent): string {
  return entity.kind === 'node' ? `node ${shorten(entity.name)}` : 'a node that the log does not name';
}
