import { audit } from '../../detect/kit.ts';
import { exemptions, guardChange, knownGuards, namespaceWrites, patchNames, writesNamespace } from '../../knowledge/namespace-guards.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';

/** A namespace is labelled out of an admission webhook that checks what runs. Strategy: ./ADS.md */
export const admissionExemptionAdded = audit.detection({
  id: 'admission-exemption-added',
  title: 'Namespace taken out of admission control',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D080'],
  next: 'Restore the label, and list what was made in the namespace since: the admission controller saw none of it.',
  reads: namespaceWrites,
  memory: { guards: knownGuards },
  when: writesNamespace,
  judge: (event, { guards }) => {
    const change = guardChange(event, guards.previous);
    if (change === undefined) return undefined;
    const { known, wanted } = change;
    const added = exemptions.filter(({ label, isOut }) => {
      // While the namespace is unknown, only what stands in the request is the caller's doing.
      const wasIn =
        known === undefined ? patchNames(event, label) || (event.verb === 'create' && wanted.has(label)) : !isOut(known.get(label));
      return wasIn && isOut(wanted.get(label));
    });
    if (added.length === 0) return undefined;
    const deed = event.allowed ? 'took' : 'was refused when trying to take';
    const from = [...new Set(added.map(({ guard }) => guard))].join(' and ');
    const labels = added.map(({ label }) => label).join(', ');
    return {
      entity: { kind: 'namespace', id: event.name, name: event.name },
      about: labels,
      summary: `${callerText(event)} ${deed} namespace ${shorten(event.name)} out of the admission control of ${from} by label ${labels}.`,
      severity: event.allowed && !event.hasDuty('deployer') && !isGuardedNamespace(event.name) ? 'medium' : 'low',
    };
  },
});
