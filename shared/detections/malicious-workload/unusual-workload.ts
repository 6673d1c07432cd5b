import { audit } from '../../detect/kit.ts';
import { clusterPublishers, deployingHands, handOf, isAppointed } from '../../knowledge/deploying.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { departures, namespaceCustoms } from '../../knowledge/namespace-customs.ts';
import { callerText } from '../../knowledge/origin.ts';
import {
  declaredName,
  declarerOf,
  declaresWorkload,
  deedText,
  isCreation,
  templates,
  workloadWrites,
} from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { Severity } from '../../model/finding.ts';

/** One departure is what every release brings. */
const severities: readonly (Severity | undefined)[] = [undefined, undefined, 'low', 'medium', 'high'];

/** A workload resembles none in its namespace: another hand, another kind, other images, other powers. Strategy: ./ADS.md */
export const unusualWorkload = audit.detection({
  id: 'unusual-workload',
  title: 'Workload that resembles none before it',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1610'],
  rows: ['D054'],
  next: 'Ask the caller and the owner of the namespace what the workload is for; if nobody claims it, delete it and look at what its pods did.',
  reads: workloadWrites,
  memory: { template: templates, ...deployingHands, publishers: clusterPublishers, ...namespaceCustoms },
  when: declaresWorkload,
  judge: (event, { template, publishers, handCallers, handRoles, ...customs }) => {
    if (!isCreation(event) || template.previous !== undefined || isClusterItself(event)) return undefined;
    const hand = handOf(event, { handCallers, handRoles });
    const strange = departures(event, customs, { hand, publishers });
    const severity = severities[strange.length];
    if (severity === undefined) return undefined;
    return {
      entity: declarerOf(event),
      summary: `${callerText(event)} ${deedText(event)} ${shorten(declaredName(event))}: ${strange.join(', ')}.`,
      baseline: {
        departures: strange.length,
        'deployers known there': customs.who.size,
        'kinds known there': customs.kinds.some(8).join(', '),
        'known for days': Math.min(customs.who.age, 60),
      },
      severity: isAppointed(event) ? 'low' : severity,
    };
  },
});
