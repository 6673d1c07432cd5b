import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { at, list, number, parseJson, text } from '../../shared/model/json.ts';
import type { Line } from './wiring.ts';

/** A stretch of the shipped scenario. */
interface Stretch {
  readonly from: string;
  readonly until: string;
}

const home = new URL('../../events/scenarios/intrusion/', import.meta.url);
const unpacked = (name: string): string => gunzipSync(readFileSync(fileURLToPath(new URL(name, home)))).toString('utf8');

/** Audit lines of a stretch, as the API server wrote them. */
export function auditLines(stretch: Stretch): readonly Line[] {
  return unpacked('audit.ndjson.gz')
    .split('\n')
    .flatMap((payload) => list(at(parseJson(payload), 'logEvents')))
    .map((event) => ({ at: number(at(event, 'timestamp')) ?? 0, text: text(at(event, 'message')) ?? '' }))
    .filter(within(stretch));
}

/** Flow records of a stretch; the stack's own flow logs have the same fields in the same order. */
export function flowLines(stretch: Stretch): readonly Line[] {
  const [header = '', ...records] = unpacked('flow.log.gz').trimEnd().split('\n');
  const end = header.split(' ').indexOf('end');
  return records.map((record) => ({ at: Number(record.split(' ')[end]) * 1_000, text: record })).filter(within(stretch));
}

/** API calls as EventBridge delivers them. */
export function apiEvents(): readonly unknown[] {
  return eventsIn(new URL('api.ndjson', home));
}

/** Calls of a node's role, of which it is looked up where it belongs. */
export function stolenRole(): readonly unknown[] {
  return eventsIn(
    new URL('../../events/samples/stolen-credentials/node-role-from-new-network/fires/for-something-new.ndjson', import.meta.url),
  );
}

/** What Falco reports of a container that was entered. */
export function signalLines(): readonly Line[] {
  return falcoLines('external-falco-alert/fires/binary-dropped');
}

/** What it reports an hour later. */
export function laterSignals(): readonly Line[] {
  return falcoLines('external-falco-alert/fires/on-the-node-itself');
}

function falcoLines(sample: string): readonly Line[] {
  const events = eventsIn(new URL(`../../events/samples/external-signals/${sample}.ndjson`, import.meta.url));
  return events.map((event) => ({ at: Date.parse(text(at(event, 'time')) ?? ''), text: JSON.stringify(event) }));
}

function eventsIn(file: URL): readonly unknown[] {
  return readFileSync(fileURLToPath(file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => parseJson(line));
}

/** Lines as a subscription would batch them. */
export function batchesOf(lines: readonly Line[], most = 500): readonly (readonly Line[])[] {
  return Array.from({ length: Math.ceil(lines.length / most) }, (_, index) => lines.slice(index * most, (index + 1) * most));
}

function within({ from, until }: Stretch): (line: Line) => boolean {
  const [first, end] = [Date.parse(from), Date.parse(until)];
  return ({ at: time }) => time >= first && time < end;
}
