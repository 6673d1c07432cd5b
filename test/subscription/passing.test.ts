import { basename, dirname, join, relative } from 'node:path';
import { readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { factsOf } from '../../shared/state/entity-graph/facts.ts';
import { AuditEvent, AuditReader } from '../../shared/model/audit.ts';
import { at, object, parseJson } from '../../shared/model/json.ts';
import { siteOf } from '../../shared/model/site.ts';
import { variants } from '../evasion/variants.ts';
import { benchmarkAudit } from '../simulation/benchmark.ts';
import { samplesRoot } from '../support/samples.ts';
import { classesOf, contentOf, forwarded, messagesIn } from './forwarding.ts';

/** What a detection rests on is forwarded, and nobody misses what is not. */

const reader = new AuditReader(siteOf());
const scope = { account: '111122223333', region: 'eu-central-1', cluster: 'quay' };

function eventOf(line: string): AuditEvent | undefined {
  const read = reader.read({ id: 'test', message: line }, scope);
  return read instanceof AuditEvent ? read : undefined;
}

/** What all stages of a request agree in; of a line that cannot be parsed, the line. */
function requestOf(line: string): string {
  const event = object(parseJson(line));
  if (event === undefined) return line;
  return JSON.stringify([
    ...['auditID', 'requestReceivedTimestamp', 'verb', 'requestURI'].map((name) => event[name]),
    at(event, 'user', 'username'),
  ]);
}

/** Lines that are not forwarded although no other line tells of the same request. */
function lostOf(lines: readonly string[]): readonly string[] {
  const told = new Set(lines.filter((line) => forwarded(line) === true).map(requestOf));
  return lines.filter((line) => forwarded(line) !== true && !told.has(requestOf(line)));
}

/** Lines that fire and are not forwarded, each of which its strategy accepts. */
const accepted = ['log-integrity/unreadable-record/fires/line-that-is-no-json.ndjson'];

const isControlPlane = (line: string): boolean => /"audit\.k8s\.io\/|^time=/.test(line);

const firing = readdirSync(samplesRoot, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && basename(entry.parentPath) === 'fires' && !/\.history\.|\.site\.json$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

describe('samples that fire', () => {
  const folders = [...new Set(firing.map((path) => dirname(dirname(dirname(path)))))].sort();

  test.each(folders.map((folder) => [basename(folder), folder]))('of %s are forwarded', (_, folder) => {
    const own = firing.filter((path) => path.startsWith(`${folder}/`));
    const losing = own.filter((path) => lostOf(messagesIn(contentOf(path)).filter(isControlPlane)).length > 0);
    const names = losing.map((path) => relative(samplesRoot, path));
    expect(names).toEqual(accepted.filter((path) => join(samplesRoot, path).startsWith(`${folder}/`)));
  });
});

describe('attacks in all their variants', () => {
  it('are forwarded request by request', () => {
    const lost = variants.filter(({ arrivals }) => lostOf(arrivals.flat().filter(isControlPlane)).length > 0);
    expect(lost.map(({ name }) => name)).toEqual([]);
  });
});

describe('lines of the benchmark that are left out', () => {
  const lines = benchmarkAudit(11, 20_000);
  const stopped = lines.filter((line) => forwarded(line) !== true);
  const of = (id: string): readonly string[] => stopped.filter((line) => classesOf(line).includes(id));

  it('are so without a guess, and are a fifth of all', () => {
    expect(stopped.filter((line) => forwarded(line) === 'unknown')).toEqual([]);
    expect(stopped.length / lines.length).toBeGreaterThan(0.2);
  });

  it('tell the entity graph nothing', () => {
    expect(stopped.flatMap((line) => [eventOf(line)].flatMap((event) => (event === undefined ? [] : factsOf(event))))).toEqual([]);
  });

  it('are of a class each, and every class has some', () => {
    expect(stopped.filter((line) => classesOf(line).length === 0)).toEqual([]);
    for (const id of ['request-received', 'stream-ended', 'leases', 'workload-status']) expect(of(id).length, id).toBeGreaterThan(0);
  });

  it('are no events yet, where nobody has answered', () => {
    expect(of('request-received').filter((line) => eventOf(line) !== undefined)).toEqual([]);
  });

  it('were told before, where a stream ended', () => {
    const started = new Set(lines.filter((line) => forwarded(line) === true).map((line) => eventOf(line)?.identity));
    expect(of('stream-ended').filter((line) => !started.has(eventOf(line)?.identity))).toEqual([]);
  });
});
