import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelopeIn, openEnvelope } from '../../shared/intake/envelope.ts';
import { siteOf } from '../../shared/model/site.ts';
import { AuditEvent, AuditReader } from '../../shared/model/audit.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { at, type JsonObject, nestsTooDeep } from '../../shared/model/json.ts';
import { benchmarkAudit } from '../simulation/benchmark.ts';
import { auditLine, escapedRecord, scope } from '../support/records.ts';

/**
 * Envelopes are opened in pieces and bodies are parsed on demand. Both are shortcuts: whatever a line holds, what they
 * show is what parsing everything shows.
 */

const reader = new AuditReader(siteOf());
const read = (record: LogRecord) => reader.read(record, scope);

/** Text that tries to look like the marks the shortcuts rest on, raw and escaped once more. */
const marks = [
  '","timestamp":1,"message":"',
  '"},{"id":"1","timestamp":2,"message":"',
  '"}]}',
  ',"requestObject":{',
  ',"responseObject":{"kind":"Pod"}',
  ',"requestReceivedTimestamp":"2020-01-01T00:00:00Z"',
  ',"spec":{',
  ',"status":{',
  ',"managedFields":[',
  ',"metadata":{',
  ',"labels":{',
  'kube-api-access-4kx2p',
  '~0~',
  ',"sourceIPs":["192.0.2.1"]',
  ',"objectRef":{"resource":"secrets"}',
  ',"responseStatus":{"metadata":{},"code":200}',
  '","verb":"delete',
  '\\',
  '\\"',
  '\\\\',
  '\u2028',
  '\ud800',
];
const trickyText = fc
  .array(fc.oneof(fc.constantFrom(...marks), fc.constantFrom(...marks.map((mark) => JSON.stringify(mark))), fc.string()), { maxLength: 4 })
  .map((parts) => parts.join(''));
