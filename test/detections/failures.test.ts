import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { attacks } from '../evasion/attacks.ts';
import { anonymous, developer, from, now, workload } from '../evasion/cast.ts';
import { execForms } from '../evasion/forms-exec.ts';
import { storiesOf } from '../evasion/records.ts';
import { get } from '../evasion/requests.ts';
import { day } from '../simulation/clock.ts';
import { type Json, type JsonObject, serialise } from '../simulation/go-json.ts';
import { serviceAccount } from '../simulation/identity.ts';
import { Random } from '../simulation/random.ts';
import { core } from '../simulation/target.ts';
import { auditBatch, auditLine } from '../support/records.ts';
import { findingsIn, outcomeOf, podForm, privileged, recordsOf, told } from './staging.ts';

/** Ways in which analysis of logs is known to fail: records that are lost, told twice, or hide others. */

const noon = Date.parse('2026-03-11T12:00:00Z');
const minute = 60_000;

/** Entries into containers, all within one millisecond and some alike but for their id; every third comes ten minutes late. */
const burst: readonly LogRecord[] = Array.from({ length: 60 }, (_, at) => ({
  id: `log event ${String(at)}`,
  message: auditLine({
    at: noon,
    id: `request-${String(at)}`,
    resource: 'pods',
    subresource: 'exec',
    namespace: `team-${String(at % 20)}`,
    name: 'api-0',
    code: 101,
  }),
  ingested: noon + (at % 3 === 0 ? 10 * minute : 1_000),
}));

const pipeline = (): Pipeline => new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site: siteOf() });

async function entriesIn(payloads: readonly (readonly LogRecord[])[]): Promise<string[]> {
  const analysed = pipeline();
  const ids: string[] = [];
  for (const payload of payloads) {
    const { findings, faults, rejects } = await analysed.analyse(auditBatch(payload));
    expect([...faults, ...rejects]).toEqual([]);
    ids.push(...findings.filter(({ detection }) => detection === 'exec-into-pod').map(({ id }) => id));
  }
  return ids.sort();
}

describe('delivery', () => {
  test('events of one millisecond, out of order and late, are each analysed once', async () => {
    const expected = await entriesIn([burst]);
    expect(new Set(expected).size).toBe(burst.length);
    const order = fc.shuffledSubarray([...burst], { minLength: burst.length });
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 1, max: 17 }), async (records, size) => {
        const payloads = Array.from({ length: Math.ceil(records.length / size) }, (_, at) => records.slice(at * size, (at + 1) * size));
        expect(await entriesIn(payloads)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  test('what is delivered again, at once or long after, is not told again', async () => {
    const expected = await entriesIn([burst]);
    const again = burst.map((record) => ({ ...record, id: `${record.id} again` }));
    expect(await entriesIn([[...burst, ...again]])).toEqual(expected);
    expect([...new Set(await entriesIn([burst, again, burst, again]))]).toEqual(expected);
    expect([...new Set(await entriesIn([burst.slice(0, 7), burst, again.slice(50)]))].sort()).toEqual(expected);
  });
});

describe('size', () => {
  const records = recordsOf(podForm(privileged, 'Pod create').asks);
  const [record = {}] = records;

  /** The record with more containers before the guilty one. */
  function crowded(count: number, other: Json): JsonObject {
    const others = Array.from({ length: count }, () => other);
    const body = (value: Json | undefined): Json => {
      const object = value as { readonly spec: { readonly containers: readonly Json[] } };
      return { ...object, spec: { ...object.spec, containers: [...others, ...object.spec.containers] } };
    };
    return { ...record, requestObject: body(record['requestObject']), responseObject: body(record['responseObject']) };
  }

  test.each([
    ['a request as long as a log event can be', 15_000, { name: 'c', image: 'alpine' }],
    ['a hundred thousand containers before the guilty one', 100_000, {}],
  ])('%s is analysed whole', async (_, count, other) => {
    const long = crowded(count, other);
    // What is longer than a megabyte CloudWatch does not take.
    expect(serialise(long).length).toBeGreaterThan(600_000);
    expect(serialise(long).length).toBeLessThan(1_048_576);
    expect(told(await findingsIn([long]))).toContain('privileged-container high');
  });

  test('a request that was cut is told, wherever it was cut, and what stands before the cut is analysed', async () => {
    const [form] = execForms({ does: 'exec', script: 'cat /etc/shadow' });
    const [entry = {}] = recordsOf(form?.asks ?? []);
    const line = serialise(entry);
    const behindHead = line.indexOf('"requestReceivedTimestamp"');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: line.length }), async (end) => {
        const { findings, faults } = await outcomeOf([[...[serialise(record)], `${line.slice(0, end)}[Truncated...]`]]);
        expect(faults).toEqual([]);
        const found = told(findings);
        expect(found.join()).toMatch(/(?:truncated|unreadable)-record/);
        // Others in the payload are judged all the same.
        expect(found).toContain('privileged-container high');
        if (end >= behindHead) expect(found.join()).toContain('exec-reads-credentials');
      }),
      { numRuns: 60, examples: [[0], [1], [behindHead], [line.length]] },
    );
  });

  test('a record that nests too deep, or a line that is too long, stops nobody else', async () => {
    const deep = `${'['.repeat(64_000)}${']'.repeat(64_000)}`;
    const nested = serialise({ ...record, requestObject: 0 }).replace('"requestObject":0', `"requestObject":${deep}`);
    const long = serialise({ ...record, requestURI: `/api/v1/namespaces/shop/pods?x=${'y'.repeat(3_000_000)}`, verb: 'get' });
    for (const line of [nested, long, 'x'.repeat(3_000_000), '']) {
      const { findings, faults } = await outcomeOf([[serialise(record), line, ...recordsOf([execAsk]).map(serialise)]]);
      expect(faults).toEqual([]);
      expect(told(findings)).toEqual(expect.arrayContaining(['exec-into-pod low', 'privileged-container high']));
    }
  });
});

