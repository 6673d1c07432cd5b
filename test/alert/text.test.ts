import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, shortened } from '../../shared/alert/escape.ts';
import { alertText } from '../../shared/alert/text.ts';
import { wrapped } from '../../shared/alert/wrap.ts';
import { alertWith, findingWith, three } from '../support/alerts.ts';

const page = { width: 100, colour: false };

describe('an alert as a person reads it at three in the morning', () => {
  it('says what, who, where, when, what was normal, how sure, on what evidence, which technique, what next, and where more is', () => {
    expect(alertText(alertWith({ count: 3, firstSeen: three - 3_600_000 }), page)).toBe(
      [
        'HIGH  Kubernetes Secret read from a network new to the reader: reader (dana), in harbour',
        '  what      reader (dana) read secrets from 203.0.113.0/24, not used by it in 30 days.',
        '  who       identity reader (dana)',
        '  where     cluster harbour, account 111122223333, eu-central-1',
        '  when      since 2026-03-02 02:00:00 UTC, last 2026-03-02 03:00:00 UTC, 3 times; confidence medium',
        '  normal    2 networks known; days watched 30',
        '  evidence  2026-03-02 03:00:00 UTC reader (dana) from 203.0.113.9: get',
        '            /api/v1/namespaces/shop/secrets/db [audit-1]',
        '  ATT&CK    T1552.007 Container API, T1078.004 Cloud Accounts',
        '  next      Ask dana whether this was them.',
        '  contain   Close the cluster to the role: delete its access entry.',
        '            $ aws eks delete-access-entry --region eu-central-1 --cluster-name harbour \\',
        '                --principal-arn arn:aws:iam::111122223333:role/reader',
        '  revoke    End the sessions of role reader that were issued until now.',
        '  more      shared/detections/secret-access/ADS.md, detection secret-read-from-new-network, alert',
        '            aaaaaaaaaaaaaaaa',
      ].join('\n'),
    );
  });

  it('tells an incident step by step, and of many steps the gravest', () => {
    const step = { detection: 'exec-into-pod', tactics: ['execution'], source: 'audit', summary: 'Seen.' };
    const timeline = Array.from({ length: 20 }, (_, index) => ({
      ...step,
      time: three + index * 60_000,
      title: `step ${String(index)}`,
      severity: index % 2 === 0 ? ('high' as const) : ('low' as const),
      alert: String(index),
    }));
    const stepsIn = (full: boolean): string[] =>
      alertText(alertWith({ timeline }), { ...page, full })
        .split('\n')
        .filter((line) => /: step |more in/.test(line));
    const short = stepsIn(false);
    expect(short[0]).toBe('  timeline  2026-03-02 03:00:00 UTC high: step 0');
    expect(short.filter((line) => line.includes('high'))).toHaveLength(10);
    expect(short.at(-1)).toBe('            and 5 more in the JSON form');
    expect(stepsIn(true)).toHaveLength(20);
    expect(stepsIn(true)[1]).toBe('            2026-03-02 03:01:00 UTC low: step 1: Seen.');
  });

  it('shows the newest evidence first, and how much more there is', () => {
    const evidence = Array.from({ length: 8 }, (_, index) => ({
      time: three + index * 1_000,
      eventId: `id-${String(index)}`,
      note: `note ${String(index)}`,
    }));
    const lines = alertText(alertWith({ speaker: findingWith({ evidence }) }), { ...page, full: true })
      .split('\n')
      .filter((line) => /note|more in/.test(line));
    expect(lines.map((line) => /note \d|and \d more/.exec(line)?.[0])).toEqual([
      'note 7',
      'note 6',
      'note 5',
      'note 4',
      'note 3',
      'and 3 more',
    ]);
  });

  it('names the human behind a session, the key, the address, whom they act as, and the place', () => {
    const who = {
      kind: 'iam',
      name: 'AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864 (dana)',
      principal: 'arn:aws:iam::111122223333:role/AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864',
      session: 'dana',
      accessKey: 'ASIAEXAMPLEEXAMPLE00',
      address: '203.0.113.9',
      as: 'shop-lead',
    } as const;
    const text = alertText(alertWith({ speaker: findingWith({ who, where: { namespace: 'shop', pod: 'api-0' } }) }), page);
    const words = text.replace(/\s+/g, ' ');
    expect(words).toContain('to the reader: dana (ShopDeveloper), in harbour/shop what');
    expect(words).toContain(
      'who dana, a session of ShopDeveloper (role AWSReservedSSO_ShopDeveloper_5d0c91b2a7e3f864 of IAM Identity Center), acting as shop-lead, access key ASIAEXAMPLEEXAMPLE00, from 203.0.113.9 where pod api-0, namespace shop, cluster harbour,',
    );
  });

  it('in full has every step with its commands, links and what no log tells', () => {
    const text = alertText(alertWith(), { ...page, full: true });
    for (const label of ['verify', 'contain', 'look', 'revoke', 'cause', 'report', 'links', 'unknown'])
      expect(text).toContain(`\n  ${label.padEnd(10)}`);
    expect(text).toContain('Mind: ');
  });

  it('says what is not known instead of leaving a gap', () => {
    const text = alertText(alertWith({ speaker: findingWith({ cluster: '', account: '', region: '', time: 0 }) }), page);
    expect(text).toContain('  where     unknown');
    expect(text).toContain('  when      an unknown time, once');
  });

  it('colours the severity on a terminal, and nothing else', () => {
    const text = alertText(alertWith({ severity: 'critical' }), { width: 100, colour: true });
    const escape = String.fromCharCode(27);
    expect(text.startsWith(`${escape}[1;97;41mCRITICAL${escape}[0m  `)).toBe(true);
    expect(text.split(escape)).toHaveLength(3);
  });

  it('tells who silenced a suppressed alert', () => {
    expect(alertText(alertWith({ state: 'suppressed', silencedBy: 'dana: planned, until 2026-04-01' }), page)).toContain(
      '  silenced  dana: planned',
    );
  });
});

