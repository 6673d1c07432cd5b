import { describe, expect, it } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { audit, seenSet, snapshot } from '../../shared/detect/kit.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { at, object, text } from '../../shared/model/json.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { auditBatch, auditLine, recordsOf, type Request } from '../support/records.ts';
import { deadReadsOf, illicitReadsOf, unmetNeedsOf } from './declared.ts';
import { type AuditReader, Recorder } from './recorder.ts';

const words = { title: 'A test', severity: 'low', confidence: 'low', attack: ['T1610'], rows: [], next: 'Look.' } as const;

const now = Date.parse('2026-03-12T03:00:00Z');
const thing = { kind: 'Secret', metadata: { name: 'db' }, data: { password: 'c2VjcmV0' } };

/** Would need what EKS never logs: the contents of a Secret that was read. */
const secretContents = audit.detection({
  ...words,
  id: 'secret-contents',
  reads: { verbs: ['get'], resources: ['secrets'] },
  judge: (event) => {
    const password = text(at(event.response, 'data', 'password'));
    return password === undefined ? undefined : { entity: event.actor, summary: password };
  },
});

async function watch(detection: AuditReader, request: Partial<Request>): Promise<{ recorder: Recorder; findings: readonly Finding[] }> {
  const recorder = new Recorder(detection);
  const pipeline = new Pipeline([{ strategy: 'test', detection: recorder.detection }], {
    state: new MemoryState(),
    findings: new MemoryFindings(),
    site: siteOf(),
  });
  const { findings } = await pipeline.analyse(auditBatch(recordsOf([auditLine({ at: now, id: 'a', ...request })])), 'live');
  return { recorder, findings };
}

/** What was read, with its reader. */
function read(recorder: Recorder): string[] {
  return recorder.readings().flatMap(({ fields }) => [...fields.values()].flatMap((paths) => [...paths].map((pair) => pair.join(' by '))));
}

describe('a detection that reads what EKS never logs', () => {
  it('is refused on the sample that makes it fire', async () => {
    const { recorder, findings } = await watch(secretContents, { response: thing });
    expect(findings).toHaveLength(1);
    expect(illicitReadsOf(secretContents, recorder.readings())).toContain(
      'get secrets default/thing by arn:aws:sts::111122223333:assumed-role/reader/session-1: judge of secret-contents reads ' +
        'responseObject.data.password: responseObject needs level RequestResponse, and EKS logs this at level Metadata',
    );
  });

  it('is refused for what it asks of what it declares to read, whether the sample has it or not', async () => {
    for (const request of [{ response: thing }, {}]) {
      const { recorder } = await watch(secretContents, request);
      expect(unmetNeedsOf(secretContents, recorder.readings())).toEqual([
        'judge of secret-contents asks for responseObject, and EKS logs none of what the detection declares to read (get secrets at Metadata)',
      ]);
    }
  });

  it('may look for a name', async () => {
    const named = audit.detection({
      ...words,
      id: 'named',
      reads: { verbs: ['get'], resources: ['secrets'] },
      judge: (event) => ({ entity: event.actor, summary: event.name }),
    });
    const { recorder } = await watch(named, { name: '' });
    expect(unmetNeedsOf(named, recorder.readings())).toEqual([]);
  });

  it('never fires on what EKS does log', async () => {
    const { recorder, findings } = await watch(secretContents, {});
    expect(findings).toEqual([]);
    expect(read(recorder)).toEqual([]);
  });

  it('is refused where EKS logs nothing at all, or no such verb exists', () => {
    const reads = ['delete events', 'replace pods', 'get nodes', '* *', 'get ', 'delete ciliumnetworkpolicies'];
    expect(deadReadsOf({ id: 'some', reads })).toEqual([
      'some reads "replace pods": the API server has no such verb; there are get, list, watch, create, update, patch, delete, deletecollection',
    ]);
    expect(deadReadsOf({ id: 'some', reads: ['watch bindings'] })).toEqual([]);
  });
});

