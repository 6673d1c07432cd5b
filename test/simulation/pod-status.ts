import { type Micros, secondStamp } from './clock.ts';
import type { JsonObject } from './go-json.ts';

/** What the kubelet reports about a pod over its life. */
export interface PodReport {
  readonly uid: string;
  readonly container: string;
  readonly image: string;
  readonly imageId: string;
  readonly containerId: string;
  readonly hostAddress: string;
  readonly address: string;
  readonly started: Micros;
}

const conditionTypes = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const;

function conditions(time: Micros, isTrue: (type: string) => boolean): JsonObject {
  return {
    '$setElementOrder/conditions': conditionTypes.map((type) => ({ type })),
    conditions: conditionTypes
      .filter((type) => type !== 'PodScheduled')
      .map((type) => ({
        lastProbeTime: null,
        lastTransitionTime: secondStamp(time),
        observedGeneration: 1,
        ...(isTrue(type) ? {} : { message: 'containers with unready status', reason: 'ContainersNotReady' }),
        status: isTrue(type) ? 'True' : 'False',
        type,
      })),
  };
}

/** The first patch: accepted by the node, no address yet. */
export function creatingPatch(report: PodReport): JsonObject {
  const waiting = {
    image: report.image,
    imageID: '',
    lastState: {},
    name: report.container,
    ready: false,
    restartCount: 0,
  };
  return {
    metadata: { uid: report.uid },
    status: {
      ...conditions(report.started, (type) => type === 'Initialized'),
      containerStatuses: [{ ...waiting, started: false, state: { waiting: { reason: 'ContainerCreating' } } }],
      hostIP: report.hostAddress,
      hostIPs: [{ ip: report.hostAddress }],
      startTime: secondStamp(report.started),
    },
  };
}

/** The only patch that tells the address. */
export function runningPatch(report: PodReport, at: Micros): JsonObject {
  return {
    metadata: { uid: report.uid },
    status: {
      ...conditions(at, () => true),
      containerStatuses: [{ ...identified(report), ready: true, started: true, state: { running: { startedAt: secondStamp(at) } } }],
      phase: 'Running',
      podIP: report.address,
      podIPs: [{ ip: report.address }],
    },
  };
}

/** The last patch; a pod that ran to its end gives its address back at once. */
export function endedPatch(report: PodReport, at: Micros, phase: 'Succeeded' | 'Failed' | 'Running'): JsonObject {
  const exit = phase === 'Running' ? { exitCode: 143, reason: 'Error' } : { exitCode: 0, reason: 'Completed' };
  const terminated = {
    containerID: report.containerId,
    ...exit,
    finishedAt: secondStamp(at),
    startedAt: secondStamp(report.started),
  };
  const released = phase === 'Running' ? {} : { phase, podIP: null, podIPs: null };
  return {
    metadata: { uid: report.uid },
    status: {
      ...conditions(at, (type) => type === 'Initialized'),
      containerStatuses: [{ ...identified(report), ready: false, started: false, state: { terminated } }],
      ...released,
    },
  };
}

function identified(report: PodReport): JsonObject {
  return {
    containerID: report.containerId,
    image: report.image,
    imageID: report.imageId,
    lastState: {},
    name: report.container,
    restartCount: 0,
  };
}

/** The status in a stored object, in the order of its type. */
export function storedStatus(report: PodReport, phase: string): JsonObject {
  return {
    phase,
    conditions: conditionTypes.map((type) => ({
      type,
      status: phase === 'Running' ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: secondStamp(report.started),
    })),
    hostIP: report.hostAddress,
    hostIPs: [{ ip: report.hostAddress }],
    podIP: report.address,
    podIPs: [{ ip: report.address }],
    startTime: secondStamp(report.started),
    containerStatuses: [identified(report)],
    qosClass: 'Burstable',
  };
}
