import { audit, type Verdict } from '../../detect/kit.ts';
import { isNamespaceCleanup } from '../../knowledge/cluster-cleaners.ts';
import { callerText } from '../../knowledge/origin.ts';
import { loosenings, looseningText } from '../../knowledge/quantity.ts';
import { ceilings, ceilingsOf, enforcedBefore, limitsFrom } from '../../knowledge/resource-limits.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { JsonObject } from '../../model/json.ts';

function verdict(event: AuditEvent, deed: string, baseline?: Verdict['baseline']): Verdict {
  const { namespace, resource } = event.target;
  const what = event.name === '' ? `all ${resource}` : `${resource.replace(/s$/, '')} ${shorten(event.name)}`;
  return {
    entity: { kind: 'namespace', id: namespace, name: namespace },
    about: resource,
    summary: `${callerText(event)} ${deed.replace('*', `${what} in namespace ${shorten(namespace)}`)}.`,
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function removed(event: AuditEvent, previous: JsonObject | undefined): Verdict {
  const lost = Object.entries(limitsFrom(previous) ?? {}).map(([name, value]) => `${name} ${value}`);
  return verdict(event, 'deleted *, which capped what its pods may use', lost.length === 0 ? undefined : { before: some(lost, 6) });
}

/** A namespace may suddenly use more of the cluster. Strategy: ./ADS.md */
export const quotaLoosened = audit.detection({
  id: 'quota-loosened',
  title: 'Resource quota or limit range of a namespace removed or raised',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1496.001', 'T1499'],
  rows: ['D120'],
  next: 'List the pods created in the namespace since, by image and requested resources; restore the quota if nobody ordered the change.',
  reads: { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], resources: ['resourcequotas', 'limitranges'] },
  memory: { ceilings },
  when: (event) => event.allowed && !event.dryRun && !isNamespaceCleanup(event),
  judge: (event, { ceilings: known }) => {
    if (event.verb.startsWith('delete')) return removed(event, known.previous);
    const past = limitsFrom(known.previous) ?? (event.verb === 'create' ? undefined : enforcedBefore(event.response)) ?? {};
    const after = ceilingsOf(event.result);
    const looser = after === undefined ? [] : loosenings(past, after);
    if (looser.length === 0) return undefined;
    const before = some(
      looser.map((one) => `${one.name} ${one.before}`),
      5,
    );
    // Teams grow by some per cent; a cap that is gone or doubled is another matter.
    const much = loosenings(past, after ?? {}, 2).length > 0;
    return { ...verdict(event, `loosened *: ${some(looser.map(looseningText), 5)}`, { before }), severity: much ? 'medium' : 'low' };
  },
});
