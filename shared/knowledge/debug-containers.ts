import type { AuditEvent } from '../model/audit.ts';
import { at, list, object, text, texts } from '../model/json.ts';
import type { Container } from '../model/pod-spec.ts';
import { podSpecOf } from '../model/pod-spec.ts';
import { shorten, some } from './shorten.ts';

/**
 * The ephemeral containers that an event brings. The answer holds earlier ones as well; those have a status by then. A
 * refused request has no answer: what it asked for stands in its own body.
 */
export function newDebugContainers(event: AuditEvent): readonly Container[] {
  const pod = event.pod ?? podSpecOf('pods', event.request);
  const ephemeral = (pod?.containers ?? []).filter(({ role }) => role === 'ephemeral');
  const started = new Set(list(at(event.result, 'status', 'ephemeralContainerStatuses')).map((status) => text(at(status, 'name'))));
  const fresh = ephemeral.filter(({ name }) => !started.has(name));
  return fresh.length === 0 ? ephemeral.slice(-1) : fresh;
}

/** Rights that a container asks for beyond those of an ordinary one. */
export function addedRights({ raw }: Container): readonly string[] {
  const context = object(raw['securityContext']) ?? {};
  return [
    ...(context['privileged'] === true ? ['privileged'] : []),
    ...(context['runAsUser'] === 0 ? ['root'] : []),
    ...texts(at(context, 'capabilities', 'add')),
  ];
}

/** A debug container for text: image, command, rights and whose processes it sees. */
export function debugContainerText(container: Container): string {
  const target = text(container.raw['targetContainerName']) ?? '';
  const command = container.command.join(' ');
  const rights = addedRights(container);
  return [
    `container ${shorten(container.name)} of image ${shorten(container.image)}`,
    ...(command === '' ? [] : [`running \`${shorten(command)}\``]),
    ...(rights.length === 0 ? [] : [`with ${some(rights, 6)}`]),
    ...(target === '' ? [] : [`in the processes of container ${shorten(target)}`]),
  ].join(', ');
}
