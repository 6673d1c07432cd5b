import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sorter } from '../../shared/intake/sorting.ts';
import { commandLine, auditdLine, keysOf, untrusted } from '../../shared/model/auditd-line.ts';
import type { SignalEvent } from '../../shared/model/signal.ts';
import { actorNamed, nodeNamed } from '../../shared/model/signal.ts';
import { readAuditd, readFalco } from '../../shared/model/normalise.ts';
import { siteOf } from '../../shared/model/site.ts';
import { scope } from '../support/records.ts';

/** What others report is read as evidence: their words, never graver than they say, and bounded whatever they write. */

const place = '/nodes/falco:ip-10-0-1-23.falco';
const time = '2026-03-10T02:41:00.123456789Z';
const alert = { hostname: 'ip-10-0-1-23', output: 'a shell', priority: 'Warning', rule: 'Terminal shell', source: 'syscall', time };
const inPod = { 'k8s.ns.name': 'payments', 'k8s.pod.name': 'ledger-0', 'proc.cmdline': 'bash' };

function falco(value: unknown, ingested?: number) {
  const message = typeof value === 'string' ? value : JSON.stringify(value);
  const [reading] = readFalco([{ id: '1', message, ...(ingested === undefined ? {} : { ingested }) }], scope, place);
  return reading as SignalEvent & { readonly skip?: string; readonly reject?: string };
}

function auditd(lines: readonly string[], keys: readonly string[] = ['plimsoll']) {
  const records = lines.map((message, at) => ({ id: String(at), message }));
  return readAuditd(records, keys, scope, '/nodes/audit:i-0123456789abcdef0') as (SignalEvent & {
    readonly skip?: string;
    readonly reject?: string;
  })[];
}

describe('a Falco alert', () => {
  it('names its pod, its node and its command', () => {
    expect(falco({ ...alert, output_fields: inPod })).toMatchObject({
      system: 'falco',
      type: 'Terminal shell',
      entity: { kind: 'pod', id: 'harbour/payments/ledger-0' },
      named: { pods: ['payments/ledger-0'], nodes: ['ip-10-0-1-23.eu-central-1.compute.internal'], identities: [] },
      command: 'bash',
      time: Date.parse('2026-03-10T02:41:00.123Z'),
    });
  });

  it('of its audit plugin names the caller as the audit log has him', () => {
    const output_fields = {
      'ka.user.name': 'arn:aws:sts::111122223333:assumed-role/ops/alex',
      'ka.target.resource': 'pods',
      'ka.target.name': 'x',
      'ka.target.namespace': 'shop',
    };
    expect(falco({ ...alert, output_fields })).toMatchObject({
      entity: { kind: 'identity', id: 'arn:aws:iam::111122223333:role/ops/alex' },
      named: { pods: ['shop/x'], identities: ['arn:aws:iam::111122223333:role/ops/alex'] },
    });
  });

  it.each([
    ['Emergency', 'high'],
    ['ALERT', 'high'],
    ['Critical', 'high'],
    ['Error', 'medium'],
    ['Warning', 'medium'],
    ['Notice', 'low'],
  ])('of priority %s is %s, and never critical: whoever owns the node can write it', (priority, severity) => {
    expect(falco({ ...alert, priority }).severity).toBe(severity);
  });

  it.each(['Informational', 'Debug'])('of priority %s is counted and put aside', (priority) => {
    expect(falco({ ...alert, priority })).toEqual({ skip: 'signal-below-notice' });
  });

  it('is read out of whatever ships it', () => {
    const line = JSON.stringify(alert);
    for (const value of [
      line,
      `${time} stdout F ${line}`,
      { log: `${line}\n` },
      { log: `${time} stderr F ${line}` },
      { message: line },
      { MESSAGE: line },
      { log_processed: alert },
      { log: alert },
    ])
      expect(falco(value).type).toBe('Terminal shell');
    const unnamed = { ...alert, hostname: undefined };
    expect(
      falco({ log: JSON.stringify(unnamed), kubernetes: { host: 'node-a', pod_name: 'falco-x', namespace_name: 'falco' } }),
    ).toMatchObject({
      entity: { kind: 'node', id: 'node-a' },
      named: { pods: [] },
    });
    expect(falco(unnamed).entity.id).toBe('ip-10-0-1-23.eu-central-1.compute.internal');
  });

  it('has the time it came where its own is a day off or none', () => {
    const came = Date.parse('2026-03-12T00:00:00Z');
    expect(falco(alert, came).time).toBe(came);
    expect(falco({ ...alert, time: 7 }, came).time).toBe(came);
    expect(falco({ ...alert, time: 'soon' }).reject).toBe('not-a-signal');
  });

  it('that is cut or has odd types is rejected, and what Falco says of itself is skipped', () => {
    expect(falco('{"hostname":"a","rule":"Term').reject).toBe('bad-json');
    expect(falco({ log: '{"rule":"Term' }).reject).toBe('bad-json');
    for (const odd of [
      { rule: 7 },
      { rule: null },
      { rule: '' },
      { priority: ['Critical'] },
      { priority: '__proto__' },
      { priority: 'constructor' },
    ])
      expect(falco({ ...alert, ...odd }).reject).toBe('not-a-signal');
    expect(falco('Falco initialized').skip).toBe('other-event');
    expect(falco({ level: 'info' }).skip).toBe('other-event');
    expect(falco(`{"rule":${'['.repeat(40_000)}${']'.repeat(40_000)}}`).reject).toBe('nested-too-deep');
    for (const fields of [
      null,
      7,
      [],
      'x',
      { 'k8s.pod.name': 7 },
      { 'k8s.pod.name': '<NA>' },
      JSON.parse('{"__proto__":{"k8s.pod.name":"x"}}') as object,
    ])
      expect(falco({ ...alert, output_fields: fields }).entity.kind).toBe('node');
  });

  it('is something, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            rule: fc.anything(),
            priority: fc.anything(),
            time: fc.anything(),
            output: fc.anything(),
            output_fields: fc.anything(),
            log: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (value) => {
          const { reject, skip, entity } = falco(JSON.stringify(value));
          expect(reject ?? skip ?? entity.kind).toMatch(/^[a-z-]+$/);
        },
      ),
    );
  });
});

