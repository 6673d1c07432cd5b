import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { prepareRecomputation } from '../../shared/state/recompute.ts';
import type { StateItem, StateStore } from '../../shared/state/store.ts';
import { Meter } from '../bench/meter.ts';
import { MeteredState } from '../cost/metered-state.ts';
import { billed } from '../cost/model.ts';
import { RoundTrips } from '../cost/round-trips.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';
import type { Flood } from './floods.ts';

/** What a flood leaves behind. */
export interface Measured {
  readonly names: number;
  readonly items: number;
  readonly largest: number;
  readonly writeUnitsPerMinute: number;
  readonly dollars: number;
  /** Items by kind of key. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Detections that told of the flood's own events, and how often. */
  readonly told: ReadonlyMap<string, number>;
  /** Detections that told of the attack in it. */
  readonly attack: readonly string[];
}

const start = Date.UTC(2026, 2, 10, 6);
const perPayload = 500;
const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });

/** A privileged pod and a shell in it, by somebody else, in the middle of the hour. */
function attackLines(): readonly string[] {
  const at = start + hour / 2;
  const spec = { containers: [{ name: 'c', image: 'docker.io/library/alpine:3', securityContext: { privileged: true } }] };
  const object = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'tool', namespace: 'default', uid: 'u' }, spec };
  const by = { who: 'intruder', name: 'tool' };
  const created = auditLine({ at, id: 'a0', ...by, verb: 'create', resource: 'pods', code: 201, request: object, response: object });
  const exec = auditLine({ at: at + 1_000, id: 'a1', ...by, verb: 'create', resource: 'pods', subresource: 'exec', code: 101 });
  return [created, exec.replace('/pods/tool/exec"', '/pods/tool/exec?command=sh\\u0026container=c\\u0026stdin=true\\u0026tty=true"')];
}

/** An hour of invented names, generated as they are judged, with an attack in the middle. */
export async function flooded({ line }: Flood, names: number): Promise<Measured> {
  const meter = new Meter();
  const state = new MeteredState(new MemoryState(), meter, new RoundTrips());
  const pipeline = new Pipeline(catalogue, { state, findings: new MemoryFindings(), site });
  for (let ago = 5; ago > 0; ago -= 1) {
    const lines = Array.from({ length: 3 }, () => line(-ago, start - ago * day));
    await pipeline.analyse(auditBatch(recordsOf(lines, `before ${String(ago)}`)));
  }
  const before = { ...meter.bill };
  const told = new Map<string, number>();
  const attack = new Set<string>();
  for (const { lines, prefix } of payloads(line, names)) {
    const { findings } = await pipeline.analyse(auditBatch(recordsOf(lines, prefix)));
    for (const { detection, entity } of findings) {
      if (entity.id.includes('intruder') || entity.id.includes('tool')) attack.add(detection);
      else told.set(detection, (told.get(detection) ?? 0) + 1);
    }
  }
  await prepareRecomputation(catalogue, start + day, state, () => Infinity);
  const { items, largest } = state.contents;
  return {
    names,
    items,
    largest,
    writeUnitsPerMinute: (meter.bill.writeUnits - before.writeUnits) / (hour / minute),
    dollars: billed(meter.bill) - billed(before),
    kinds: state.kinds(),
    told,
    attack: [...attack].sort(),
  };
}

/** Bytes on the heap that a process holds after a flood, its tables elsewhere. Needs `--expose-gc`. */
export async function heapAfter({ line }: Flood, names: number): Promise<number> {
  const pipeline = new Pipeline(catalogue, { state: elsewhere, findings: { record: () => Promise.resolve() }, site });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (const { lines, prefix } of payloads(line, names)) await pipeline.analyse(auditBatch(recordsOf(lines, prefix)));
  globalThis.gc?.();
  return process.memoryUsage().heapUsed - before;
}

function* payloads(line: Flood['line'], names: number): Iterable<{ readonly lines: readonly string[]; readonly prefix: string }> {
  const middle = Math.floor(names / 2 / perPayload) * perPayload;
  for (let first = 0; first < names; first += perPayload) {
    const count = Math.min(perPayload, names - first);
    const lines = Array.from({ length: count }, (_, at) => line(first + at, start + Math.floor(((first + at) / names) * hour)));
    yield { lines: first === middle ? [...lines, ...attackLines()] : lines, prefix: String(first) };
  }
}

/** A table that answers writes with what was written, and holds nothing. */
const elsewhere: StateStore = {
  read: () => Promise.resolve(new Map()),
  merge: (merges) =>
    Promise.resolve(
      new Map(
        merges.map(({ key, sets }): [string, StateItem] => [
          key,
          { key, sets: new Map(Object.entries(sets).map(([name, members]) => [name, new Set(members)])) },
        ]),
      ),
    ),
  remove: () => Promise.resolve(),
  put: () => Promise.resolve(),
  putNew: () => Promise.resolve(true),
  list: () => Promise.resolve([]),
  scan: () => {
    throw new Error('nobody scans here');
  },
};