describe('a recorder', () => {
  const spec = { containers: [{ name: 'app', image: 'nginx' }], nodeName: 'n' };
  const bodies = {
    verb: 'create',
    resource: 'pods',
    request: { spec: { nodeName: 'n' } },
    response: { kind: 'Pod', metadata: { uid: 'u' }, spec },
  };
  const judging = (judge: (event: AuditEvent) => unknown): AuditReader =>
    audit.detection({
      ...words,
      id: 'some',
      reads: { verbs: ['create'], resources: ['pods'] },
      judge: (event) => ({ entity: event.actor, summary: JSON.stringify(judge(event) ?? null) }),
    });

  it.each<[string, (event: AuditEvent) => unknown, string[]]>([
    ['request', ({ request }) => at(request, 'spec', 'nodeName'), ['requestObject by judge', 'requestObject.spec.nodeName by judge']],
    ['result', ({ result }) => result?.['kind'], ['responseObject.kind by judge', 'responseObject by judge']],
    ['metadata', ({ metadata }) => metadata?.['uid'], ['responseObject.metadata.uid by judge', 'responseObject.metadata by judge']],
    ['pod', ({ pod }) => pod?.containers[0]?.image, ['responseObject.spec.containers.0.image by judge']],
    ['mayMention', (event) => event.mayMention('uid'), ['requestObject by judge']],
    ['what is absent', ({ request }) => at(request, 'spec', 'hostPID'), ['requestObject by judge']],
    ['what is no body', ({ name, uri, command, actor }) => [name, uri, command, actor.id], []],
  ])('notes reads of %s', async (_, judge, expected) => {
    const { recorder, findings } = await watch(judging(judge), bodies);
    expect(findings).toHaveLength(1);
    expect(read(recorder)).toEqual(expect.arrayContaining(expected));
    expect(read(recorder).length > 0).toBe(expected.length > 0);
  });

  it('changes nothing of what a detection sees', async () => {
    const judge = (event: AuditEvent): unknown => [event.request, event.response, event.pod, event.key, Object.keys(event.result ?? {})];
    const { findings } = await watch(judging(judge), bodies);
    const pipeline = new Pipeline([{ strategy: 'test', detection: judging(judge) }], {
      state: new MemoryState(),
      findings: new MemoryFindings(),
      site: siteOf(),
    });
    const unwatched = await pipeline.analyse(auditBatch(recordsOf([auditLine({ at: now, id: 'a', ...bodies })])), 'live');
    expect(findings).toEqual(unwatched.findings);
  });

  it('tells who reads: when, memory and judge', async () => {
    const { recorder } = await watch(
      audit.detection({
        ...words,
        id: 'some',
        reads: { verbs: ['create'], resources: ['pods'] },
        when: ({ request }) => request?.['spec'] !== undefined,
        memory: {
          seen: seenSet<AuditEvent>({
            id: 'seen',
            key: ({ request }) => [text(at(request, 'spec', 'nodeName')) ?? ''],
            member: ({ response }) => text(response?.['kind']) ?? '',
            days: 1,
            warmUpDays: 0,
          }),
          past: snapshot<AuditEvent>({ id: 'past', key: () => [], value: ({ response }) => object(at(response, 'metadata')) }),
        },
        judge: (event) => ({ entity: event.actor, summary: text(at(event.response, 'metadata', 'uid')) ?? '' }),
      }),
      bodies,
    );
    expect(read(recorder)).toEqual(
      expect.arrayContaining([
        'requestObject by when',
        'requestObject.spec.nodeName by key of memory seen',
        'responseObject.kind by member of memory seen',
      ]),
    );
  });

  it('watches what a threshold counts', async () => {
    const { recorder, findings } = await watch(
      audit.threshold({
        ...words,
        id: 'some',
        reads: { verbs: ['create'], resources: ['pods'] },
        count: {
          by: (event: AuditEvent) => [text(at(event.request, 'spec', 'nodeName')) ?? ''],
          member: (event) => text(event.response?.['kind']) ?? '',
          minutes: 5,
        },
        limit: { ceiling: 1 },
        judge: (event) => ({ entity: event.actor, summary: '' }),
      }),
      bodies,
    );
    expect(findings).toHaveLength(1);
    expect(read(recorder)).toEqual(
      expect.arrayContaining(['requestObject.spec.nodeName by count.by', 'responseObject.kind by count.member']),
    );
  });
});
