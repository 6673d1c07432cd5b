import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, list, object, text } from '../model/json.ts';
import { podSpecOf } from '../model/pod-spec.ts';
import { minute } from '../model/time.ts';
import { hostAccessesOf } from './host-access.ts';
import { isAgentContainer } from './node-agents.ts';

/** A pod that somebody deleted soon after it was made. */
export interface ShortLife {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** Milliseconds between creation and deletion, by the server's clock. */
  readonly age: number;
  /** What its owner reference says; the creator of a bare pod can write one. */
  readonly owner: string | undefined;
  /** How it reached its node. */
  readonly access: readonly string[];
}

/** Long enough to run a command and look at its output. */
const shortest = 10 * minute;

/** Deletions by people, pipelines and workloads. Controllers replace pods all day, and kubelets report what ended by itself. */
export function isDeletionByHand(event: AuditEvent): boolean {
  return event.allowed && !event.dryRun && event.actor.type !== 'node' && !isControlPlane(event.actor);
}

/** The pods that an event deletes soon after their creation, most dangerous first. */
export function shortLives(event: AuditEvent): readonly ShortLife[] {
  const body = event.response;
  const pods = event.verb === 'deletecollection' ? list(body?.['items']) : [body];
  const lives = pods.flatMap((pod) => shortLifeOf(object(pod) ?? {}, event) ?? []);
  return lives.sort((a, b) => b.access.length - a.access.length || a.age - b.age);
}

function shortLifeOf(body: JsonObject, event: AuditEvent): ShortLife | undefined {
  const created = Date.parse(text(at(body, 'metadata', 'creationTimestamp')) ?? '');
  // Creation times are whole seconds.
  const age = Math.max(0, event.time - created);
  const pod = podSpecOf('pods', body);
  if (!(age <= shortest) || pod === undefined) return undefined;
  const owner = list(at(body, 'metadata', 'ownerReferences')).find((reference) => at(reference, 'controller') === true);
  const namespace = text(at(body, 'metadata', 'namespace')) ?? event.target.namespace;
  const agent = namespace === 'kube-system' && pod.containers.every(isAgentContainer);
  return {
    name: text(at(body, 'metadata', 'name')) ?? event.name,
    namespace,
    image: pod.containers[0]?.image ?? '',
    age,
    owner: owner === undefined ? undefined : `${text(at(owner, 'kind')) ?? ''} ${text(at(owner, 'name')) ?? ''}`,
    access: agent
      ? []
      : hostAccessesOf(pod, pod.containers)
          .filter(({ severity }) => severity === 'high')
          .map(({ words }) => words),
  };
}

/** An age in words: `48 seconds`, `9 minutes`. */
export function ageText(age: number): string {
  return age < 2 * minute ? `${String(Math.round(age / 1_000))} seconds` : `${String(Math.round(age / minute))} minutes`;
}
