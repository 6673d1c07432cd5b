import type { AuditEvent } from '../model/audit.ts';
import { at, text } from '../model/json.ts';

/** What somebody asks about: may I do this? */
export interface AccessQuestion {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  /** All of it, to tell one question from another. */
  readonly id: string;
}

/** The question of an access review. */
export function accessQuestion(event: AuditEvent): AccessQuestion | undefined {
  const attributes = at(event.request, 'spec', 'resourceAttributes');
  const part = (name: string): string => text(at(attributes, name)) ?? '';
  const subresource = part('subresource');
  const resource = subresource === '' ? part('resource') : `${part('resource')}/${subresource}`;
  if (resource === '') return undefined;
  const [verb, namespace] = [part('verb'), part('namespace')];
  return { verb, resource, namespace, id: [verb, part('group'), resource, namespace, part('name')].join(' ') };
}

/** Resources whose reading alone gives somebody else's rights. */
const readable = /^(?:\*|secrets|serviceaccounts\/token|nodes\/proxy|pods\/(?:exec|attach|portforward|\*))$/;
/** Resources whose writing gives rights or runs code. Source: Kubernetes documentation, "RBAC good practices: privilege escalation risks". */
const writable =
  /^(?:pods|deployments|daemonsets|statefulsets|replicasets|jobs|cronjobs|pods\/ephemeralcontainers|roles|clusterroles|rolebindings|clusterrolebindings|certificatesigningrequests(?:\/approval)?|(?:mutating|validating)webhookconfigurations|persistentvolumes|nodes)$/;

/** Whether a right is worth a thief's question. */
export function isPowerful({ verb, resource }: AccessQuestion): boolean {
  if (/^(?:\*|bind|escalate|impersonate|approve)$/.test(verb) || readable.test(resource)) return true;
  return writable.test(resource) && /^(?:create|update|patch|delete|deletecollection)$/.test(verb);
}
