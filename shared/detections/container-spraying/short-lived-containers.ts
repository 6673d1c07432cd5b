import { audit } from '../../detect/kit.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { isDeletionByHand, shortLives } from '../../knowledge/short-life.ts';

/** Bare pods are made and removed in series: each is gone before a scanner reaches it. Strategy: ./ADS.md */
export const shortLivedContainers = audit.threshold({
  id: 'short-lived-containers',
  title: 'Pods made and removed in series',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1070', 'T1496.001'],
  rows: ['D064'],
  next: 'Find out whether the caller is a test or build system; if not, revoke it and reconstruct from the audit log what the pods ran.',
  reads: { verbs: ['delete'], resources: ['pods'] },
  when: (event) => isDeletionByHand(event) && shortLives(event).some(({ owner }) => owner === undefined),
  count: { by: (event) => [event.actor.id], within: peersOf, minutes: 15 },
  limit: { ceiling: 20, profile: { floor: 10, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${event.actor.name} deleted ${String(count)} pods within minutes of their creation in ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
  }),
});
