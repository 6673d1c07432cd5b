import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HistoryQuery, line, rendered, stream } from '../../shared/intake/insights-query.ts';
import { exactly } from '../../shared/model/patterns.ts';
import { answerTo } from '../support/insights-language.ts';

const query = (more: Partial<HistoryQuery>): HistoryQuery => ({ name: 'test', where: line('x'), captures: [], oneOfEach: [], ...more });

describe('a question as text', () => {
  it('asks for every line', () => {
    expect(rendered(query({ where: stream('^kube-apiserver-audit-') }))).toBe(
      'filter @logStream like /^kube-apiserver-audit-/\n| fields @timestamp, @message',
    );
  });

  it('asks for the newest of each group', () => {
    const captures = ['"verb":"(?<verb>[a-z]+)"', '"code":(?<code>\\d+)'];
    expect(rendered(query({ captures, oneOfEach: ['verb', 'code'] }))).toBe(
      [
        'filter @message like /x/',
        '| parse @message /"verb":"(?<verb>[a-z]+)"/',
        '| parse @message /"code":(?<code>\\d+)/',
        '| stats latest(@message) as line by verb, code',
      ].join('\n'),
    );
  });

  it('puts brackets where conditions of one kind stand in another', () => {
    const where = { any: [{ all: [line('a'), { not: line('b') }] }, { all: [line('c'), { any: [line('d'), line('e')] }] }, line('f')] };
    expect(rendered(query({ where })).split('\n')[0]).toBe(
      'filter (@message like /a/ and not (@message like /b/)) or (@message like /c/ and (@message like /d/ or @message like /e/)) or @message like /f/',
    );
  });

  it('escapes the slash that would end an expression, once', () => {
    expect(rendered(query({ where: line('"uri":"/api\\/v1"\\\\/') })).split('\n')[0]).toBe(
      'filter @message like /"uri":"\\/api\\/v1"\\\\\\//',
    );
  });

  it('finds a text and nothing else, whatever it holds', () => {
    const odd = fc.string({
      unit: fc.constantFrom('"', '/', '\\', '.', '*', '(', ')', '[', '|', '$', '^', '?', '{', 'a', ' '),
      minLength: 1,
    });
    fc.assert(
      fc.property(odd, odd, (wanted, other) => {
        const lines = [`<${wanted}>`, `<${other}>`].map((message, time) => ({ stream: 's', time, message }));
        const found = answerTo(rendered(query({ where: line(`<${exactly(wanted)}>`) })), lines).map((row) => row['@message']);
        expect(found).toEqual(lines.map(({ message }) => message).filter((message) => message === `<${wanted}>`));
      }),
    );
  });
});
