import { audit } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { knownHardening, lossesOf } from '../../knowledge/hardening.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { callerText } from '../../knowledge/origin.ts';
import {
  broughtContainers,
  declaredName,
  declarerOf,
  declaresContainers,
  deedText,
  deployerOf,
  deployers,
  podWrites,
} from '../../knowledge/pod-changes.ts';
import { some } from '../../knowledge/shorten.ts';

/** A container gives up what kept it from its node. Strategy: ./ADS.md */
export const hardeningLost = audit.detection({
  id: 'hardening-lost',
  title: 'Container that lost its hardening',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1611', 'T1685'],
  rows: ['D075'],
  next: 'Compare the workload with its previous version, and ask its owner why the container needs less protection.',
  reads: podWrites,
  memory: { hardening: knownHardening, deployers },
  when: (event) => event.allowed && declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { hardening, deployers: known }) => {
    const losses = event.pod === undefined ? [] : lossesOf(event.pod, broughtContainers(event), hardening.previous);
    if (losses.length === 0) return undefined;
    const usual = known.has(deployerOf(event.actor)) || isAppointed(event);
    const before = hardening.previous !== undefined;
    return {
      entity: declarerOf(event),
      ...(event.target.resource === 'pods' ? { about: event.target.namespace } : {}),
      summary: `${callerText(event)}${usual || !before ? '' : ', who does not usually deploy it,'} ${deedText(event)} ${declaredName(event)} with ${some(losses.map(({ words }) => words))}${before ? '; its previous version had it otherwise' : ''}.`,
      // A new workload is as its authors made it; whoever deploys one also decides how it is kept.
      severity: before && !usual ? 'medium' : 'low',
      confidence: before && losses.some(({ blatant }) => blatant) ? 'high' : 'medium',
    };
  },
});
