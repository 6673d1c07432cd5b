import type { AuditEvent } from '../model/audit.ts';
import { at, text } from '../model/json.ts';
import { hour } from '../model/time.ts';

/** A namespace's name as a custom: its first word, with numbers and generated text left out. `preview-1423` is as `preview-1424`. */
export function namespaceShape(name: string): string {
  const first = (name.split(/[-.]/, 1)[0] ?? '').replace(/\d+/g, '#');
  const rest = name.slice((name.split(/[-.]/, 1)[0] ?? '').length);
  return rest === '' ? first : `${first}-…`;
}

/** Prefixes that Kubernetes and EKS keep for themselves. Source: Kubernetes documentation, "Namespaces". */
export function isReservedNamespaceName(name: string): boolean {
  return /^(?:kube|eks|amazon|aws)-/.test(name);
}

/** A namespace that lived no longer than a test or an intrusion. */
export function wasBrief({ response, time }: AuditEvent): boolean {
  const created = Date.parse(text(at(response, 'metadata', 'creationTimestamp')) ?? '');
  return time - created < hour;
}
