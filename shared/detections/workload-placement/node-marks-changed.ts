import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { changedMarks, knownMarks, nodeKeepers, nodeMarks, nodeWrites, rememberedMarks } from '../../knowledge/node-marks.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten, some } from '../../knowledge/shorten.ts';

/** Somebody changes the labels or taints by which pods come to a node or are kept from it. Strategy: ./ADS.md */
export const nodeMarksChanged = audit.detection({
  id: 'node-marks-changed',
  title: 'Labels or taints of a node changed by hand',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1036'],
  rows: ['D082'],
  next: 'Ask the caller for the reason, and list the pods that came to the node since.',
  reads: nodeWrites,
  memory: { marks: knownMarks, keepers: nodeKeepers },
  when: (event) =>
    !(event.actor.type === 'node' && event.target.subresource !== '') && !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { marks, keepers }) => {
    const { actor, name, verb } = event;
    if (verb === 'create' || isClusterItself(event) || (event.allowed && actor.id === `system:node:${name}`)) return undefined;
    if (actor.type === 'service-account' && (keepers.learning || keepers.has(actor.principal))) return undefined;
    const known = event.allowed && marks.previous !== undefined ? rememberedMarks(marks.previous) : undefined;
    // A patch names what it changes; an update names everything, and says nothing without the version before.
    const named = verb === 'patch' ? Object.keys(nodeMarks(event.request)).map((mark) => `${mark} set or removed`) : [];
    const changes = known === undefined ? named : changedMarks(known, nodeMarks(event.result));
    if (changes.length === 0) return undefined;
    const deed = event.allowed ? 'changed' : 'was refused when trying to change';
    const explained = event.hasDuty('administrator') || event.hasDuty('deployer');
    return {
      entity: { kind: 'node', id: name, name },
      summary: `${callerText(event)} ${deed} what decides which pods come to node ${shorten(name)}: ${some(changes)}.`,
      severity: event.allowed && !explained ? 'medium' : 'low',
    };
  },
});
