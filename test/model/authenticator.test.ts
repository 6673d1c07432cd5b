import { describe, expect, it } from 'vitest';
import { type AuthenticatorEvent, normaliseAuthenticator } from '../../shared/model/authenticator.ts';
import { parseLogfmt } from '../../shared/model/logfmt.ts';
import { cpuTime } from '../support/cpu.ts';

const scope = { cluster: 'harbour', account: '111122223333', region: 'eu-central-1' };
const read = (message: string, id = 'event-1') => normaliseAuthenticator({ id, message, ingested: 1_000 }, scope);
const event = (message: string, id?: string): AuthenticatorEvent => {
  const reading = read(message, id);
  if ('source' in reading) return reading;
  throw new Error(`no event: ${JSON.stringify(reading)}`);
};

const denied =
  'time="2026-03-02T09:00:00Z" level=warning msg="access denied" arn="arn:aws:iam::444455556666:role/path/stranger" client="127.0.0.1:51326" ' +
  'error="ARN is not mapped: arn:aws:iam::444455556666:role/stranger" method=POST path=/authenticate';

describe('a line of key=value pairs', () => {
  it('is read with bare and quoted values, and with the escapes of Go', () => {
    const pairs = parseLogfmt(String.raw`a=1 b="two words" c= d="q\"q \\ \n \x41\u00e9\a" e-f.g=x/y:z`);
    expect([...(pairs ?? [])]).toEqual([
      ['a', '1'],
      ['b', 'two words'],
      ['c', ''],
      ['d', 'q"q \\ \n Aé\u0007'],
      ['e-f.g', 'x/y:z'],
    ]);
  });

  it('holds no pairs that somebody wrote into a value, nor a second word on what was said', () => {
    const pairs = parseLogfmt(String.raw`msg="access denied" error="x\" msg=\"access granted\" arn=\"me" msg="access granted" __proto__=1`);
    expect(pairs?.get('msg')).toBe('access denied');
    expect(pairs?.has('arn')).toBe(false);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it.each(['', '   ', 'no pairs', 'a="open', 'a=1  b=2', 'a="1"b=2', '="x"', 'I0302 09:00:00 1 main.go:1] x=1', '{"a":1}'])(
    'is not %j',
    (line) => {
      expect(parseLogfmt(line)).toBeUndefined();
    },
  );

  it('is read in linear time, whatever it is', () => {
    for (const line of [`a="${'\\"'.repeat(500_000)}`, `a="${'x'.repeat(1_000_000)}`, 'a=1 '.repeat(250_000)]) {
      expect(cpuTime(() => parseLogfmt(line))).toBeLessThan(2_000);
    }
  });
});

describe('an answer of the authenticator', () => {
  it('that denies a principal nobody mapped says so', () => {
    expect(event(denied)).toMatchObject({
      source: 'authenticator',
      outcome: 'denied',
      unmapped: true,
      time: Date.parse('2026-03-02T09:00:00Z'),
      arn: 'arn:aws:iam::444455556666:role/path/stranger',
      client: '127.0.0.1:51326',
      recordId: 'event-1',
      actor: { type: 'iam', account: '444455556666', principal: 'arn:aws:iam::444455556666:role/path/stranger', name: 'stranger' },
    });
  });

  it('names the role of a session as audit events do', () => {
    const { actor } = event(
      denied.replaceAll('arn:aws:iam::444455556666:role/path/stranger', 'arn:aws:sts::444455556666:assumed-role/stranger/me'),
    );
    expect(actor).toMatchObject({
      id: 'arn:aws:iam::444455556666:role/stranger/me',
      principal: 'arn:aws:iam::444455556666:role/stranger',
      session: 'me',
      account: '444455556666',
    });
  });

  it('that grants is no denial, and one about a token that STS refused names nobody', () => {
    expect(
      event('time="2026-03-02T09:00:00Z" level=info msg="access granted" arn="arn:aws:iam::111122223333:role/r" username=admin'),
    ).toMatchObject({
      outcome: 'granted',
      unmapped: false,
      actor: { username: 'admin' },
    });
    const refused = event(
      'time="2026-03-02T09:00:00Z" level=warning msg="access denied" client="127.0.0.1:1" error="sts getCallerIdentity failed"',
    );
    expect(refused).toMatchObject({ outcome: 'denied', unmapped: false, arn: '' });
    expect(refused.actor.account).toBeUndefined();
  });

  it('is the same however it is delivered, and another in another cluster', () => {
    expect(event(denied, 'file:7').key).toBe(event(denied).key);
    const elsewhere = normaliseAuthenticator({ id: 'event-1', message: denied }, { ...scope, cluster: 'other' });
    expect('source' in elsewhere && elsewhere.key).not.toBe(event(denied).key);
  });

  it('has the time of its delivery where its own is none', () => {
    expect(event(denied.replace('2026-03-02T09:00:00Z', 'yesterday')).time).toBe(1_000);
  });

  it.each([
    ['I0302 09:00:00.000000 1 reflector.go:1] watch closed', 'other-event'],
    ['time="2026-03-02T09:00:00Z" level=info msg="STS response" arn="arn:aws:iam::111122223333:role/r"', 'other-event'],
    ['time="2026-03-02T09:00:00Z" level=warning msg="access denied', 'bad-logfmt'],
  ])('is not in %j', (line, reason) => {
    const reading = read(line);
    expect('skip' in reading ? reading.skip : 'reject' in reading && reading.reject).toBe(reason);
  });
});