const execAsk = { verb: 'get', target: core('pods', 'shop', 'api-0', 'exec'), query: 'command=id&container=api', code: 101 };

describe('odd shapes', () => {
  const [plain = {}] = recordsOf(podForm({ ...privileged, beside: true }, 'Deployment create').asks);

  /** The record with odd members among the containers and odd fields in the first one. */
  function odd(members: readonly Json[], context: Json, status: Json): JsonObject {
    const body = (value: Json | undefined): Json => {
      const object = structuredClone(value) as { spec: { template: { spec: { containers: JsonObject[]; initContainers?: Json } } } };
      const { spec } = object.spec.template;
      const [first = {}, ...others] = spec.containers;
      spec.containers = [...(members as JsonObject[]), { ...first, securityContext: context }, ...(members as JsonObject[]), ...others];
      spec.initContainers = context;
      return object;
    };
    const status_ = typeof status === 'object' && status !== null && 'code' in status ? null : status;
    return {
      ...plain,
      responseStatus: status_,
      requestObject: body(plain['requestObject']),
      responseObject: body(plain['responseObject']),
    };
  }

  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

  test('nothing beside a guilty container hides it, and nothing makes a detection fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json, { maxLength: 4 }), json, json, async (members, context, status) => {
        const { findings, faults } = await outcomeOf([[serialise(odd(members, context, status))]]);
        expect(faults).toEqual([]);
        expect(told(findings)).toContain('privileged-container high');
      }),
      { numRuns: 80, examples: [[[null], null, null]] },
    );
  });

  test('no shape of any field makes a detection fail or hides the record behind it', async () => {
    const lists = catalogue.flatMap(({ detection }) => ('source' in detection && detection.source === 'audit' ? [detection.id] : []));
    expect(lists.length).toBeGreaterThan(50);
    const bases = ['grant-to-anonymous', 'wildcard-role', 'privileged-container', 'shadow-read', 'webhook-outside'].flatMap((id) => {
      const attack = attacks.find((each) => each.id === id);
      return attack === undefined ? [] : (storiesOf(attack, new Random(id))[0]?.attack ?? []);
    });
    expect(bases.length).toBeGreaterThan(3);
    const mutation = fc.tuple(fc.constantFrom(...bases), fc.nat(), json);
    await fc.assert(
      fc.asyncProperty(mutation, async ([base, place, value]) => {
        const paths = pathsOf(base);
        const changed = withAt(base, paths[place % paths.length] ?? [], value);
        const { findings, faults } = await outcomeOf([[serialise(plain), serialise(changed), ...recordsOf([execAsk]).map(serialise)]]);
        expect(faults).toEqual([]);
        expect(told(findings)).toContain('exec-into-pod low');
      }),
      { numRuns: 150 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: Json | undefined, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) => pathsOf(member as Json, [...path, Array.isArray(value) ? Number(key) : key])),
  ].filter(({ length }) => length > 0);
}

