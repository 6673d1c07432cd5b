import { audit } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { declaredName, declarerOf, declaresWorkload, deployers, templates, workloadWrites } from '../../knowledge/pod-changes.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import { isNewPublisher, workloadChange } from '../../knowledge/workload-change.ts';

/** A container is slipped into a workload that runs already: it shares the network, volumes and identity of its neighbours. Strategy: ./ADS.md */
export const containerAdded = audit.detection({
  id: 'container-added',
  title: 'Container slipped into an existing workload',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1609'],
  rows: ['D059'],
  next: 'Ask the owner of the workload whether the container belongs there; if not, roll back, and treat the service account of the workload as stolen.',
  reads: workloadWrites,
  memory: { template: templates, deployers },
  when: declaresWorkload,
  judge: (event, past) => {
    const change = workloadChange(event, past);
    if (change === undefined) return undefined;
    const foreign = change.added.filter(({ image }) => isNewPublisher(image, change.before));
    const first = foreign[0] ?? change.added[0];
    // Teams add sidecars of their own to their own workloads.
    if (first === undefined || (change.hand === 'usual' && foreign.length === 0)) return undefined;
    const names = some(change.added.map(({ role, name }) => `${role === 'init' ? 'init container' : 'container'} ${name}`));
    const origin =
      foreign.length === 0 ? 'from a registry it uses already' : 'from a registry that none of its other containers comes from';
    return {
      entity: declarerOf(event),
      summary: `${callerText(event)}, ${change.caller}, added ${names} to ${declaredName(event)}, image ${shorten(first.image)}, ${origin}.`,
      baseline: { ...change.baseline, 'containers before': change.before.length },
      severity: change.hand !== 'usual' && foreign.length > 0 ? 'high' : 'medium',
    };
  },
});
