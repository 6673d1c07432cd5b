import fc from 'fast-check';
import { siteOf } from '../../shared/model/site.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { minute } from '../../shared/model/time.ts';
import type { Pipeline } from '../../shared/pipeline.ts';
import { auditBatch, auditLine, scope } from '../support/records.ts';

/** Histories of a small cluster, and ways to deliver them. */

export const start = Date.UTC(2026, 2, 9, 6);
export const site = siteOf({ networks: { vpc: ['10.0.0.0/16'] } });
/** Records arrive up to this late; what runs concurrently takes its time within the rest of the bound. */
const displacement = 10 * minute;
export const bound = 15 * minute;

/** Something that happened, small enough for a model to predict what follows. */
export type Happening =
  | { readonly at: number; readonly kind: 'secrets' | 'configmaps'; readonly who: string; readonly net: number }
  | { readonly at: number; readonly kind: 'pod' | 'deletion'; readonly who: string }
  | { readonly at: number; readonly kind: 'deployment'; readonly image: string }
  | { readonly at: number; readonly kind: 'flow'; readonly bytes: number };

export interface Arrival {
  readonly happening: Happening;
  readonly record: LogRecord;
  /** When it is delivered. */
  readonly time: number;
}

export function recordOf(happening: Happening, position: number): LogRecord {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
  return { id, message: messageOf(happening, id, position) };
}

function messageOf(happening: Happening, id: string, position: number): string {
  const { at, kind } = happening;
  switch (kind) {
    case 'secrets':
    case 'configmaps':
      return auditLine({ at, id, who: happening.who, from: `192.0.${String(happening.net)}.7`, resource: kind });
    case 'pod':
      return auditLine({ at, id, who: happening.who, verb: 'create', resource: 'pods' });
    case 'deletion':
      return auditLine({ at, id, who: happening.who, verb: 'delete', resource: 'pods' });
    case 'deployment':
      return auditLine({
        at,
        id,
        verb: 'update',
        resource: 'deployments',
        name: 'web',
        response: { spec: { image: happening.image }, metadata: { name: 'web' } },
      });
    case 'flow': {
      const seconds = String(Math.floor(at / 1000));
      return `2 111122223333 eni-0a 10.0.0.5 203.0.113.9 ${String(40_000 + position)} 443 6 3 ${String(happening.bytes)} ${seconds} ${seconds} ACCEPT OK`;
    }
  }
}

export async function deliver(pipeline: Pipeline, records: readonly LogRecord[]): Promise<void> {
  const isFlow = (record: LogRecord): boolean => !record.message.startsWith('{');
  const audit = records.filter((record) => !isFlow(record));
  const flows = records.filter(isFlow);
  if (audit.length > 0) await pipeline.analyse(auditBatch(audit));
  const format = flowFormatOf(
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  );
  if (flows.length > 0) await pipeline.analyse({ log: 'flow', format, scope, place: 'flow', records: flows, rejects: [], skipped: {} });
}

const moment = fc.integer({ min: 0, max: 6 * 24 * 60 }).map((minutes) => start + minutes * minute);
const who = fc.constantFrom('alpha', 'beta');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      at: moment,
      kind: fc.constantFrom('secrets' as const, 'configmaps' as const),
      who,
      net: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ at: moment, kind: fc.constant('pod' as const), who }) },
  { weight: 2, arbitrary: fc.record({ at: moment, kind: fc.constant('flow' as const), bytes: fc.integer({ min: 100, max: 900 }) }) },
);

/** A container spray: many pods within minutes. */
const spray = fc
  .record({ at: moment, who, gaps: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 10, maxLength: 24 }) })
  .map(({ at, who: sprayer, gaps }) => {
    let time = at;
    return gaps.map((gap): Happening => ({ at: (time += gap * 1000), kind: 'pod', who: sprayer }));
  });

/** Deletions over most of an hour: no quarter-hour holds enough of them. */
const slow = fc
  .record({ at: moment, who, gaps: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 9 }) })
  .map(({ at, who: deleter, gaps }) => {
    let time = at;
    return gaps.map((gap): Happening => ({ at: (time += gap * minute), kind: 'deletion', who: deleter }));
  });

/** One object's writes keep their order: they are further apart than records can be displaced. */
const rollout = fc
  .array(fc.record({ gap: fc.integer({ min: 16, max: 600 }), image: fc.constantFrom('a', 'b', 'c') }), { maxLength: 6 })
  .map((steps) => {
    let at = start;
    return steps.map(({ gap, image }): Happening => ({ at: (at += gap * minute), kind: 'deployment', image }));
  });

export const history = fc
  .tuple(fc.array(happening, { minLength: 10, maxLength: 60 }), fc.array(fc.oneof(spray, slow), { maxLength: 3 }), rollout)
  .map(([some, sprays, steps]) =>
    [...some, ...sprays.flat(), ...steps]
      .sort((a, b) => a.at - b.at)
      .map((event, position): Happening => ({ ...event, at: event.at + position })),
  );

/** How a history is delivered: delays, batch sizes, which batches share a wave, which records come twice. */
export const delivery = fc.record({
  delays: fc.array(fc.integer({ min: 0, max: displacement }), { minLength: 40, maxLength: 40 }),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 20, maxLength: 20 }),
  again: fc.array(fc.boolean(), { minLength: 17, maxLength: 17 }),
});

export function wavesOf(
  happenings: readonly Happening[],
  { delays, sizes, again }: typeof delivery extends fc.Arbitrary<infer D> ? D : never,
): Arrival[][][] {
  const arrivals = happenings.flatMap((what, position): Arrival[] => {
    const record = recordOf(what, position);
    const first = { happening: what, record, time: what.at + (delays[position % delays.length] ?? 0) };
    // Byte sums are exact only while a payload's lines stay together: flow lines are not delivered twice here.
    const repeat = again[position % again.length] === true && what.kind !== 'flow';
    return repeat ? [first, { ...first, time: what.at + (delays[(position * 7) % delays.length] ?? 0) }] : [first];
  });
  arrivals.sort((a, b) => a.time - b.time);
  const waves: Arrival[][][] = [];
  let batches = 0;
  while (arrivals.length > 0) {
    const wave: Arrival[][] = [];
    const opened = arrivals[0]?.time ?? 0;
    // What runs concurrently arrived within the rest of the lateness bound.
    while (wave.length < 3 && (arrivals[0]?.time ?? Infinity) - opened < bound - displacement) {
      const size = sizes[batches % sizes.length] ?? 1;
      const batch = arrivals.splice(
        0,
        arrivals.findIndex(({ time }, index) => index >= size || time - opened >= bound - displacement) >>> 0,
      );
      if (batch.length === 0) break;
      wave.push(batch);
      batches += 1;
    }
    waves.push(wave);
  }
  return waves;
}
