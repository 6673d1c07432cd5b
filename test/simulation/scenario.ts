import type { AuditLine } from './audit.ts';
import type { ApiRecord } from './api.ts';
import { type Micros, day, hour, instant, minute, secondStamp } from './clock.ts';
import { Cluster } from './cluster.ts';
import type { FlowRecord } from './flow.ts';
import { harbour } from './harbour.ts';
import { installGuardRails, planDay } from './harbour-life.ts';
import { enterPod, lookAround, stolenPipeline, takeSecrets, useBoundToken } from './intrusion-credentials.ts';
import { blindLogs, callHome, exfiltrate, raidDatabase, scan } from './intrusion-network.ts';
import { escapeToNode, removeGuardRails, sprayPods, swapImage, workloadTimes } from './intrusion-workloads.ts';
import { Intruder, type Step } from './intruder.ts';
import { type Mix, simulate, usualShares } from './mix.ts';
import { tokenRequest } from './pod-life.ts';
import { Random } from './random.ts';
import { boot } from './rollout.ts';
import { startTraffic } from './traffic.ts';
import type { Pod } from './workload.ts';

/** Records of a span of days, each kind in order of time. */
export interface Records {
  readonly audit: readonly AuditLine[];
  readonly flow: readonly FlowRecord[];
  readonly api: readonly ApiRecord[];
}

/** What a detector must find: a behaviour of the catalogue, when it begins, and its first record. */
export interface Expected {
  readonly row: string;
  readonly time: string;
  /** `auditID`, `eventID`, or the whole line of a flow log. */
  readonly recordId: string;
}

export interface Scenario {
  readonly history: Records;
  readonly day: Records;
  readonly steps: readonly Step[];
  readonly expected: readonly Expected[];
}

export const historyStart: Micros = instant('2026-03-09T00:00:00Z');
export const dayStart: Micros = instant('2026-03-12T00:00:00Z');
const dayEnd = dayStart + day;

const mix = { shares: usualShares, long: 0.035, refused: 0.004, secretReads: 0.01 };
const quietDay: Mix = { ...mix, events: 3_000 };
const busyDay: Mix = { ...mix, events: 12_000 };

/** Three days of the cluster "harbour" and a fourth with an intrusion; the same bytes every time. */
export function buildScenario(): Scenario {
  const random = new Random('harbour/intrusion');
  const cluster = new Cluster(harbour, random.fork('life'));
  const intruder = new Intruder(cluster, random.fork('intruder'));
  boot(cluster, historyStart + minute);
  cluster.timeline.at(historyStart + 10 * minute, (now) => {
    installGuardRails(cluster, now);
  });
  const booted = historyStart + 5 * minute;
  startTraffic(cluster, booted, (time) => (time < dayStart ? 0.3 : 0.85));
  for (let midnight = historyStart; midnight < dayEnd; midnight += day) planDay(cluster, midnight, midnight === dayStart);
  planIntrusion(cluster, intruder);
  for (let midnight = historyStart; midnight < dayEnd; midnight += day) {
    const from = midnight === historyStart ? booted : midnight;
    simulate(cluster, midnight === dayStart ? busyDay : quietDay, from, midnight + day);
  }
  const steps = [...intruder.steps].sort((one, other) => one.time - other.time);
  return {
    history: recordsOf(cluster, historyStart, dayStart),
    day: recordsOf(cluster, dayStart, dayEnd),
    steps,
    expected: expectedOf(steps),
  };
}

function planIntrusion(cluster: Cluster, intruder: Intruder): void {
  const at = (time: Micros, action: (now: Micros) => void): void => {
    cluster.timeline.at(dayStart + time + intruder.random.int(1_000, 900_000), action);
  };
  const pipeline = stolenPipeline(cluster, dayStart);
  at(2 * hour, () => {
    const pod = foothold(cluster, dayStart);
    // The kubelet renews the token that the intruder is about to read: its id can be followed from here.
    cluster.request(tokenRequest(pod, dayStart + 2.8 * hour + 417_003));
    lookAround(intruder, pipeline, dayStart);
    takeSecrets(intruder, pipeline, dayStart);
    enterPod(intruder, pod, dayStart);
    useBoundToken(intruder, pod, dayStart);
    callHome(intruder, pod, dayStart);
    scan(cluster, intruder, pod, dayStart);
    raidDatabase(cluster, intruder, pod, dayStart);
    exfiltrate(intruder, pod, dayStart);
  });
  at(workloadTimes.escape, (now) => {
    escapeToNode(cluster, intruder, pipeline, now);
  });
  at(workloadTimes.image, (now) => {
    swapImage(cluster, intruder, now);
  });
  at(workloadTimes.guardRails, (now) => {
    removeGuardRails(cluster, intruder, pipeline, now);
  });
  at(workloadTimes.spray, (now) => {
    sprayPods(cluster, intruder, pipeline, now);
  });
  at(12 * hour + 40 * minute, () => {
    blindLogs(intruder, pipeline, dayStart);
  });
}

/** A payments pod from which the reports database is across the network. */
function foothold(cluster: Cluster, time: Micros): Pod {
  const database = cluster.readyPods('analytics/reports-db', time)[0];
  const pod = cluster.readyPods('payments/payments-api', time).find(({ node }) => node !== database?.node);
  if (pod === undefined) throw new Error('no payments pod apart from the database');
  return pod;
}

function recordsOf(cluster: Cluster, from: Micros, to: Micros): Records {
  const within = <T extends { readonly time: Micros }>(records: readonly T[]): readonly T[] =>
    records.filter(({ time }) => time >= from && time < to).sort((one, other) => one.time - other.time);
  return { audit: within(cluster.audit), flow: within(cluster.flow), api: within(cluster.api) };
}

function expectedOf(steps: readonly Step[]): readonly Expected[] {
  return steps.flatMap(({ rows, time, records }) => rows.map((row) => ({ row, time: secondStamp(time), recordId: records[0] ?? '' })));
}

/** The shipped scenario. */
export const scenario: Scenario = buildScenario();

export const expected: readonly Expected[] = scenario.expected;