function withAt(value: Json | undefined, [key, ...rest]: Path, replacement: Json): Json {
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return (value as Json[]).map((member, at) => (at === key ? withAt(member, rest, replacement) : member));
  const object = (value ?? {}) as JsonObject;
  return { ...object, [key]: withAt(object[key], rest, replacement) };
}

describe('where a request came from', () => {
  const forwarded = fc.array(fc.constantFrom('10.0.0.9', '127.0.0.1', '::1', '10.0.31.112', '198.51.100.7', 'unknown', ''), {
    minLength: 1,
    maxLength: 5,
  });

  test.each([
    ['an anonymous caller', from(anonymous, '203.0.113.66', 'ELB-HealthChecker/2.0'), 'anonymous-request-allowed'],
    ['a workload on the internet', from(workload, '203.0.113.66', 'kube-probe/1.33'), 'workload-identity-from-internet'],
    ['a reader of Secrets', from(developer, '203.0.113.66'), 'secret-read-from-new-network'],
  ])('addresses that the client wrote down hide nothing about %s', async (_, caller, detection) => {
    const secret = get(core('secrets', 'shop', 'db'));
    const learnt = [8, 7, 6, 5, 4, 3, 2, 1].flatMap((ago) =>
      [workload, developer].flatMap((by) => recordsOf([secret], { by, at: now - ago * day })),
    );
    const [record = {}] = recordsOf([secret], { by: caller });
    const plain = await findingsIn([record], { learnt });
    expect(plain.map((finding) => finding.detection)).toContain(detection);
    await fc.assert(
      fc.asyncProperty(forwarded, async (before) => {
        const changed = await findingsIn([{ ...record, sourceIPs: [...before, '203.0.113.66'] }], { learnt });
        expect(changed.map(({ id, severity }) => `${id} ${severity}`)).toEqual(plain.map(({ id, severity }) => `${id} ${severity}`));
      }),
      { numRuns: 15 },
    );
  });
});

describe('workloads', () => {
  test('the author of a template is found, and the controller that copies it is not told again', async () => {
    const by = serviceAccount({ namespace: 'kube-system', name: 'replicaset-controller', address: '10.0.200.17', agent: 'kcm' });
    const template = recordsOf(podForm(privileged, 'Deployment create').asks);
    const ownerReferences: Json = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'api-6f9d8c7b54', uid: '1', controller: true }];
    const copies = podForm({ ...privileged, name: 'api-6f9d8c7b54-kq2xm', metadata: { ownerReferences } }, 'Pod create').asks;
    const findings = await findingsIn([...template, ...recordsOf(copies, { by })]);
    const told = findings.filter(({ detection }) => detection === 'privileged-container');
    expect(told.map(({ entity, summary }) => [entity.name, summary.includes('ShopDeveloper')])).toEqual([['shop/deployment/api', true]]);
  });
});

describe('the log itself', () => {
  test('switching the audit log off is found by the call that does it', async () => {
    const attack = attacks.find(({ id }) => id === 'audit-log-switched-off');
    const [story] = attack === undefined ? [] : storiesOf(attack, new Random('off'));
    expect(told(await findingsIn(story?.attack ?? [])).join()).toMatch(/audit-logging-switched-off (?:high|critical)/);
  });
});
