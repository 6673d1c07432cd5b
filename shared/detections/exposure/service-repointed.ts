import { audit, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { deployerOf } from '../../knowledge/pod-changes.ts';
import { selectorOf, services, serviceWrites } from '../../knowledge/service-exposure.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { object, text } from '../../model/json.ts';

/** A Service stands for other pods, or for a name outside of the cluster, than before. Strategy: ./ADS.md */
export const serviceRepointed = audit.detection({
  id: 'service-repointed',
  title: 'Service pointed at other pods than before',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1557'],
  rows: ['D127'],
  next: 'See which pods the new selector matches and who made them; restore the old selector unless the owner vouches for the change.',
  reads: serviceWrites,
  memory: {
    services,
    hands: seenSet({
      id: 'service-hands',
      key: (event: AuditEvent) => (event.name !== '' && mentionsSelector(event) ? [event.target.namespace, event.name] : undefined),
      member: ({ actor }: AuditEvent) => deployerOf(actor),
      days: 180,
      warmUpDays: 0,
    }),
  },
  when: (event) => event.allowed && !event.dryRun && !isClusterItself(event),
  judge: (event, { services: { previous }, hands }) => {
    const spec = object(event.result?.['spec']);
    if (spec === undefined || previous === undefined) return undefined;
    const before = text(previous['external']) || text(previous['selector']) || '';
    const now = text(spec['externalName']) ?? selectorOf(spec);
    // Blue-green roll-outs turn a selector all day, by the hand that wrote it before.
    if (before === now || hands.has(deployerOf(event.actor)) || event.hasDuty('deployer')) return undefined;
    const { namespace } = event.target;
    const path = `${namespace}/service/${event.name}`;
    return {
      entity: { kind: 'object', id: path, name: path },
      about: event.actor.id,
      summary: `${callerText(event)}, who never did so before, pointed Service ${shorten(`${namespace}/${event.name}`)} at ${shorten(now) || 'nothing by itself'} and no longer at ${shorten(before) || 'nothing by itself'}: its clients talk to whoever is there.`,
      baseline: { before: shorten(before) || 'nothing', 'usual hands': hands.some(3).join(', ') || 'none known' },
      severity: event.hasDuty('administrator') ? 'low' : 'medium',
    };
  },
});

/** Whether the caller sent a selector or a name: whoever labels a Service does not thereby become its author. */
function mentionsSelector({ allowed, dryRun, request }: AuditEvent): boolean {
  const spec = object(request?.['spec']);
  return allowed && !dryRun && (spec?.['selector'] !== undefined || spec?.['externalName'] !== undefined);
}
