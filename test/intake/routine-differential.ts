import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { benchmarkAudit } from '../simulation/benchmark.ts';
import { Random } from '../simulation/random.ts';
import { escapedRecord, scope } from '../support/records.ts';

/** How much to compare. */
interface Extent {
  readonly seed: number;
  readonly lines: number;
  readonly mutants: number;
}

const site = siteOf({
  networks: { vpc: ['10.0.0.0/8'] },
  identities: [{ who: 'system:serviceaccount:argocd:*', duty: 'deployer', until: '2026-03-10T06:00:00Z' }],
});

/**
 * Two pipelines read the same lines, of which one puts routines aside and the other reads everything. Throws where
 * findings or state differ, with the batch after which they do.
 */
export async function compare(
  { seed, lines, mutants }: Extent,
  detections: readonly Registered<Detection>[] = catalogue,
): Promise<{ lines: number; aside: number; mutants: number; found: number }> {
  const random = new Random(`routine/${String(seed)}`);
  const history = benchmarkAudit(seed, lines);
  const [quick, thorough] = [new Twin(detections), new Twin(detections)];
  // What the second pipeline is not told of, it never puts aside.
  thorough.pipeline['sorter'].noteRoutines = () => undefined;
  thorough.pipeline['engine']['idle'].askedOf = (_, all) => all;
  let aside = 0;
  let made = 0;
  const batches = Math.ceil(lines / batchSize);
  for (let batch = 0; batch < batches; batch += 1) {
    const own = history.slice(batch * batchSize, (batch + 1) * batchSize);
    // After a while there are routines to imitate.
    const share = batch < batches / 3 ? 0 : Math.min(mutants - made, Math.ceil((mutants * 1.5) / batches));
    const foreign = Array.from({ length: share }, () => mutated(random, renamed(random, random.pick(own)), random.pick(own)));
    made += share;
    const records = random.shuffled([...own, ...foreign]).map((line, at) => recordOf(line, `${String(batch)}/${String(at)}`, random));
    aside += await quick.read(records);
    await thorough.read(records);
    const [one, other] = [quick.seen(), thorough.seen()];
    if (one !== other) throw new Error(`seed ${String(seed)}, batch ${String(batch)}: ${firstDifference(one, other)}`);
  }
  return { lines, aside, mutants: made, found: thorough.count };
}

const batchSize = 100;

class Twin {
  readonly state = new MemoryState();
  private readonly findings = new MemoryFindings();
  readonly pipeline: Pipeline;
  count = 0;
  private found: string[] = [];

  constructor(detections: readonly Registered<Detection>[]) {
    this.pipeline = new Pipeline(detections, { state: this.state, findings: this.findings, site });
  }

  async read(records: readonly LogRecord[]): Promise<number> {
    const { fates, findings } = await this.pipeline.analyse({ log: 'audit', scope, place: 'a place', records, rejects: [], skipped: {} });
    this.count += findings.length;
    this.found.push(...findings.map(({ id, severity, summary }) => `${id} ${severity} ${summary}`).sort());
    return fates.skipped.routine ?? 0;
  }

  /** What was found since it was asked last, and all that is remembered. */
  seen(): string {
    const found = this.found;
    this.found = [];
    return [...found, ...[...this.state.dump()].map((entry) => JSON.stringify(entry)).sort()].join('\n');
  }
}

/** As a subscription delivers a line, or as a file holds it. */
function recordOf(line: string, id: string, random: Random): LogRecord {
  return random.chance(0.8) ? escapedRecord(line, id, ingested) : { id, message: line, ingested };
}

const ingested = Date.parse('2026-03-10T00:20:00Z');

/** Texts that matter to somebody, to be found where they do not belong. */
const morsels = [
  ...['dryRun=All', '\\u0026', '\\', '"', '\\"', '{}', '",', '},', 'null', '\u2028', 'é'],
  ...['"impersonatedUser":{"username":"system:admin","groups":["system:masters"]},', ',"objectRef":{"resource":"secrets"}'],
  ...[',"responseStatus":{"metadata":{},"code":200}', ',"requestReceivedTimestamp":"2026-03-10T00:00:00.000000Z"'],
  ...['"podIP":"10.0.0.9"', 'Succeeded', '"authorization.k8s.io/decision":"forbid"', 'pod-security.kubernetes.io/audit-violations'],
  ...['kube-system', 'secrets', 'system:masters', 'delete', '403', '2026-03-11', 'RequestReceived', 'Panic'],
];