const trickyKey = fc.oneof(
  fc.constantFrom(
    ...['requestObject', 'responseObject', 'requestReceivedTimestamp', 'metadata', 'spec', 'status', 'kind', '__proto__', 'message'],
    ...['managedFields', 'user', 'verb', 'sourceIPs', 'objectRef', 'responseStatus', 'annotations'],
  ),
  trickyText,
);
const { tree: trickyValue } = fc.letrec<{ tree: unknown; branch: unknown }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, trickyText, fc.integer(), fc.constant(null), fc.boolean(), tie('branch')),
  branch: fc.oneof(
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.array(fc.tuple(trickyKey, tie('tree')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const generatedName = fc.constantFrom('cart-6db9f-x2x4p', 'cart-6db9f-qq8zl', '1234567', 'kube-api-access-4kx2p', 'kube-api-access-9zzz2');
/** What an object looks like to the shortcuts, also where it stands in another: a client may send any member in a patch. */
const plausible = fc
  .record({
    first: fc.constantFrom({}, { a: 1 }),
    name: trickyText,
    managed: fc.boolean(),
    labels: fc.option(fc.dictionary(trickyText, fc.oneof(trickyText, generatedName)), { nil: undefined }),
    // Few, so that most stand in texts that are alike but for them.
    generated: generatedName,
    between: fc.constantFrom({}, { finalizers: ['a'] }, { labels: { forged: 'b' } }),
    spec: fc.dictionary(trickyText, fc.oneof(fc.nat(), generatedName)),
    inner: fc.boolean(),
  })
  .map(({ first, name, managed, labels, generated, between, spec, inner }) => ({
    ...first,
    kind: 'Pod',
    ...(labels === undefined ? {} : { apiVersion: 'v1' }),
    metadata: {
      name: labels === undefined ? name : generated,
      ...(labels === undefined ? {} : { labels }),
      ...between,
      ...(managed ? { managedFields: [{ manager: 'm', fields: { 'f:spec': {} } }] } : {}),
    },
    ...(inner ? { template: { a: 1, spec: { forged: true }, status: {} } } : { spec, status: {} }),
  }));
const trickyObject = fc.oneof(
  plausible,
  fc.tuple(plausible, plausible).map(([object, forged]): unknown => ({ a: 1, responseObject: forged, ...object })),
  fc.array(fc.tuple(trickyKey, trickyValue), { maxLength: 5 }).map((entries): unknown => Object.fromEntries(entries)),
);

const trickyLine = fc
  .record({
    request: fc.option(trickyObject, { nil: undefined }),
    response: fc.option(trickyObject, { nil: undefined }),
    agent: trickyText,
    name: trickyText,
    who: trickyText,
  })
  .map((parts) => auditLine({ at: 1_773_000_000_000, id: 'an-id', verb: 'create', resource: 'pods', ...parts, ...dropUndefined(parts) }));

function dropUndefined(parts: { readonly request: unknown; readonly response: unknown }): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** What a judge can see of an event. */
function visible(reading: ReturnType<typeof read>): unknown {
  if (!(reading instanceof AuditEvent)) return reading;
  const { key, time, verb, uri, actor, as, target, origin, outcome, code, message, request, response, result, metadata, name, pod } =
    reading;
  // Who manages which field is read by nobody, and may be left out.
  const rest = Object.fromEntries(Object.entries(metadata ?? {}).filter(([field]) => field !== 'managedFields'));
  const { uid, ...addresses } = reportedIn(reading.report);
  const decision = reading.annotation('authorization.k8s.io/decision');
  return {
    key,
    time,
    verb,
    uri,
    actor,
    as,
    target,
    origin,
    outcome,
    code,
    message,
    decision,
    request,
    response,
    result,
    metadata: rest,
    name,
    pod,
    uid,
    addresses,
  };
}

/** What is read of a kubelet's report. */
function reportedIn(report: JsonObject | undefined) {
  const [uid, status] = [at(report, 'metadata', 'uid'), at(report, 'status')];
  return { uid, ...Object.fromEntries(['hostIP', 'podIP', 'podIPs', 'phase'].map((field) => [field, at(status, field)])) };
}

/** The same line with white space between its parts, which hides the marks: it is parsed whole. */
function spaced(line: string): string {
  return JSON.stringify(JSON.parse(line), null, 1);
}

const runs = Number(process.env['LAW_RUNS'] ?? 500);

describe('an event whose bodies are read on demand', () => {
  test('shows what the same event shows when its line is parsed whole', () => {
    fc.assert(
      fc.property(trickyLine, (line) => {
        const whole = visible(read({ id: '1', message: spaced(line) }));
        expect(visible(read({ id: '1', message: line }))).toEqual(whole);
        const escaped = escapedRecord(line);
        expect(visible(read(escaped))).toEqual(whole);
      }),
      { numRuns: runs, seed: 7 },
    );
  });

  test('holds for what a cluster really writes', () => {
    for (const line of benchmarkAudit(3, 2_000)) {
      const whole = visible(read({ id: '1', message: spaced(line) }));
      expect(visible(read(escapedRecord(line)))).toEqual(whole);
    }
  });

  test('shows no body that nests too deep', () => {
    const deep = `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`;
    const line = auditLine({ at: 0, id: 'deep', request: { marker: 1 } }).replace('{"marker":1}', deep);
    const reading = read({ id: '1', message: line });
    expect(nestsTooDeep(line)).toBe(true);
    expect(reading instanceof AuditEvent && reading.request).toBe(undefined);
  });
});

describe('an envelope opened in pieces', () => {
  const event = fc.record({
    id: fc.oneof(fc.stringMatching(/^\d{1,56}$/), trickyText),
    timestamp: fc.nat(),
    message: fc.oneof(trickyLine, trickyText),
  });
  const events = fc
    .tuple(fc.array(event, { maxLength: 5 }), fc.constantFrom({}, { extractedFields: { a: 'b' } }, { more: '"},{"id":"' }, { more: 1 }))
    .map(([some, more]) => some.map((one) => ({ ...one, ...more })));

  test('holds the events that the same envelope holds when it is parsed whole', () => {
    fc.assert(
      fc.property(events, trickyText, (logEvents, group) => {
        const text = JSON.stringify({
          messageType: 'DATA_MESSAGE',
          owner: '1',
          logGroup: group,
          logStream: 's',
          subscriptionFilters: ['f'],
          logEvents,
        });
        const inPieces = openEnvelope(Buffer.from(text));
        const whole = envelopeIn(JSON.parse(text));
        expect(inPieces?.logGroup).toEqual(whole?.logGroup);
        expect(inPieces?.logEvents?.map(plain)).toEqual(whole?.logEvents?.map(plain));
      }),
      { numRuns: runs, seed: 8 },
    );
  });

  test('is refused wherever it is cut', () => {
    const text = JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logGroup: 'g',
      logStream: 's',
      logEvents: [{ id: '1', timestamp: 2, message: auditLine({ at: 0, id: 'x' }) }],
    });
    for (let end = 0; end < text.length; end += 1) expect(openEnvelope(Buffer.from(text.slice(0, end)))?.logEvents).toBe(undefined);
  });
});

function plain(event: unknown): unknown {
  const { id, message, ...rest } = event as { id: string; message: string; ingested?: number; timestamp?: number };
  return { id, time: rest.ingested ?? rest.timestamp, message };
}
