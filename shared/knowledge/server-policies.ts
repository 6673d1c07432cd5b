import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, at, list, number, object, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { isEnginesObject, serverPolicies } from './policy-engines.ts';
import { shorten, some } from './shorten.ts';

/** The newest versions of the API server's own admission policies and their bindings. */
export const policyVersions: Snapshot<AuditEvent> = snapshot({
  id: 'server-policy',
  key: ({ target, name }) =>
    name !== '' && isEnginesObject(target) && serverPolicies.includes(target.resource) ? [target.resource, name] : undefined,
  value: (event) => (event.allowed && !event.verb.startsWith('delete') ? versionOf(event.result) : undefined),
});

/** What decides whether a policy bites. Source: Kubernetes API reference, `ValidatingAdmissionPolicy` v1. */
function versionOf(policy: JsonObject | undefined): JsonObject | undefined {
  const spec = object(policy?.['spec']);
  if (spec === undefined) return undefined;
  const matches = [spec['matchResources'], spec['matchConstraints']];
  return {
    actions: texts(spec['validationActions']),
    ignores: spec['failurePolicy'] === 'Ignore',
    demands: list(spec['validations']).map((validation) => digest(8, [text(at(validation, 'expression')) ?? ''])),
    // Each narrows what the policy is asked about.
    limits: list(spec['matchConditions']).length + matches.flatMap((match) => limitsOf(match)).length,
    bites: text(spec['policyName']) ?? '',
  };
}

function limitsOf(match: unknown): readonly unknown[] {
  const selectors = ['namespaceSelector', 'objectSelector'].map((name) => at(match, name));
  return [
    ...selectors.flatMap((selector) => [
      ...Object.keys(object(at(selector, 'matchLabels')) ?? {}),
      ...list(at(selector, 'matchExpressions')),
    ]),
    ...list(at(match, 'excludeResourceRules')),
  ];
}

/** How a policy or binding is weaker than its previous version; of one without any, nothing can be said. */
export function weakeningsOf(
  policy: JsonObject | undefined,
  previous: JsonObject | undefined,
): readonly { readonly severity: Severity; readonly words: string }[] {
  const now = versionOf(policy);
  if (now === undefined || previous === undefined) return [];
  const lost = texts(previous['actions']).filter((action) => !texts(now['actions']).includes(action));
  const demands = texts(previous['demands']).filter((demand) => !texts(now['demands']).includes(demand));
  const another = text(previous['bites']) !== text(now['bites']);
  return [
    ...(lost.length > 0
      ? [{ severity: lost.includes('Deny') ? ('high' as const) : ('low' as const), words: `lost action ${some(lost)}` }]
      : []),
    ...(now['ignores'] === true && previous['ignores'] !== true
      ? [{ severity: 'medium' as const, words: 'lets pass what it fails to judge' }]
      : []),
    ...(demands.length > 0
      ? [{ severity: 'medium' as const, words: `no longer makes ${String(demands.length)} of its demands in the same words` }]
      : []),
    ...((number(now['limits']) ?? 0) > (number(previous['limits']) ?? 0)
      ? [{ severity: 'medium' as const, words: 'is asked about fewer objects' }]
      : []),
    ...(another
      ? [
          {
            severity: 'medium' as const,
            words: `binds ${shorten(text(now['bites']) ?? '')} and no longer ${shorten(text(previous['bites']) ?? '')}`,
          },
        ]
      : []),
  ];
}
