import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { at, text } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { hostPathDanger, isRuntimeSocket } from './host-paths.ts';
import { shorten } from './shorten.ts';

/** What a persistent volume gives of the node that it is mounted on. */
export interface HostVolume {
  /** Equal while the volume's source is. */
  readonly source: string;
  readonly severity: Severity;
  /** After "with". */
  readonly words: string;
}

/** How a persistent volume reaches its node; absent where it does not. Claims can mount it writable, whatever it says. */
export function hostVolume(event: AuditEvent): HostVolume | undefined {
  const spec = at(event.result, 'spec');
  for (const field of ['hostPath', 'local'] as const) {
    const path = text(at(spec, field, 'path'));
    if (path === undefined) continue;
    const shown = `${shorten(path)} of its node as ${field}`;
    if (isRuntimeSocket(path))
      return { source: `${field} ${path}`, severity: 'high', words: `${shown}, which starts containers that Kubernetes never sees` };
    const danger = hostPathDanger(path, false);
    if (danger !== undefined) return { source: `${field} ${path}`, severity: danger.severity, words: `${shown}, which ${danger.gives}` };
  }
  const driver = text(at(spec, 'flexVolume', 'driver'));
  if (driver === undefined) return undefined;
  return {
    source: `flexVolume ${driver}`,
    severity: 'medium',
    words: `flexVolume driver ${shorten(driver)}, a program that the kubelet runs as root`,
  };
}

/** The source of every volume that reaches its node: claims come and go on it, and change nothing about that. */
export const hostVolumes: Snapshot<AuditEvent> = snapshot({
  id: 'host-volume',
  key: ({ name }) => (name === '' ? undefined : [name]),
  value: (event) => {
    const volume = event.allowed ? hostVolume(event) : undefined;
    return volume && { source: volume.source };
  },
});