/** The same by another request: two lines of one request are judged once, and which of them is not the question here. */
function renamed(random: Random, line: string): string {
  return line.replace(/"auditID":"[^"]*"/, `"auditID":"${random.uuid()}"`);
}

const names = ['kube-system', 'default', 'shop', 'aws-auth', 'coredns', 'secrets', 'log', 'exec', 'token', 'pods', 'apps', '', 'a\\u0026b'];
const fields = ['namespace', 'name', 'resource', 'apiGroup', 'subresource'];
const queries = [
  'dryRun=All',
  'watch=true',
  'dryRun=All\\u0026fieldManager=kubectl',
  'fieldSelector=a%3Db',
  'a=\\\\',
  'limit=500',
  'a=b","verb":"get","x":"y',
  '"',
];
const annotations = ['pod-security.kubernetes.io/audit-violations', 'pod-security.kubernetes.io/exempt', 'k8s.io/deprecated'];

/** A line that is nearly another. */
function mutated(random: Random, line: string, other: string): string {
  const at = random.int(0, line.length - 1);
  const to = Math.min(line.length, at + random.int(1, 40));
  switch (random.int(0, 10)) {
    case 0:
      return line.slice(0, at) + random.pick(morsels) + line.slice(at);
    case 1:
      return line.slice(0, at) + random.pick(morsels) + line.slice(to);
    case 2:
      return line.slice(0, at) + line.slice(to);
    case 3:
      return line.slice(0, at) + String.fromCharCode(random.int(32, 126)) + line.slice(at + 1);
    case 4:
      return withPartOf(line, other, random.pick(parts));
    case 5:
      return line.slice(0, at) + line.slice(at, to) + line.slice(at);
    case 6:
      return withPartOf(line, withDigits(random, line), random.pick(parts));
    case 7:
      return withName(line, random.pick(fields), random.pick(names));
    case 8:
      return line.replace(/"verb":"[^"]*"/, `"verb":"${random.pick(['deletecollection', 'get', 'list', 'watch', 'patch'])}"`);
    case 9:
      return line.replace(/"requestURI":"([^"?]*)[^"]*"/, (_, path) => `"requestURI":"${String(path)}?${random.pick(queries)}"`);
    default:
      return line.replace(
        /"annotations":\{("[^"]*":"[^"]*")/,
        (_, first) => `"annotations":{${String(first)},"${random.pick(annotations)}":"yes"`,
      );
  }
}

const parts = [
  '"level":',
  '"auditID":',
  '"stage":',
  '"requestURI":',
  '"verb":',
  '"user":',
  '"sourceIPs":',
  '"userAgent":',
  '"objectRef":',
].concat(['"responseStatus":', '"requestObject":', '"requestReceivedTimestamp":', '"stageTimestamp":', '"annotations":']);

function withName(line: string, field: string, name: string): string {
  return line.replace(new RegExp(`("objectRef":\\{[^}]*"${field}":")[^"]*`), (_, before) => `${String(before)}${name}`);
}

/** A line with one member as another has it. */
function withPartOf(line: string, other: string, name: string): string {
  const [from, to] = memberOf(line, name);
  const [otherFrom, otherTo] = memberOf(other, name);
  return from < 0 || otherFrom < 0 ? line : line.slice(0, from) + other.slice(otherFrom, otherTo) + line.slice(to);
}

/** From a name to the next one: not always the whole of a member, which is as well. */
function memberOf(line: string, name: string): [number, number] {
  const from = line.indexOf(name);
  const ends = parts.map((next) => line.indexOf(next, from + 1)).filter((end) => end > from);
  return [from, ends.length === 0 ? line.length - 1 : Math.min(...ends)];
}

function withDigits(random: Random, line: string): string {
  return line.replace(/\d/g, (digit) => (random.chance(0.05) ? String(random.int(0, 9)) : digit));
}

function firstDifference(one: string, other: string): string {
  const [ours, theirs] = [new Set(one.split('\n')), new Set(other.split('\n'))];
  const missing = [...theirs].filter((entry) => !ours.has(entry)).slice(0, 3);
  const added = [...ours].filter((entry) => !theirs.has(entry)).slice(0, 3);
  return `missing ${missing.join(' | ').slice(0, 1_500)}\nadded ${added.join(' | ').slice(0, 1_500)}`;
}
