import { audit } from '../../detect/kit.ts';
import { isGarbageCollection, isNamespaceCleanup } from '../../knowledge/cluster-cleaners.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { enginePolicies, exceptionResource, isEnginesObject, serverPolicies } from '../../knowledge/policy-engines.ts';
import { policyVersions, weakeningsOf } from '../../knowledge/server-policies.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { graver, type Severity } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';

/** A rule about what the cluster accepts is gone, softer, or has an exception. Strategy: ./ADS.md */
export const policyWeakened = audit.detection({
  id: 'policy-weakened',
  title: 'Admission policy removed or weakened',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1685', 'T1689'],
  rows: ['D103'],
  next: 'Compare the policy with version control and restore it unless its owner vouches for the change; list what was created since and breaks it.',
  reads: {
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    resources: [...serverPolicies, ...enginePolicies, exceptionResource],
  },
  memory: { policies: policyVersions },
  when: (event) => event.allowed && !event.dryRun && isEnginesObject(event.target) && !isNamespaceCleanup(event),
  judge: (event, { policies: { previous } }) => {
    const collector = isGarbageCollection(event);
    if (isClusterItself(event) && !collector) return undefined;
    const harm = harmOf(event, previous);
    if (harm === undefined) return undefined;
    const { resource, namespace, name } = event.target;
    const what =
      event.name === ''
        ? `all ${resource}`
        : `${resource.replace(/ies$/, 'y').replace(/s$/, '')} ${shorten([namespace, event.name].filter(Boolean).join('/'))}`;
    return {
      entity: { kind: 'object', id: `${resource}/${namespace}/${name}`, name: what },
      about: event.actor.id,
      summary: `${callerText(event)} ${harm.words(what)}.`,
      severity: collector || event.hasDuty('deployer') || event.hasDuty('administrator') ? 'low' : harm.severity,
      ...(harm.unseen === true ? { confidence: 'low' as const } : {}),
    };
  },
});

interface Harm {
  readonly severity: Severity;
  readonly words: (what: string) => string;
  /** The content of the change is not logged. */
  readonly unseen?: boolean;
}

function harmOf(event: AuditEvent, previous: JsonObject | undefined): Harm | undefined {
  const { resource, name } = event.target;
  const gone = event.verb.startsWith('delete');
  if (resource === exceptionResource)
    return gone ? undefined : { severity: 'medium', words: (what) => `made ${what}: what it names is exempt from policies`, unseen: true };
  if (gone) return { severity: name === '' ? 'high' : 'medium', words: (what) => `deleted ${what}: what it forbade is allowed` };
  if (serverPolicies.includes(resource)) {
    const weaker = weakeningsOf(event.result, previous);
    if (weaker.length === 0) return undefined;
    return {
      severity: weaker.map(({ severity }) => severity).reduce(graver),
      words: (what) => `weakened ${what}: it ${some(weaker.map(({ words }) => words))}`,
    };
  }
  // Deployers apply their policies all day, and a body that would tell more is not logged.
  if (event.verb === 'create' || event.hasDuty('deployer')) return undefined;
  return { severity: 'low', words: (what) => `changed ${what}, and what was changed is not logged`, unseen: true };
}
