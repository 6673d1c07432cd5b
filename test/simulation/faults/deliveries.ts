import type { Batch } from '../../../shared/intake/batch.ts';
import { decodeEventBridge } from '../../../shared/intake/event-bridge.ts';
import { defaultFlowFormat, flowFormatOf } from '../../../shared/model/flow-line.ts';
import { parseJson } from '../../../shared/model/json.ts';
import { minute, second } from '../../../shared/model/time.ts';
import { auditBatch, scope } from '../../support/records.ts';
import type { Random } from '../random.ts';
import type { Occurrence } from './history.ts';
import type { FaultKind } from './kinds.ts';

/** What an event source hands to a function, until it is done. */
export interface Delivery {
  readonly batch: Batch;
  readonly arrives: number;
  /** Event time of its oldest record. */
  readonly oldest: number;
}

/** Records wait this long at most before they are delivered the first time: the rest of the lateness bound is for failures. */
const longestDelay = 7 * minute;
/** Transports gather what comes within such a stretch, so that several payloads set out at one moment. */
const gathered = 30 * second;
const mostRecords = 8;

/** How the records of a history reach the functions: late, out of order, cut anywhere, some of them more than once. */
export function deliveriesOf(
  occurrences: readonly Occurrence[],
  random: Random,
  note: (kind: FaultKind, what: string) => void,
): readonly Delivery[] {
  const deliveries = (['audit', 'flow', 'api'] as const).flatMap((log) => {
    const own = occurrences.filter((occurrence) => occurrence.log === log);
    const arrivals = own.flatMap((occurrence) => arrivalsOf(occurrence, random, note));
    return cut(held(arrivals, random, note), log === 'api' ? 1 : mostRecords, random);
  });
  noteDisorder(deliveries, note);
  return deliveries.flatMap((delivery) => {
    if (!random.chance(0.2)) return [delivery];
    note('payload twice', delivery.batch.place);
    return [delivery, { ...delivery, arrives: delivery.arrives + random.pick([0, 1, 5, 60]) * second }];
  });
}

interface Arrival {
  readonly occurrence: Occurrence;
  readonly time: number;
}

function arrivalsOf(occurrence: Occurrence, random: Random, note: (kind: FaultKind, what: string) => void): Arrival[] {
  const once = (): Arrival => {
    const delay = random.chance(0.6) ? random.int(0, 20) * second : random.int(0, longestDelay);
    if (delay > minute) note('delayed', occurrence.record.id.slice(-4));
    return { occurrence, time: Math.ceil((occurrence.happening.at + delay) / gathered) * gathered };
  };
  // Byte sums are exact only while a payload's lines stay together.
  if (occurrence.log === 'flow' || !random.chance(0.15)) return [once()];
  note('re-batched', occurrence.record.id.slice(-4));
  return [once(), once()];
}

/** At times a transport stands still, and everything comes at once. */
function held(arrivals: readonly Arrival[], random: Random, note: (kind: FaultKind, what: string) => void): Arrival[] {
  const stretch = longestDelay;
  const still = new Map<number, boolean>();
  return arrivals.map((arrival) => {
    const slot = Math.floor(arrival.occurrence.happening.at / stretch);
    let isStill = still.get(slot);
    if (isStill === undefined) still.set(slot, (isStill = random.chance(0.25)));
    if (!isStill) return arrival;
    note('held back', arrival.occurrence.record.id.slice(-4));
    return { ...arrival, time: (slot + 1) * stretch };
  });
}

function cut(arrivals: readonly Arrival[], most: number, random: Random): Delivery[] {
  const deliveries: Delivery[] = [];
  for (const [arrives, together] of Map.groupBy(arrivals, ({ time }) => time)) {
    const waiting = random.shuffled(together.map(({ occurrence }) => occurrence));
    while (waiting.length > 0) deliveries.push(deliveryOf(waiting.splice(0, random.int(1, most)), arrives));
  }
  return deliveries.sort((a, b) => a.arrives - b.arrives);
}

function noteDisorder(deliveries: readonly Delivery[], note: (kind: FaultKind, what: string) => void): void {
  let newest = 0;
  for (const { oldest, batch } of [...deliveries].sort((a, b) => a.arrives - b.arrives)) {
    if (oldest < newest) note('reordered', batch.place);
    newest = Math.max(newest, oldest);
  }
}

const format = flowFormatOf(defaultFlowFormat);

/** A payload of records of one log. */
export function deliveryOf(occurrences: readonly Occurrence[], arrives: number): Delivery {
  const records = occurrences.map(({ record }) => record);
  const oldest = Math.min(...occurrences.map(({ happening }) => happening.at));
  const { log = 'audit', record } = occurrences[0] ?? {};
  const place = `${log} ${records.map(({ id }) => id.slice(-4)).join(' ')}`;
  return { batch: { ...batchOf(log, records, parseJson(record?.message ?? '')), place }, arrives, oldest };
}

function batchOf(log: Occurrence['log'], records: Batch['records'], message: unknown): Batch {
  if (log === 'audit') return auditBatch(records);
  if (log === 'api') return { ...decodeEventBridge(message, scope.region) };
  return { log, format, scope, place: 'flow', records, rejects: [], skipped: {} };
}