const stamp = 'msg=audit(1773110460.123:77):';

describe('a line of auditd', () => {
  it('has fields, quoted, in hexadecimal, or none', () => {
    const line = auditdLine(`node=a type=EXECVE ${stamp} argc=4 a0="sh" a1=2D6320782079 a2[0]="lo" a2[1]="ng" a3=(null)`);
    expect(line).toMatchObject({ node: 'a', type: 'EXECVE', time: 1_773_110_460_123, serial: '1773110460.123:77' });
    expect(commandLine(line ?? expect.fail())).toBe('sh -c x y long ');
    expect(untrusted('ABC')).toBe('ABC');
    expect(untrusted('E282AC')).toBe('€');
    expect(untrusted('FFFE')).toBe('\uFFFD\uFFFD');
    expect(keysOf(auditdLine(`type=SYSCALL ${stamp} key=610162`) ?? expect.fail())).toEqual(['a', 'b']);
  });

  it('is bounded: arguments without end are cut, and names such as __proto__ are names', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `a${String(at)}="word"`).join(' ');
    expect(commandLine(auditdLine(`type=EXECVE ${stamp} ${many}`) ?? expect.fail()).length).toBeLessThanOrEqual(8_192);
    expect(auditdLine(`type=SYSCALL ${stamp} __proto__="x" constructor=1`)?.fields.get('__proto__')).toBe('"x"');
  });

  it('tells by itself, and more with the others of its event, in whatever order', () => {
    const lines = [
      `type=PROCTITLE ${stamp} proctitle=7669002F6574632F78`,
      `type=SYSCALL ${stamp} auid=1000 exe="/usr/bin/vi" key="plimsoll-high-x"`,
      `type=PATH ${stamp} name="/etc/x"`,
    ];
    const together = auditd(lines);
    expect(together.map(({ skip }) => skip)).toEqual(['other-event', undefined, 'other-event']);
    expect(together[1]).toMatchObject({ type: 'key plimsoll-high-x', severity: 'high', title: 'vi /etc/x, for the login of user 1000' });
    const [alone] = auditd(lines.slice(1, 2));
    expect(alone).toMatchObject({ key: together[1]?.key, title: '/usr/bin/vi, for the login of user 1000' });
    expect(auditd(lines.toReversed())[1]?.title).toBe(together[1]?.title);
  });

  it('with a key is told where the operator marked it so', () => {
    const line = `type=SYSCALL ${stamp} exe="/bin/x" key="identity"`;
    expect(auditd([line])[0]?.skip).toBe('other-event');
    expect(auditd([line], [''])[0]).toMatchObject({ type: 'key identity', severity: 'medium' });
    expect(auditd([line], [])[0]?.skip).toBe('other-event');
    expect(auditd([line.replace('identity', 'plimsoll-critical')])[0]?.severity).toBe('medium');
  });

  it('of another machine with the same serial number is another event', () => {
    const [of, other] = auditd([`node=a type=EXECVE ${stamp} argc=1 a0="id"`, `node=b type=EXECVE ${stamp} argc=1 a0="id"`]);
    expect(of?.key).not.toBe(other?.key);
    expect([of?.entity.id, other?.entity.id]).toEqual(['a', 'b']);
    expect(auditd([`type=EXECVE ${stamp} argc=1 a0="id"`])[0]?.entity.id).toBe('i-0123456789abcdef0');
  });

  it('on changes of auditing tells what weakens it, and refused attempts as low', () => {
    const severity = (fields: string) => auditd([`type=CONFIG_CHANGE ${stamp} ${fields}`])[0]?.severity;
    expect(severity('op=set audit_enabled=0 old=1 res=1')).toBe('high');
    expect(severity('op=set audit_enabled=0 old=1 res=0')).toBe('low');
    expect(severity('op=remove_rule key="x" list=4 res=1')).toBe('medium');
    expect(severity('op="remove rule" key="x" list=4 res=1')).toBe('medium');
    expect(severity('op=add_rule key="x" list=4 res=1')).toBeUndefined();
  });

  it('that is broken is rejected, and what is none is skipped', () => {
    expect(auditd(['type=EXECVE msg=audit(x): a0="id"'])[0]?.reject).toBe('not-a-signal');
    expect(auditd(['Mar 10 auditd started'])[0]?.skip).toBe('other-event');
    expect(auditd(['{"log":"type=EXECVE'])[0]?.reject).toBe('bad-json');
  });

  it('is something, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('EXECVE', 'SYSCALL', 'CONFIG_CHANGE', 'ANOM_X', 'PROCTITLE'),
        (rest, type) => {
          expect(auditd([`type=${type} ${stamp} ${rest}`, rest])).toHaveLength(2);
        },
      ),
    );
  });
});

