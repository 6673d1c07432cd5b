import { audit } from '../../detect/kit.ts';
import {
  enforced,
  guardChange,
  knownGuards,
  namespaceWrites,
  patchNames,
  strictness,
  writesNamespace,
} from '../../knowledge/namespace-guards.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';

/** A namespace admits pods that it refused before. Strategy: ./ADS.md */
export const podSecurityRelaxed = audit.detection({
  id: 'pod-security-relaxed',
  title: 'Pod Security of a namespace relaxed',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D080'],
  next: 'Restore the label, and list the pods made in the namespace since: those that the old level forbids are what it was relaxed for.',
  reads: namespaceWrites,
  memory: { guards: knownGuards },
  when: writesNamespace,
  judge: (event, { guards }) => {
    const change = guardChange(event, guards.previous);
    if (change === undefined) return undefined;
    const { known, wanted } = change;
    const [before, now] = [known?.get(enforced), wanted.get(enforced)];
    // A patch that names the label of an unknown namespace changes it: from what, nobody knows.
    const relaxed = known === undefined ? patchNames(event, enforced) && strictness(now) === 0 : strictness(now) < strictness(before);
    if (!relaxed) return undefined;
    const deed = event.allowed ? 'relaxed' : 'was refused when trying to relax';
    const levels = `from ${known === undefined ? 'an unknown level' : shorten(before ?? 'none')} to ${shorten(now ?? 'none')}`;
    return {
      entity: { kind: 'namespace', id: event.name, name: event.name },
      summary: `${callerText(event)} ${deed} Pod Security of namespace ${shorten(event.name)} ${levels}.`,
      severity: event.allowed && !event.hasDuty('deployer') ? 'medium' : 'low',
      ...(known === undefined ? { confidence: 'medium' as const } : {}),
    };
  },
});
