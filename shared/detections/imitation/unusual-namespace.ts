import { audit, seenSet } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { isReservedNamespaceName, namespaceShape, wasBrief } from '../../knowledge/namespace-names.ts';
import { callerText } from '../../knowledge/origin.ts';
import { deployerOf } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Everybody watches namespaces: that keeps the memory's age where none is made for weeks. */
const watching = 'watching';

const isMade = ({ verb, code }: AuditEvent): boolean => verb === 'create' || code === 201;
const isRemoved = ({ verb }: AuditEvent): boolean => verb === 'delete';

function custom(event: AuditEvent): string {
  if (!isMade(event) && !isRemoved(event)) return watching;
  const shape = namespaceShape(event.name);
  return isMade(event) ? shape : `${shape} ${wasBrief(event) ? 'soon gone' : 'gone'}`;
}

const maker = (event: AuditEvent): string => (isMade(event) || isRemoved(event) ? deployerOf(event.actor) : watching);

const memory = (name: string, member: (event: AuditEvent) => string) =>
  seenSet({ id: `namespace-${name}`, key: () => [], member, days: 60, warmUpDays: 3 });

/** A namespace is made, or soon removed again, in a way that fits no custom of the site. Strategy: ./ADS.md */
export const unusualNamespace = audit.detection({
  id: 'unusual-namespace',
  title: 'Namespace that fits no custom of the site',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1036', 'T1610'],
  rows: ['D122'],
  next: 'Ask the caller what the namespace is for, and look at what was started in it.',
  reads: { verbs: ['create', 'patch', 'delete', 'watch'], resources: ['namespaces'] },
  when: (event) => event.allowed && !isControlPlane(event.actor) && (event.verb !== 'patch' || isMade(event)),
  novelty: (event) => (event.verb === 'watch' ? watching : `${event.verb} ${event.name} ${event.key}`),
  memory: { shapes: memory('shapes', custom), makers: memory('makers', maker) },
  judge: (event, { shapes, makers }) => {
    if (event.verb === 'watch' || shapes.learning || event.dryRun || isEksItself(event)) return undefined;
    const made = isMade(event);
    const brief = !made && wasBrief(event);
    const reserved = made && isReservedNamespaceName(event.name);
    if ((!made && !brief) || (shapes.has(custom(event)) && !reserved)) return undefined;
    const newMaker = !makers.has(deployerOf(event.actor));
    const age = Math.min(shapes.age, 60);
    const oddity = reserved
      ? 'with a beginning that is kept for the system'
      : made
        ? `in ${String(age)} days none of such a name was made`
        : `it was less than an hour old; in ${String(age)} days none of such a name went so soon`;
    return {
      entity: event.actor,
      about: `${made ? 'made' : 'removed'} ${namespaceShape(event.name)}`,
      summary: `${callerText(event)}${newMaker ? ', who never made or removed one,' : ''} ${made ? 'made' : 'removed'} namespace ${shorten(event.name)}: ${oddity}.`,
      baseline: {
        'known shapes': shapes.size,
        'such as': shapes
          .some(6)
          .filter((shape) => shape !== watching)
          .join(', '),
        'known for days': age,
      },
      severity: !isAppointed(event) && (reserved || (brief && newMaker)) ? 'medium' : 'low',
    };
  },
});