describe('names', () => {
  it('are those of the cluster and of the audit log', () => {
    expect(nodeNamed('ip-10-0-1-2', 'us-east-1')).toBe('ip-10-0-1-2.ec2.internal');
    expect(nodeNamed('ip-10-0-1-2.example.internal', 'eu-central-1')).toBe('ip-10-0-1-2.example.internal');
    expect(actorNamed('system:serviceaccount:shop:cart')).toBe('system:serviceaccount:shop:cart');
  });
});

describe('a flood', () => {
  const hourly = 3_600_000;
  const start = Date.parse('2026-03-10T02:00:00Z');
  const sort = (sorter: Sorter, values: readonly object[], ingested = start) =>
    sorter.sort({
      log: 'falco',
      scope,
      place,
      records: values.map((value, at) => ({ id: String(at), message: JSON.stringify(value), ingested })),
      rejects: [],
      skipped: {},
    }).events as readonly SignalEvent[];
  const rules = (count: number, prefix = 'r') =>
    Array.from({ length: count }, (_, at) => ({ ...alert, time: '2026-03-10T02:00:00Z', rule: `${prefix}${String(at)}` }));

  it('of invented names is told as one beyond the bound, however it is cut, and every line is an event', () => {
    const sorter = new Sorter(siteOf());
    const events = [rules(150), rules(150, 's'), rules(10_000, 't')].flatMap((each) => sort(sorter, each));
    expect(events).toHaveLength(10_300);
    expect(new Set(events.map(({ entity, type, flooding }) => (flooding === true ? entity.id : `${entity.id} ${type}`))).size).toBe(201);
    expect(events.filter(({ flooding }) => flooding === true).every(({ named }) => named.pods.length + named.nodes.length === 0)).toBe(
      true,
    );
  });

  it('leaves alone what was known, and ends with the hour; an hour that is over does not come again', () => {
    const sorter = new Sorter(siteOf());
    sort(sorter, rules(201));
    expect(sort(sorter, [{ ...alert, rule: 'r7', output: 'again' }])[0]?.flooding).toBeUndefined();
    expect(sort(sorter, [{ ...alert, rule: 'early' }], start - 5 * hourly)[0]?.flooding).toBe(true);
    expect(sort(sorter, [{ ...alert, rule: 'next' }], start + hourly)[0]?.flooding).toBeUndefined();
  });
});