const hostile = 'x\u001b[31m\u001b]0;title\u0007\r\n\u202egnp.exe\u2066\u200b\u00ad\u3164\ufeff\u{e0041}\u2028\ud800\u0085y';

describe('text that an attacker wrote', () => {
  it('is spelt out where it would move, hide or colour anything', () => {
    expect(printable(hostile)).toBe(
      'x\\u{1b}[31m\\u{1b}]0;title\\u{7}\\u{d}\\u{a}\\u{202e}gnp.exe\\u{2066}\\u{200b}\\u{ad}\\u{3164}\\u{feff}\\u{e0041}\\u{2028}\\u{d800}\\u{85}y',
    );
  });

  it('stays as it is where it is merely foreign', () => {
    for (const text of ['größe', '東京', 'مرحبا', '🦀', 'a b', "O'Brien <x@y>"]) expect(printable(text)).toBe(text);
  });

  it('cannot pile marks over the lines around it', () => {
    expect(printable(`a${'\u0301'.repeat(100)}`)).toBe(`a${'\u0301'.repeat(4)}`);
  });

  it('reaches no field of an alert unescaped, and starts no line of its own', () => {
    const speaker = findingWith({
      title: hostile,
      summary: hostile,
      cluster: hostile,
      account: hostile,
      region: hostile,
      entity: { kind: 'pod', id: hostile, name: hostile },
      baseline: { [hostile]: hostile },
      evidence: [{ time: three, eventId: hostile, record: hostile, note: hostile }],
    });
    const text = alertText(alertWith({ speaker, silencedBy: hostile }), page);
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(
      text
        .split('\n')
        .slice(1)
        .every((line) => line.startsWith('  ')),
    ).toBe(true);
  });

  it('whatever it is, nothing deceptive is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('text has sensible widths', () => {
  it('lines break at spaces, and long words anywhere', () => {
    expect(wrapped('one two three four five six', 20, 2)).toBe('  one two three four\n  five six');
    expect(
      wrapped('a'.repeat(45), 20, 0)
        .split('\n')
        .map((line) => line.length),
    ).toEqual([20, 20, 5]);
  });

  it('no line of an alert is wider than the page, however long a name is', () => {
    const speaker = findingWith({ entity: { kind: 'pod', id: '', name: 'n'.repeat(5_000) }, summary: 'word '.repeat(500) });
    expect(
      alertText(alertWith({ speaker }), { width: 80, colour: false })
        .split('\n')
        .every((line) => line.length <= 80),
    ).toBe(true);
  });

  it('what is shortened says so and splits no character', () => {
    expect(shortened('abcdef', 6)).toBe('abcdef');
    expect(shortened('abcdefg', 6)).toBe('abcde…');
    expect(shortened('abcd🦀efg', 6)).toBe('abcd…');
  });
});
