import fc from 'fast-check';
import { alertMessage } from '../../shared/alert/message.ts';
import { type PublishedAlert, publishedAlert } from '../../shared/alert/published.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { alertOf, findingNamed } from './findings.ts';

/** The JSON that is published of an alert, with fields replaced. */
export function publishedJson(fields: Readonly<Record<string, unknown>> = {}, finding: Partial<Finding> = {}): Record<string, unknown> {
  const { body } = alertMessage(alertOf(findingNamed('x', finding)), 'first seen');
  return { ...(JSON.parse(body) as Record<string, unknown>), ...fields };
}

/** An alert as a channel gets it. */
export function publishedWith(fields: Readonly<Record<string, unknown>> = {}, finding: Partial<Finding> = {}): PublishedAlert {
  const alert = publishedAlert(publishedJson(fields, finding));
  if (alert === undefined) throw new Error('this is no alert');
  return alert;
}

/** Every field that a published alert may have. */
export const everything = {
  telling: 1,
  who: { kind: 'identity', name: 'dana', principal: 'arn:aws:iam::111122223333:role/reader', session: 'dana', address: '203.0.113.9' },
  where: { namespace: 'shop', workload: 'deployment cart', pod: 'cart-1', node: 'ip-10-0-4-17', object: 'secret db' },
  unknowns: ['What was typed in the shell.'],
  steps: [
    { phase: 'verify', text: 'Ask dana.', commands: ['kubectl get pod cart-1 -n shop -o yaml'] },
    { phase: 'verify', text: 'Look at the pod.', commands: ['kubectl describe pod cart-1 -n shop'] },
    {
      phase: 'contain',
      text: 'Isolate the pod.',
      commands: ['kubectl label pod cart-1 quarantine=true -n shop'],
      caveat: 'Policies only add.',
    },
    { phase: 'investigate', text: 'Read what it did.', commands: ['aws logs start-query --limit 100 && true'] },
    { phase: 'revoke', text: 'Remove the access entry.', commands: ['aws eks delete-access-entry --cluster-name harbour'] },
  ],
  links: [
    { label: 'Logs of the pod', url: 'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1&x=1#logsV2:q~(a*b)' },
    { label: 'elsewhere', url: 'https://evil.example/' },
  ],
  incident: { id: 'i-1', parts: 3 },
  timeline: [
    {
      time: '2026-03-02T11:00:00Z',
      detection: 'd',
      title: 'Exec',
      severity: 'medium',
      tactics: ['execution'],
      source: 'audit',
      summary: 'entered',
      alert: 'a',
    },
  ],
  blind: [{ source: 'flow', from: '2026-03-02T10:00:00Z', until: '2026-03-02T11:00:00Z', why: 'no flow logs' }],
  closings: [{ verdict: 'benign', who: 'dana', why: 'a test', at: '2026-03-01T00:00:00Z' }],
} as const;

/** What an adversary writes to be believed, to be overlooked, or to wake everybody. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '<!channel>',
    '<!here|all>',
    '<@U024BE7LH>',
    '@channel',
    '<!subteam^S1>',
    '<https://evil.example|https://aws.amazon.com>',
    'https://evil.example',
    'https://eu-central-1.console.aws.amazon.com@evil.example/',
    'https://eu-central-1.console.aws.amazon.com/>|<!channel>',
    '[text](https://evil.example)',
    '&lt;!channel&gt;',
    '*bold* _it_ ~no~ `code`',
    '```',
    '\u202egpj.exe',
    '\ud800',
    '\uffff',
    'x'.repeat(9_000),
    '&'.repeat(3_500),
  ),
  fc
    .array(fc.constantFrom('<', '>', '&', '&amp;', '|', '\n', '\u0007', '😀', '\udc00', 'a'), { maxLength: 400 })
    .map((parts) => parts.join('')),
);

/** Published alerts in which anything may be hostile, of another type, or absent. */
export const hostileAlerts = fc
  .record(
    {
      ...Object.fromEntries(
        ['id', 'detection', 'severity', 'confidence', 'state', 'reason', 'cluster', 'account', 'region', 'firstSeen', 'next'].map(
          (name) => [name, hostile] as const,
        ),
      ),
      title: hostile,
      summary: hostile,
      lastSeen: fc.oneof(hostile, fc.constant('2026-03-02T12:00:00.000Z'), fc.constant('+275760-09-13T00:00:00.000Z')),
      telling: fc.oneof(fc.nat(), hostile),
      count: fc.oneof(fc.double(), hostile),
      entity: fc.oneof(fc.record({ kind: hostile, name: hostile }), hostile),
      who: fc.oneof(fc.dictionary(fc.constantFrom('kind', 'name', 'principal', 'session', '__proto__'), hostile), hostile),
      where: fc.dictionary(fc.constantFrom('namespace', 'workload', 'pod', 'node', 'object'), hostile),
      attack: fc.array(fc.oneof(fc.constantFrom('T1610', 'T1078.004', '__proto__', 'toString'), hostile), { maxLength: 5 }),
      baseline: fc.dictionary(hostile, fc.oneof(hostile, fc.integer()), { maxKeys: 5 }),
      evidence: fc.array(fc.oneof(fc.record({ time: hostile, note: hostile, eventId: hostile }), hostile), { maxLength: 20 }),
      steps: fc.array(
        fc.oneof(
          fc.record({
            phase: fc.oneof(fc.constantFrom('verify', 'contain'), hostile),
            text: hostile,
            commands: fc.array(hostile, { maxLength: 4 }),
            caveat: hostile,
          }),
          hostile,
        ),
        { maxLength: 12 },
      ),
      links: fc.array(
        fc.record({
          label: hostile,
          url: fc.oneof(
            hostile,
            hostile.map((tail) => `https://eu-central-1.console.aws.amazon.com/${tail}`),
          ),
        }),
        {
          maxLength: 8,
        },
      ),
      unknowns: fc.array(hostile, { maxLength: 20 }),
      incident: fc.oneof(fc.record({ id: hostile, parts: fc.oneof(fc.nat(), hostile) }), hostile),
      timeline: fc.array(
        fc.oneof(fc.record({ time: hostile, title: hostile, severity: hostile, source: hostile, summary: hostile }), hostile),
        { maxLength: 30 },
      ),
      blind: fc.array(fc.record({ source: hostile, from: hostile, until: hostile, why: hostile }), { maxLength: 5 }),
      closings: fc.array(fc.record({ verdict: hostile, who: hostile, why: hostile, at: hostile }), { maxLength: 2 }),
      text: fc.array(hostile, { maxLength: 10 }),
    },
    { requiredKeys: ['title', 'summary'] },
  )
  .map((fields) => publishedAlert(fields) as PublishedAlert);

/** All texts in a value, names of fields included. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [...(Array.isArray(value) ? [] : [name]), ...textsIn(member)]);
}
